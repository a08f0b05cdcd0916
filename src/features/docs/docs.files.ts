import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../checkout.ts';
import { notFound } from '../../core/errors.ts';
import type { Answer } from '../../http/json.ts';
import { favicon, pagesStyle } from './pages-style.ts';
import { referenceScript } from './reference-script.ts';
import { referenceStyle } from './reference-style.ts';

const css = 'text/css; charset=utf-8';
const script = 'text/javascript; charset=utf-8';
const svg = 'image/svg+xml';

/** The media types of the files, as the route declares them. */
export const fileTypes = [css, script, svg].join(', ');

/** Where the build has put the viewer. The running program does not depend on the viewer's package. */
const viewer = join(checkout, 'dist/viewer');
const ofViewer = (name: string) => readFileSync(join(viewer, name));

/** Every file of the pages. No other name is ever looked up on the disk. */
const files = new Map<string, { mediaType: string; read: () => Buffer }>([
  ['swagger-ui.css', { mediaType: css, read: () => ofViewer('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { mediaType: script, read: () => ofViewer('swagger-ui-bundle.js') }],
  ['reference.js', { mediaType: script, read: () => Buffer.from(referenceScript) }],
  ['reference.css', { mediaType: css, read: () => Buffer.from(referenceStyle) }],
  ['docs.css', { mediaType: css, read: () => Buffer.from(pagesStyle) }],
  ['favicon.svg', { mediaType: svg, read: () => Buffer.from(favicon) }],
]);

/**
 * Returns a file by its exact name; 404 for any other name. A file is read when it is first asked for, then cached: 2 MB in
 * all.
 */
export function openDocsFiles(): (name: string) => Answer<null> {
  const kept = new Map<string, Buffer>();
  return (name) => {
    const file = files.get(name);
    if (file === undefined) throw notFound();
    const text = kept.get(name) ?? file.read();
    kept.set(name, text);
    return { body: { text }, mediaType: file.mediaType };
  };
}
