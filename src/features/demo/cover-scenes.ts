import { BOARD, type Canvas, type Point } from './cover-canvas.ts';
import { box, cloud, dome, glints, oval, path, ridge, sun } from './cover-shapes.ts';

/** Draws a landscape. `phase` (0 to 2π) moves its crests; `roll` gives numbers from 0 up to 1. */
export type Scene = (canvas: Canvas, phase: number, roll: () => number) => void;

export const river: Scene = (canvas, phase) => {
  canvas.gradient(0, 400, [0x5b8fb9, 0xf2b58a, 0xfde2c0]);
  sun(canvas, 830, 300, 62, 0xfff1cf);
  canvas.fill(ridge(360, 26, phase), 0x7d93a8);
  canvas.fill(ridge(384, 14, phase + 2, 2.2), 0x5c7a86);
  canvas.gradient(400, 675, [0xf3c7a0, 0x8fb0bb, 0x3f6f86]);
  glints(canvas, 830, 400, 90, 0xfff4dc);
  sailingBoat(canvas, 400, 500, 1);
  sailingBoat(canvas, 640, 436, 0.45);
  canvas.fill(ridge(652, 16, phase + 4, 1.2), 0x24434f);
};

function sailingBoat(canvas: Canvas, x: number, y: number, size: number): void {
  const at = (points: readonly Point[]) => points.map(([dx, dy]): Point => [x + dx * size, y + dy * size]);
  const hull: Point[] = [
    [-120, -22],
    [-90, -4],
    [80, -4],
    [126, -30],
    [84, 26],
    [-76, 26],
  ];
  canvas.fill(oval(x, y + 34 * size, 130 * size, 8 * size), 0x1d3a48, 0.35);
  canvas.fill(
    at([
      [-6, -196],
      [0, -196],
      [0, 0],
      [-6, 0],
    ]),
    0x3a2a22,
  );
  canvas.fill(
    at([
      [8, -190],
      [96, -62],
      [74, -34],
      [8, -24],
    ]),
    0xc8553d,
  );
  canvas.fill(
    at([
      [-14, -176],
      [-14, -24],
      [-78, -40],
    ]),
    0xe9a15b,
  );
  canvas.fill(at(hull), 0x33241e);
}

export const hills: Scene = (canvas, phase) => {
  canvas.gradient(0, 460, [0x6fb7d6, 0xbfe3e6, 0xfdf3d3]);
  sun(canvas, 300, 190, 58, 0xfff3b8);
  cloud(canvas, 780, 150, 120, 0xffffff, 0.75);
  cloud(canvas, 980, 220, 80, 0xffffff, 0.6);
  [0xa7cdb9, 0x7fb69a, 0x559a78, 0x317a5b, 0x1c5744].forEach((green, i) => {
    canvas.fill(ridge(330 + i * 72, 48 - i * 5, phase + i * 1.9, 1.1 + i * 0.22), green);
  });
};

export const paddy: Scene = (canvas, phase) => {
  canvas.gradient(0, 340, [0x8cc5e3, 0xd9eef0, 0xfff1c9]);
  sun(canvas, 600, 262, 66, 0xffe28a);
  canvas.fill(ridge(318, 12, phase, 2.4), 0x6ea38a);
  canvas.fill(ridge(334, 9, phase + 3, 4.1), 0x39745a);
  canvas.gradient(340, 675, [0xe8c65a, 0xc2b23f, 0x6f9a35]);
  for (let i = -16; i < 16; i++) {
    const foot = 600 + i * 150;
    canvas.fill(path(600 + i * 38, 344, 600 + i * 38 + 16, 344, foot + 74, 675, foot, 675), 0x3f7a35, 0.42);
  }
  canvas.fill(path(0, 340, 1200, 340, 1200, 348, 0, 352), 0x2f6a48);
};

export const garden: Scene = (canvas, phase) => {
  canvas.gradient(0, 360, [0x9fd3dd, 0xe5f3e2]);
  sun(canvas, 930, 150, 46, 0xfff6c9);
  canvas.fill(ridge(250, 30, phase, 1.3), 0x9cc7b4);
  const slopes = [
    [310, 0x78b07c, 0x5f9a66],
    [410, 0x55985a, 0x3f8049],
    [530, 0x357a44, 0x246336],
  ] as const;
  slopes.forEach(([base, light, dark], slope) => {
    for (let row = 0; row < 9; row++) {
      const crest = base + row * (13 + slope * 6);
      const bottom = row < 8 ? crest + 110 : BOARD.height;
      const strip = ridge(crest, 44 - row * 2, phase + slope * 2.1, 0.9 + slope * 0.2, bottom);
      canvas.fill(strip, row % 2 === 0 ? light : dark);
    }
  });
};

export const rain: Scene = (canvas, phase, roll) => {
  canvas.gradient(0, 470, [0x4a6074, 0x7f96a5, 0xbccbd0]);
  const clouds = [
    [180, 150, 230],
    [520, 110, 280],
    [900, 160, 260],
    [1130, 120, 190],
  ] as const;
  for (const [x, y, size] of clouds) cloud(canvas, x, y, size, 0x5c7284, 0.85);
  cloud(canvas, 360, 190, 170, 0x71889a, 0.9);
  cloud(canvas, 740, 200, 190, 0x71889a, 0.9);
  canvas.fill(ridge(430, 26, phase, 1.5), 0x5f8a80);
  canvas.fill(ridge(500, 24, phase + 2, 1.2), 0x3f7060);
  canvas.fill(ridge(590, 20, phase + 4, 0.9), 0x27503f);
  for (let i = 0; i < 110; i++) {
    const x = roll() * 1300 - 40;
    const y = 205 + roll() * 420;
    canvas.fill(path(x, y, x + 2.4, y, x - 11, y + 46, x - 13.4, y + 46), 0xe4f0f4, 0.5);
  }
};

export const kites: Scene = (canvas, phase) => {
  canvas.gradient(0, 675, [0x3f95d1, 0x8cc9ec, 0xe6f4f5]);
  cloud(canvas, 240, 420, 150, 0xffffff, 0.8);
  cloud(canvas, 930, 350, 180, 0xffffff, 0.75);
  kite(canvas, 330, 210, 84, 0xe4572e, 0xf3a712);
  kite(canvas, 700, 140, 60, 0x2e86ab, 0xf6f5ae);
  kite(canvas, 930, 250, 70, 0x8e3b8c, 0xf28ab2);
  kite(canvas, 560, 350, 46, 0x2a9d6f, 0xd8f3a2);
  canvas.fill(ridge(600, 14, phase, 2.6), 0x5f9a6e);
  canvas.fill(ridge(640, 10, phase + 2, 1.8), 0x356f4f);
};

function kite(canvas: Canvas, x: number, y: number, size: number, dark: number, light: number): void {
  const tail = (offset: number): Point[] =>
    Array.from({ length: 25 }, (_, i): Point => {
      const at = i / 24;
      return [x + Math.sin(at * 7) * size * 0.35 * at + offset, y + size * (1.2 + at * 2.4)];
    });
  canvas.fill([...tail(0), ...tail(3).reverse()], dark);
  for (const bow of [0.4, 0.7, 1]) {
    const bowX = x + Math.sin(bow * 7) * size * 0.35 * bow;
    canvas.fill(dome(bowX, y + size * (1.2 + bow * 2.4) + 5, 12, 9), light);
  }
  canvas.fill(path(x, y - size, x + size * 0.8, y, x, y + size * 1.2, x - size * 0.8, y), dark);
  canvas.fill(path(x, y - size, x + size * 0.8, y, x, y), light);
  canvas.fill(path(x, y, x, y + size * 1.2, x - size * 0.8, y), light);
  canvas.fill(box(x - 1.5, y - size, 3, size * 2.2), 0xffffff, 0.6);
}
