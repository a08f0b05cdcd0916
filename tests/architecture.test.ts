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

/** From the top: each layer may import from itself and from what stands below it. Folders of one row do not know each other. */
const order: readonly (readonly string[])[] = [
  ['main.ts', 'worker.ts', 'cli'],
  ['start', 'app.ts'],
  ['routes.ts'],
  ['services.ts'],
  ['deps.ts'],
  ['features'],
  ['labels'],
  ['article'],
  ['delivery'],
  ['access', 'outbox'],
  ['db', 'http', 'embedded', 'config.ts'],
  ['config-values.ts', 'checkout.ts', 'cache'],
  ['core'],
];
const placeOf = (path: string) => order.findIndex((row) => row.includes(layerOf(path)));
const mayImport = (file: string, target: string) =>
  layerOf(file) === layerOf(target) || (placeOf(file) >= 0 && placeOf(file) < placeOf(target));

/** Of the rooms that know no frameworks, those that may not know HTTP's schemas either. */
const knowsNoHttp =
  /^(core|cache|db|outbox|delivery|access|embedded)\/|^article\/(?!(inputs|views|answers)\.ts$)|^labels\/(?!(schema|answers)\.ts$)/;

const forbiddenPackages: Readonly<Record<string, RegExp>> = {
  core: /^(express|pg|zod|@prisma\/|node:(fs|net|http|child_process))/,
  cache: /^(express|pg|zod|@prisma\/|node:)/,
  db: /^(express|zod)$/,
  http: /^(pg|@prisma\/)/,
  outbox: /^(express|zod)$/,
  delivery: /^(express|zod)$/,
  access: /^(express|zod)$/,
};

const featureOf = (path: string) => /^features\/([^/]+)\//.exec(path)?.[1];
const isSchema = (path: string) => path.endsWith('.schema.ts');

describe('the import rule', () => {
  it('lets every layer import only from the layers below it', () => {
    const wrong = imports.filter(({ file, target }) => target.endsWith('.ts') && !mayImport(file, target));
    expect(wrong).toEqual([]);
    expect(files.map((file) => relative(src, file)).filter((file) => placeOf(file) < 0)).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('keeps frameworks, IO and the database out of the layers that must not know them', () => {
    expect(imports.filter(({ file, target }) => forbiddenPackages[layerOf(file)]?.test(target))).toEqual([]);
  });

  it('has no circles, not even of types', () => {
    const targets = new Map<string, string[]>();
    for (const { file, target } of imports)
      if (target.endsWith('.ts')) targets.set(file, [...(targets.get(file) ?? []), target]);
    const done = new Set<string>();
    const circles: string[][] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      if (done.has(file) || path.includes(file)) return;
      for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps zod, Express and the platform of HTTP out of what knows articles, labels and the database', () => {
    const wrong = imports.filter(
      ({ file, target }) => knowsNoHttp.test(file) && (/^(zod|express)$/.test(target) || target.startsWith('http/')),
    );
    expect(wrong).toEqual([]);
  });

  it('lets a feature use another by type and by its schemas only', () => {
    const wrong = imports.filter(({ file, target, typeOnly }) => {
      const [own, other] = [featureOf(file), featureOf(target)];
      return own !== undefined && other !== undefined && own !== other && !typeOnly && !isSchema(target);
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
    expect(reads(/\bDate\.now\(|new Date\(\)/, /^(core|cache)\//)).toEqual([]);
    expect(
      reads(/process\.env/, /^(core|db|http|outbox|delivery|features)\//).map((file) => relative(src, file)),
    ).toEqual([]);
  });

  it('looks tags and sources up by slug where their names are kept alone, so that nothing forgets what they were called', () => {
    const looksUp = /@(?:tags|sources|\$\{[^}]*table\})[^`]*(?:\.slug =|\bisNamed\()/;
    const found = files
      .filter((file) => looksUp.test(readFileSync(file, 'utf8')))
      .map((file) => relative(src, file))
      .sort();
    expect(found).toEqual(['article/read/label-names.ts']);
  });

  it('has routes without branches or try, and no handler that sees req or res', () => {
    const routes = files.filter((file) => file.endsWith('.routes.ts'));
    const wrong = routes.filter((file) => /\b(if|try)\s*[({]|\b(req|res)\b|prisma/i.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => relative(src, file))).toEqual([]);
    expect(routes.length).toBeGreaterThan(5);
  });

  it('makes no terms of search while it is loaded, since the first of them needs the forms of all verbs', () => {
    const whileLoaded = /^(?:export )?const [^=;]*=(?![^;]*=>)[^;]*\bbanglaTerms\(/m;
    const wrong = files.filter((file) => whileLoaded.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => relative(src, file))).toEqual([]);
    expect(whileLoaded.test("export const point = { terms: banglaTerms('দশমিক') };")).toBe(true);
  });

  it('has no file whose name says nothing, no any, and the two casts that are explained', () => {
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
      ') => Object.fromEntries(names.map((name) => [name, of(name)])) as Out;',
      'handle: handle as (input: AnyInput) => Promise<Answer<unknown>>,',
    ]);
  });
});
