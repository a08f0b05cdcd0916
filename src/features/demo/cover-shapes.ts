import { BOARD, type Canvas, type Colour, type Point } from './cover-canvas.ts';

/** The corners of a polygon from `x, y, x, y, …`. */
export function path(...numbers: readonly number[]): Point[] {
  return Array.from({ length: numbers.length / 2 }, (_, i): Point => [numbers[i * 2] ?? 0, numbers[i * 2 + 1] ?? 0]);
}

export function box(x: number, y: number, width: number, height: number): Point[] {
  return path(x, y, x + width, y, x + width, y + height, x, y + height);
}

export function oval(x: number, y: number, radiusX: number, radiusY = radiusX): Point[] {
  return Array.from({ length: 48 }, (_, i): Point => {
    const angle = (i / 48) * 2 * Math.PI;
    return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)];
  });
}

/** The upper half of an oval, flat at `y`. */
export function dome(x: number, y: number, radiusX: number, radiusY = radiusX): Point[] {
  return Array.from({ length: 25 }, (_, i): Point => {
    const angle = Math.PI + (i / 24) * Math.PI;
    return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)];
  });
}

/** A rolling line around the height `base`, closed along `bottom`; `phase` moves its crests. */
export function ridge(base: number, swing: number, phase: number, waves = 1.6, bottom: number = BOARD.height): Point[] {
  const crest = Array.from({ length: 81 }, (_, i): Point => {
    const turn = (i / 80) * Math.PI * 2;
    const height = Math.sin(turn * waves + phase) + 0.45 * Math.sin(turn * waves * 2.3 + phase * 1.7);
    return [(i / 80) * BOARD.width, base - swing * height];
  });
  return [...crest, [BOARD.width, bottom], [0, bottom]];
}

/** A disc with two pale rings around it. */
export function sun(canvas: Canvas, x: number, y: number, radius: number, colour: Colour): void {
  canvas.fill(oval(x, y, radius * 2.3), colour, 0.12);
  canvas.fill(oval(x, y, radius * 1.6), colour, 0.2);
  canvas.fill(oval(x, y, radius), colour);
}

/** Three bumps on a flat foot, one outline so that a pale cloud shows no seams; `size` is half its width. */
export function cloud(canvas: Canvas, x: number, y: number, size: number, colour: Colour, opacity = 1): void {
  const bumps = [
    [-0.55, 0.45, 0.3],
    [-0.05, 0.5, 0.52],
    [0.55, 0.45, 0.34],
  ] as const;
  const outline = Array.from({ length: 81 }, (_, i): Point => {
    const at = (i / 80) * 2 - 1;
    const heights = bumps.map(
      ([middle, half, height]) => height * Math.sqrt(Math.max(0, 1 - ((at - middle) / half) ** 2)),
    );
    return [x + at * size, y - Math.max(...heights) * size];
  });
  canvas.fill(outline, colour, opacity);
}

/** Flat strokes of light on water below (`x`, `top`), wider and further apart towards the viewer. */
export function glints(canvas: Canvas, x: number, top: number, width: number, colour: Colour): void {
  for (let i = 0; i < 9; i++) {
    const y = top + 8 + i * i * 2.6 + i * 5;
    const lean = (i % 2 === 0 ? 1 : -1) * width * 0.12;
    canvas.fill(oval(x + lean, y, width * (0.45 + i * 0.09), 2 + i * 0.45), colour, 0.6);
  }
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
