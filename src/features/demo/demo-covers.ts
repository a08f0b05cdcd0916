import { notFound } from '../../core/errors.ts';
import { coverNames, coverPng } from './cover-image.ts';

/** The pictures by file name (`<name>.png`), drawn when first asked for and then kept. */
export function openDemoCovers(): (file: string) => Buffer {
  const drawn = new Map<string, Buffer>();
  return (file) => {
    const name = coverNames.find((known) => `${known}.png` === file);
    if (name === undefined) throw notFound();
    const picture = drawn.get(name) ?? coverPng(name);
    drawn.set(name, picture);
    return picture;
  };
}
