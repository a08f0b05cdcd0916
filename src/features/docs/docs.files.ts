import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { notFound } from '../../core/errors.ts';
import type { Answer } from '../../http/json.ts';
import { favicon, pagesStyle } from './pages-style.ts';
import { referenceScript } from './reference-script.ts';

const css = 'text/css; charset=utf-8';
const script = 'text/javascript; charset=utf-8';
const svg = 'image/svg+xml';

/** The media types of the files, as the route names them. */
export const fileTypes = [css, script, svg].join(', ');

const require = createRequire(import.meta.url);
const ofSwagger = (name: string) => readFileSync(join(dirname(require.resolve('swagger-ui-dist/package.json')), name));

/** Every file of the pages: no other name is ever looked for on the disk. */
const files = new Map<string, { mediaType: string; read: () => Buffer }>([
  ['swagger-ui.css', { mediaType: css, read: () => ofSwagger('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { mediaType: script, read: () => ofSwagger('swagger-ui-bundle.js') }],
  ['docs-init.js', { mediaType: script, read: () => Buffer.from(referenceScript) }],
  ['docs.css', { mediaType: css, read: () => Buffer.from(pagesStyle) }],
  ['favicon.svg', { mediaType: svg, read: () => Buffer.from(favicon) }],
]);

/** Gives a file by its exact name, else 404. It is read when first asked for and then kept: 2 MB for all of them. */
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
