import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });

type Import = { file: string; target: string; typeOnly: boolean };

const importsOf = (file: string): Import[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '([^']+)';/gms)].map(
    ([, type, target = '']) => ({
      file: relative(src, file),
      target: target.startsWith('.') ? relative(src, resolve(dirname(file), target)) : target,
      typeOnly: type !== undefined,
    }),
  );

const files = filesBelow(src);
const imports = files.flatMap(importsOf);
const layerOf = (path: string) => path.split('/')[0] ?? '';

/** What each layer may import of ours. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  db: ['core', 'db'],
  http: ['core', 'http'],
  outbox: ['core', 'db', 'outbox'],
  features: ['core', 'db', 'http', 'outbox', 'features'],
};

const forbiddenPackages: Readonly<Record<string, RegExp>> = {
  core: /^(express|pg|zod|@prisma\/|node:(fs|net|http|child_process))/,
  db: /^(express|zod)$/,
  http: /^(pg|@prisma\/)/,
  outbox: /^(express|zod)$/,
};

const featureOf = (path: string) => /^features\/([^/]+)\//.exec(path)?.[1];
const isPure = (path: string) =>
  /\.(schema|presenter|views|lifecycle|state|content|change|differences)\.ts$/.test(path);

describe('the import rule', () => {
  it('lets every layer import only from the layers below it', () => {
    const wrong = imports.filter(({ file, target }) => {
      const layers = allowed[layerOf(file)];
      return layers !== undefined && target.endsWith('.ts') && !layers.includes(layerOf(target));
    });
    expect(wrong).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('keeps frameworks, IO and the database out of the layers that must not know them', () => {
    expect(imports.filter(({ file, target }) => forbiddenPackages[layerOf(file)]?.test(target))).toEqual([]);
  });

  it('lets a feature use another by type and by its pure files only', () => {
    const wrong = imports.filter(({ file, target, typeOnly }) => {
      const [own, other] = [featureOf(file), featureOf(target)];
      return own !== undefined && other !== undefined && own !== other && !typeOnly && !isPure(target);
    });
    expect(wrong).toEqual([]);
  });

  it('has one clock and one environment: core asks neither, features and platform no environment', () => {
    const reads = (pattern: RegExp, inside: RegExp) =>
      files.filter(
        (file) =>
          inside.test(relative(src, file)) &&
          pattern.test(readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')),
      );
    expect(reads(/\bDate\.now\(|new Date\(\)/, /^core\//)).toEqual([]);
    expect(reads(/process\.env/, /^(core|db|http|outbox|features)\//).map((file) => relative(src, file))).toEqual([]);
  });

  it('looks tags and sources up by slug in the files of labels alone, so that nothing forgets what they were called', () => {
    const looksUp = /@(?:tags|sources|\$\{[^}]*table\})[^`]*\.slug =/;
    const found = files
      .filter((file) => looksUp.test(readFileSync(file, 'utf8')))
      .map((file) => relative(src, file))
      .sort();
    expect(found).toEqual(['db/label-moves.ts', 'db/label-names.ts', 'db/label-writes.ts']);
  });

  it('has routes without branches or try, and no handler that sees req or res', () => {
    const routes = files.filter((file) => file.endsWith('.routes.ts'));
    const wrong = routes.filter((file) => /\b(if|try)\s*[({]|\b(req|res)\b|prisma/i.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => relative(src, file))).toEqual([]);
    expect(routes.length).toBeGreaterThan(5);
  });

  it('has no file whose name says nothing, no any, and one cast', () => {
    const names = files.filter((file) => /\/(index|utils?|helpers?|types|constants|common|misc)\.ts$/.test(file));
    expect(names).toEqual([]);
    const casts = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, '')
        .split('\n')
        .filter(
          (line) => /[\w)\]}] as (?!const\b)[A-Za-z({[]/.test(line) && !/^\s*(import|export|\w+ as \w+,)/.test(line),
        ),
    );
    expect(casts.map((line) => line.trim())).toEqual([
      'handle: handle as (input: AnyInput) => Promise<Answer<unknown>>,',
    ]);
  });
});
