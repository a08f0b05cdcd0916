import type { Canvas, Point } from './cover-canvas.ts';
import type { Scene } from './cover-scenes.ts';
import { box, cloud, dome, glints, oval, path, ridge, sun } from './cover-shapes.ts';

export const skyline: Scene = (canvas, _phase, roll) => {
  canvas.gradient(0, 675, [0x2f3768, 0xa8577e, 0xf6a56b, 0xfbd79a]);
  sun(canvas, 640, 235, 76, 0xffe1a1);
  const rows = [
    [0x7d5480, 0.25, 300, 150],
    [0x4d3a66, 0.55, 250, 170],
    [0x272347, 0.9, 140, 200],
  ] as const;
  rows.forEach(([wall, lit, heightMin, heightMore], row) => {
    for (let x = -20; x < 1200; ) {
      const width = 60 + roll() * 70;
      const height = heightMin + roll() * heightMore;
      canvas.fill(box(x, 675 - height, width, height), wall);
      if (roll() > 0.7) canvas.fill(box(x + width / 2 - 2, 675 - height - 46, 4, 46), wall);
      if (row > 0) windows(canvas, x, 675 - height, width, lit, roll);
      x += width + (row === 2 ? roll() * 40 : 4);
    }
  });
};

function windows(canvas: Canvas, x: number, top: number, width: number, lit: number, roll: () => number): void {
  for (let y = top + 16; y < 650; y += 26) {
    for (let dx = 12; dx < width - 18; dx += 20) {
      if (roll() < 0.42) canvas.fill(box(x + dx, y, 9, 12), 0xffd98a, lit);
    }
  }
}

export const night: Scene = (canvas, phase, roll) => {
  canvas.gradient(0, 675, [0x0b1437, 0x1d2f63, 0x51629a]);
  for (let i = 0; i < 130; i++) {
    canvas.fill(box(roll() * 1200, roll() * 430, 1.6 + roll() * 2, 1.6 + roll() * 2), 0xffffff, 0.4 + roll() * 0.6);
  }
  sun(canvas, 900, 160, 56, 0xf6f0d8);
  canvas.fill(oval(884, 148, 12), 0xdcd4b8);
  canvas.fill(oval(918, 178, 8), 0xdcd4b8);
  canvas.fill(ridge(470, 44, phase, 1.3), 0x33477d);
  canvas.fill(path(0, 675, 0, 640, 150, 560, 300, 505, 460, 560, 640, 640, 700, 675), 0x1b2a57);
  canvas.fill(box(244, 450, 116, 72), 0xaeb9d6);
  canvas.fill(dome(302, 450, 66), 0xd9e0f0);
  canvas.fill(path(304, 386, 324, 386, 330, 450, 298, 450), 0x1b2a57);
  canvas.fill(box(292, 484, 20, 38), 0xffd98a);
  canvas.fill(ridge(610, 26, phase + 3, 1.1), 0x111d42);
};

export const sea: Scene = (canvas) => {
  canvas.gradient(0, 390, [0x27527f, 0xd97b66, 0xfcc36f]);
  sun(canvas, 560, 380, 92, 0xfff0b5);
  cloud(canvas, 250, 230, 130, 0xf7d2b0, 0.35);
  cloud(canvas, 960, 180, 170, 0xf7d2b0, 0.3);
  canvas.gradient(390, 675, [0xe39a63, 0x4d7591, 0x173a5c]);
  glints(canvas, 560, 390, 150, 0xffe9ad);
  ship(canvas, 880, 420);
  [0x2d5c80, 0x1f4a6e, 0x143656].forEach((blue, i) => {
    canvas.fill(ridge(560 + i * 42, 7, i * 2, 5 - i), blue, 0.75);
  });
};

function ship(canvas: Canvas, x: number, y: number): void {
  canvas.fill(oval(x, y + 24, 150, 6), 0x173a5c, 0.35);
  canvas.fill(path(x - 140, y - 14, x + 150, y - 14, x + 122, y + 22, x - 120, y + 22), 0x1c2f4a);
  canvas.fill(box(x - 96, y - 42, 180, 28), 0xf4efe2);
  canvas.fill(box(x - 66, y - 66, 116, 24), 0xe6ddc8);
  canvas.fill(box(x - 20, y - 100, 26, 34), 0xc8553d);
  for (let i = 0; i < 9; i++) canvas.fill(oval(x - 82 + i * 19, y - 28, 5), 0x2a4d6e);
}

export const stadium: Scene = (canvas) => {
  canvas.gradient(0, 380, [0x0f2138, 0x24476a, 0x4f7f98]);
  canvas.fill(path(120, 96, 220, 96, 700, 420, 160, 420), 0xf8f4d0, 0.1);
  canvas.fill(path(1080, 96, 980, 96, 500, 420, 1040, 420), 0xf8f4d0, 0.1);
  canvas.fill(path(0, 270, 300, 316, 900, 316, 1200, 270, 1200, 420, 0, 420), 0x2b3550);
  for (let tier = 0; tier < 5; tier++) {
    const y = 286 + tier * 22;
    const tint = [0xd1495b, 0xedae49, 0x66a182, 0x2e86ab, 0xc9d6df][tier] ?? 0;
    const sag = 40 - tier * 8;
    canvas.fill(
      path(0, y, 300, y + sag, 900, y + sag, 1200, y, 1200, y + 11, 900, y + sag + 11, 300, y + sag + 11, 0, y + 11),
      tint,
      0.8,
    );
  }
  canvas.gradient(404, 675, [0x3c8f55, 0x57b567]);
  for (let i = -8; i < 8; i += 2) {
    canvas.fill(
      path(600 + i * 90, 404, 600 + (i + 1) * 90, 404, 600 + (i + 1) * 210, 675, 600 + i * 210, 675),
      0x2f7d4b,
      0.55,
    );
  }
  canvas.fill(box(0, 400, 1200, 8), 0xf3f1e6);
  canvas.fill(path(556, 470, 644, 470, 690, 640, 510, 640), 0xd9c48f);
  for (const x of [588, 600, 612]) canvas.fill(box(x - 2, 452, 4, 34), 0xfff8e0);
  for (const x of [170, 1030]) {
    canvas.fill(box(x - 5, 110, 10, 220), 0x8fa3b5);
    canvas.fill(box(x - 66, 60, 132, 60), 0x3a4a60);
    for (let i = 0; i < 10; i++) canvas.fill(oval(x - 50 + (i % 5) * 25, 76 + Math.floor(i / 5) * 28, 9), 0xfffbe0);
  }
};

export const village: Scene = (canvas, phase) => {
  canvas.gradient(0, 520, [0x6a4c7d, 0xe07a5f, 0xf8c980]);
  sun(canvas, 420, 360, 84, 0xffe6a6);
  canvas.fill(ridge(470, 22, phase, 1.7), 0xb0615a);
  canvas.fill(ridge(512, 14, phase + 2, 1.1), 0x7a4a52);
  palm(canvas, 210, 560, 250);
  palm(canvas, 1010, 560, 300);
  palm(canvas, 1090, 570, 220);
  hut(canvas, 640, 560, 1);
  hut(canvas, 850, 575, 0.75);
  canvas.fill(ridge(575, 9, phase + 4, 0.8), 0x3a2638);
};

function hut(canvas: Canvas, x: number, y: number, size: number): void {
  canvas.fill(box(x - 90 * size, y - 92 * size, 180 * size, 120 * size), 0x6b4038);
  canvas.fill(box(x - 20 * size, y - 62 * size, 40 * size, 90 * size), 0xffcf7d);
  canvas.fill(box(x + 44 * size, y - 58 * size, 26 * size, 26 * size), 0xffcf7d);
  const roof: Point[] = [
    [-132, -74],
    [-52, -164],
    [52, -164],
    [132, -74],
  ];
  canvas.fill(
    roof.map(([dx, dy]): Point => [x + dx * size, y + dy * size]),
    0x3f2733,
  );
}

function palm(canvas: Canvas, x: number, y: number, height: number): void {
  const top = y - height;
  canvas.fill(path(x - 9, y + 30, x + 9, y + 30, x + 17, top, x + 9, top), 0x33202f);
  for (let leaf = 0; leaf < 9; leaf++) {
    const angle = Math.PI + (leaf / 8) * Math.PI;
    const [along, up] = [Math.cos(angle), Math.sin(angle)];
    const droop = (share: number, breadth: number): Point => [
      x + 13 + along * 96 * share - up * breadth,
      top + up * 74 * share + along * breadth + 44 * share * share * Math.abs(along),
    ];
    canvas.fill([droop(0, 0), droop(0.4, 7), droop(1, 0), droop(0.4, -7)], 0x33202f);
  }
}

export const bridge: Scene = (canvas, phase) => {
  canvas.gradient(0, 430, [0x5fa3c7, 0xb8dde2, 0xfbe9cf]);
  sun(canvas, 1000, 150, 50, 0xfff3c4);
  cloud(canvas, 330, 160, 130, 0xffffff, 0.7);
  canvas.fill(ridge(380, 28, phase, 1.4), 0x8fb7ad);
  canvas.fill(ridge(420, 14, phase + 2, 2), 0x5f9482);
  canvas.gradient(450, 675, [0x9fcfd2, 0x4f94a8, 0x27637d]);
  for (const x of [150, 450, 750, 1050]) canvas.fill(oval(x, 520, 122, 9), 0xe9f6f4, 0.35);
  const arches = [1050, 750, 450, 150].flatMap((x) => dome(x, 500, 122, 108).reverse());
  canvas.fill([[0, 350], [1200, 350], [1200, 500], ...arches, [0, 500]], 0x9c5a45);
  canvas.fill(box(0, 342, 1200, 16), 0xc77c5b);
  for (let x = 15; x < 1200; x += 30) canvas.fill(box(x, 318, 4, 26), 0x6d3f35);
  canvas.fill(box(0, 314, 1200, 6), 0x6d3f35);
  glints(canvas, 600, 535, 130, 0xe9f6f4);
};
