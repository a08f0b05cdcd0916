import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const checkout = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(checkout, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));

const folders = ['src', 'tests', 'prisma', 'docs'];
const kept = [
  ...readdirSync(checkout),
  ...folders.flatMap((folder) => [
    folder,
    ...readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ]),
].map((name) => `/${name}`);

/** A path from the checkout, or the name of a source file by itself; `x` is a resource of the reader's own. */
const isFile = (name: string) =>
  (/^(?:src|tests|prisma|docs)\/[\w./-]+$/.test(name) || /^[\w./-]+\.(?:ts|mjs|prisma|vcl)$/.test(name)) &&
  !/(?:^|\/)x(?:\.|$)/.test(name);

/** A test may be named as Jest is told of it, without its ending. */
const isThere = (name: string) =>
  ['', '.ts', '.test.ts', '.long.test.ts'].some((ending) => kept.some((one) => one.endsWith(`/${name}${ending}`)));

/** What the pattern finds in backticks, which do not stand around code of several lines. */
const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(pattern)].map(([, name = '']) => name),
  );

describe.each([
  ['README.md', 10, 20],
  ['src/README.md', 20, 1],
])('the words of %s', (file, filesMin, commandsMin) => {
  const text = read(file);

  it('name files and folders that are there', () => {
    const names = found(text, /^(\S+)$/g).filter(isFile);
    expect(names.length).toBeGreaterThanOrEqual(filesMin);
    expect(names.filter((name) => !isThere(name))).toEqual([]);
  });

  it('name commands that there are', () => {
    const names = found(text, /\bnpm run ([\w:-]+)/g);
    expect(names.length).toBeGreaterThanOrEqual(commandsMin);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('choose tests that there are', () => {
    const tests = kept.filter((name) => name.endsWith('.test.ts'));
    const names = found(text, /\bnpm test -- (?!-)(\S+)/g);
    expect(names.filter((name) => !tests.some((one) => one.includes(name)))).toEqual([]);
  });
});
