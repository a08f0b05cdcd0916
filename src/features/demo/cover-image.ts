import { canvasOn } from './cover-canvas.ts';
import { garden, hills, kites, paddy, rain, river, type Scene } from './cover-scenes.ts';
import { bridge, night, sea, skyline, stadium, village } from './cover-scenes-built.ts';
import { dice } from './cover-shapes.ts';
import { type Bitmap, encodePng } from './png.ts';

const scenes: readonly (readonly [name: string, scene: Scene])[] = [
  ['river', river],
  ['hills', hills],
  ['paddy', paddy],
  ['skyline', skyline],
  ['night', night],
  ['sea', sea],
  ['rain', rain],
  ['garden', garden],
  ['stadium', stadium],
  ['village', village],
  ['bridge', bridge],
  ['kites', kites],
];

/** The covers of the demonstration newsroom; each is served at `/demo/covers/<name>.png`. */
export const coverNames: readonly string[] = scenes.map(([name]) => name);

/** The name of the cover of the article at `index` in the list of demo articles. */
export function coverFor(index: number): string {
  return coverNames[index % coverNames.length] ?? 'river';
}

/**
 * A landscape as a PNG file, 1200 by 675 pixels unless told, the same bytes each time for a name and a size.
 * A name that is none of `coverNames` gets one of their landscapes, with its hills elsewhere.
 */
export function coverPng(name: string, size = { width: 1200, height: 675 }): Buffer {
  const bitmap: Bitmap = { ...size, rgb: new Uint8Array(size.width * size.height * 3) };
  const seed = hash(name);
  const scene = scenes.find(([known]) => known === name)?.[1] ?? scenes[seed % scenes.length]?.[1];
  const roll = dice(seed);
  scene?.(canvasOn(bitmap), roll() * 2 * Math.PI, roll);
  return encodePng(bitmap);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  return [...Buffer.from(text)].reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
