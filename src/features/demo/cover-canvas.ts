import type { Bitmap } from './png.ts';

/** A place on the 1200 by 675 drawing board, whatever the size of the picture. */
export type Point = readonly [x: number, y: number];
/** `0xRRGGBB`. */
export type Colour = number;
export type Canvas = {
  /** A vertical gradient between two heights; the stops are evenly spaced. */
  gradient(top: number, bottom: number, stops: readonly Colour[]): void;
  /** A filled polygon (even-odd), its edges smoothed; `opacity` is 0 to 1. */
  fill(points: readonly Point[], colour: Colour, opacity?: number): void;
};

type Reach = { left: number; right: number };

export const BOARD = { width: 1200, height: 675 } as const;

const SAMPLES = 4;
/** Steps of an edge between outside and inside: few enough that the file repeats itself and stays small. */
const SHADES = 6;

export function canvasOn(bitmap: Bitmap): Canvas {
  const scaleX = bitmap.width / BOARD.width;
  const scaleY = bitmap.height / BOARD.height;
  const coverage = new Float32Array(bitmap.width + 2);
  return {
    gradient(top, bottom, stops) {
      const last = Math.min(bitmap.height, Math.round(bottom * scaleY));
      for (let row = Math.round(top * scaleY); row < last; row++) {
        const at = ((row / scaleY - top) / (bottom - top)) * (stops.length - 1);
        const from = Math.min(Math.floor(at), stops.length - 2);
        fillRow(bitmap, row, mix(stops[from] ?? 0, stops[from + 1] ?? 0, at - from));
      }
    },
    fill(points, colour, opacity = 1) {
      const scaled = points.map(([x, y]): Point => [x * scaleX, y * scaleY]);
      const heights = scaled.map(([, y]) => y);
      const bottom = Math.min(bitmap.height, Math.ceil(Math.max(...heights)));
      for (let row = Math.max(0, Math.floor(Math.min(...heights))); row < bottom; row++) {
        const reach = measureRow(scaled, row, bitmap.width, coverage);
        blendRow(bitmap, row, reach, coverage, colour, opacity);
      }
    },
  };
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const channel = (shift: number) => {
    const start = (from >> shift) & 255;
    return Math.round(start + (((to >> shift) & 255) - start) * share) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}

function fillRow({ width, rgb }: Bitmap, row: number, colour: Colour): void {
  for (let i = row * width * 3; i < (row + 1) * width * 3; i += 3) {
    rgb[i] = colour >> 16;
    rgb[i + 1] = colour >> 8;
    rgb[i + 2] = colour;
  }
}

/** Leaves in `coverage` the steps whose running sum is the share of each pixel inside the polygon; says where. */
function measureRow(points: readonly Point[], row: number, width: number, coverage: Float32Array): Reach {
  const reach = { left: width, right: 0 };
  for (let sample = 0; sample < SAMPLES; sample++) {
    let weight = 1 / SAMPLES;
    for (const x of crossings(points, row + (sample + 0.5) / SAMPLES)) {
      const clamped = Math.min(Math.max(x, 0), width);
      const pixel = Math.floor(clamped);
      const share = clamped - pixel;
      coverage[pixel] = (coverage[pixel] ?? 0) + weight * (1 - share);
      coverage[pixel + 1] = (coverage[pixel + 1] ?? 0) + weight * share;
      reach.left = Math.min(reach.left, pixel);
      reach.right = Math.max(reach.right, pixel + 2);
      weight = -weight;
    }
  }
  return reach;
}

function crossings(points: readonly Point[], height: number): number[] {
  const found: number[] = [];
  let from = points[points.length - 1];
  for (const to of points) {
    if (from !== undefined && from[1] <= height !== to[1] <= height) {
      found.push(from[0] + ((height - from[1]) / (to[1] - from[1])) * (to[0] - from[0]));
    }
    from = to;
  }
  return found.sort((a, b) => a - b);
}

/** Paints what `measureRow` measured and leaves `coverage` empty for the next row. */
function blendRow(bitmap: Bitmap, row: number, reach: Reach, coverage: Float32Array, colour: Colour, opacity: number) {
  const { width, rgb } = bitmap;
  const red = colour >> 16;
  const green = (colour >> 8) & 255;
  const blue = colour & 255;
  let inside = 0;
  const end = Math.min(reach.right, width);
  for (let x = reach.left, i = (row * width + x) * 3; x < end; x++, i += 3) {
    inside += coverage[x] ?? 0;
    const share = (((inside * SHADES + 0.5) | 0) / SHADES) * opacity;
    if (share === 1) {
      rgb[i] = red;
      rgb[i + 1] = green;
      rgb[i + 2] = blue;
    } else if (share > 0) {
      rgb[i] = (rgb[i] ?? 0) * (1 - share) + red * share + 0.5;
      rgb[i + 1] = (rgb[i + 1] ?? 0) * (1 - share) + green * share + 0.5;
      rgb[i + 2] = (rgb[i + 2] ?? 0) * (1 - share) + blue * share + 0.5;
    }
  }
  coverage.fill(0, reach.left, reach.right);
}
