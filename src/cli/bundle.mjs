import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { editedPrisma } from './edited-prisma.mjs';

/**
 * With escapes instead of other letters, which are left in comments and regular expressions: a single one of them has V8 keep
 * the whole text in twice the memory. It would change what a raw template says.
 */
const inAscii = (text) => {
  if (/\braw`[^`]*[^\0-\x7f]/.test(text)) throw new Error('a raw template has other letters than those of ASCII');
  return text.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
};

/**
 * Prisma's query compiler as a file: as text within a module it stays in memory twice, as the source and as the string, and
 * is decoded at each start.
 */
const compilerAsFile = {
  name: 'compiler-as-file',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\.wasm$/ }, ({ path, importer }) => ({ path: importer.replace(/[^/\\]+$/, path) }));
    onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const { wasm } = await import(pathToFileURL(path.replace(/\.wasm$/, '.wasm-base64.mjs')).href);
      return { contents: Buffer.from(wasm, 'base64'), loader: 'file' };
    });
    onLoad({ filter: /\.wasm-base64\.mjs$/ }, ({ path }) => ({
      contents: `
        import { readFileSync } from 'node:fs';
        import file from './${basename(path).replace('.wasm-base64.mjs', '.wasm')}';
        // Read when it is made into bytes, which happens once, and not kept by this module.
        export const wasm = { valueOf: () => readFileSync(new URL(file, import.meta.url)) };`,
      resolveDir: dirname(path),
    }));
  },
};

/**
 * pg without Node's `fetch`, of which it makes an answer to find out where it runs if there is no `navigator`, as in Node 20:
 * that takes 30 ms and ten megabytes, and nothing else here needs it.
 */
const pgWithoutFetch = {
  name: 'pg-without-fetch',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^pg$/ }, ({ path, namespace }) =>
      // A package of its own, so that whoever records what the program sends finds it.
      namespace === 'late' ? { path, external: true } : { path, namespace: 'late' },
    );
    onLoad({ filter: /^pg$/, namespace: 'late' }, () => ({
      contents: `
        const hasNavigator = 'navigator' in globalThis;
        if (!hasNavigator) globalThis.navigator = { userAgent: 'Node.js' };
        module.exports = require('pg');
        if (!hasNavigator) delete globalThis.navigator;`,
    }));
  },
};

/**
 * Express without its body parsers, since `http/body.ts` reads bodies, and zod without the fifty languages of its messages but
 * the one that it uses: a megabyte of text which stays in memory, half of it tables of the letters of East Asia.
 */
const withoutTheUnused = {
  name: 'without-the-unused',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules[\\/]body-parser[\\/]index\.js$/ }, () => ({ contents: 'module.exports = {};' }));
    onLoad({ filter: /node_modules[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: `export { default as en } from './en.js';`,
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Bundles files with their packages into `folder`, since to read a thousand small files takes half a second; what several of
 * them need, or what is loaded late, is a chunk.
 */
export async function bundle(entryPoints, { checkout, folder }) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: checkout,
    entryPoints,
    outbase: 'src',
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: 'chunks/[name]-[hash]',
    plugins: [compilerAsFile, pgWithoutFetch, withoutTheUnused, editedPrisma],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Packages that are CommonJS require Node's own modules.
    banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    // Not `keepNames`: it would name each closure anew whenever one is made. Classes of errors, which are told apart by
    // their names, keep them as long as each has one of its own.
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  for (const { path, text, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.js') ? inAscii(text) : contents);
  }
}
