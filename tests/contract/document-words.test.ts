import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allowedElements, postClasses } from '../../src/article/body/allow-list.ts';
import { startApp, type TestApp } from '../support/app.ts';
import {
  type ApiDocument,
  arrayOf,
  isRecord,
  readDocument,
  recordOf,
  resolve,
  type Schema,
} from '../support/document.ts';

/** Sections in which a member of any name is data of its own and no part of the document's language. */
const isExample = (key: string) => key === 'example' || key === 'examples';

/** Every member of every schema below a value, by the name of the component or operation that it is in. */
function* membersOf(value: unknown, place: string): Generator<[string, Schema]> {
  if (Array.isArray(value)) for (const inner of value) yield* membersOf(inner, place);
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (isExample(key)) continue;
    if (key !== 'properties') yield* membersOf(inner, place);
    else
      for (const [name, member] of Object.entries(recordOf(inner))) {
        yield [`${place}.${name}`, recordOf(member)];
        yield* membersOf(member, `${place}.${name}`);
      }
  }
}

const charactersMax = 1_200;

describe('the words of the OpenAPI document', () => {
  let app: TestApp;
  let document: ApiDocument;
  let components: Schema;
  const described = (value: Schema) =>
    /\S{2}.*\S/.test(String(value.description ?? resolve(document.root, value).description ?? ''));

  beforeAll(async () => {
    app = await startApp();
    document = await readDocument(app);
    components = recordOf(document.root.components);
  });
  afterAll(() => app.close());

  it('say of every property what it is', () => {
    const members = Object.entries(recordOf(components.schemas)).flatMap(([name, schema]) => [
      ...membersOf(schema, name),
    ]);
    expect(members.length).toBeGreaterThan(500);
    const silent = members.filter(([, member]) => !described(member)).map(([place]) => place);
    expect(silent).toEqual([]);
    expect([...membersOf(document.root.paths, 'paths')].filter(([, member]) => !described(member))).toEqual([]);
  });

  it('say of every parameter and every header what it is, with an example of each header', () => {
    const inOperations = document.operations.flatMap(({ id, said }) =>
      arrayOf(said.parameters).map((parameter): [string, Schema] => [id, resolve(document.root, parameter)]),
    );
    expect(inOperations.length).toBeGreaterThan(150);
    expect(inOperations.filter(([, parameter]) => !described(parameter)).map(([id, { name }]) => [id, name])).toEqual(
      [],
    );
    const named = Object.entries(recordOf(components.headers));
    const inAnswers = document.operations.flatMap(({ id, said }) =>
      Object.values(recordOf(said.responses)).flatMap((answer) =>
        Object.entries(recordOf(resolve(document.root, answer).headers)).map(([name, header]): [string, Schema] => [
          `${id} ${name}`,
          resolve(document.root, header),
        ]),
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(inAnswers.length).toBeGreaterThan(500);
    const headers = [...named, ...inAnswers].map(([name, header]): [string, Schema] => [name, recordOf(header)]);
    const bare = headers.filter(([, header]) => !described(header) || !('example' in header || 'examples' in header));
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it(`describe no operation in more than ${charactersMax} characters, and a long one in lists`, () => {
    const texts = document.operations.map(({ id, said }) => ({ id, text: String(said.description ?? '') }));
    expect(texts.filter(({ text }) => text.length > charactersMax).map(({ id, text }) => [id, text.length])).toEqual(
      [],
    );
    const walls = texts.filter(({ text }) => text.split('\n').some((line) => line.length > 480));
    expect(walls.map(({ id }) => id)).toEqual([]);
    const lists = texts.filter(({ text }) => /^\*\*(When|Effect|Warnings|Errors)\*\*/m.test(text));
    expect(lists.length).toBeGreaterThan(12);
  });

  it('stand once: what operations have in common is a component with a name', () => {
    const inline = new Map<string, string[]>();
    const count = (what: unknown, id: string) => {
      if (isRecord(what) && '$ref' in what) return;
      const key = JSON.stringify(what);
      inline.set(key, [...(inline.get(key) ?? []), id]);
    };
    for (const { id, said } of document.operations) {
      for (const parameter of arrayOf(said.parameters)) count(parameter, id);
      for (const [status, answer] of Object.entries(recordOf(said.responses))) {
        if (status >= '300') count(answer, id);
        for (const media of Object.values(recordOf(recordOf(answer).content))) {
          const { schema, example } = recordOf(media);
          if (recordOf(schema).type === 'object') count(schema, id);
          if (isRecord(example)) count(example, id);
        }
      }
    }
    expect([...inline.values()].filter((ids) => ids.length > 1)).toEqual([]);
  });

  it('name every code of a failure and every element that a body keeps', () => {
    const description = String(recordOf(document.root.info).description);
    const src = join(dirname(fileURLToPath(import.meta.url)), '../../src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.includes('generated'),
    );
    const made = /(?:conflict|unprocessable)\(\s*'([\w-]+)'|new Failure\(\s*'\w+',\s*'([\w-]+)'/g;
    const codes = files.flatMap((file) =>
      [...readFileSync(join(src, file), 'utf8').matchAll(made)].map((match) => match[1] ?? match[2]),
    );
    expect(codes.length).toBeGreaterThan(20);
    expect([...new Set(codes)].filter((code) => !description.includes(`\`${code}\``))).toEqual([]);
    expect(Object.keys(allowedElements).filter((name) => !description.includes(`\`${name}\``))).toEqual([]);
  });

  it('say what bounds an instant, and how the dates of an article bound each other', () => {
    const description = String(recordOf(document.root.info).description);
    expect(description).toMatch(/RFC 3339 with an offset, of 14 hours at most, .*a year from 1900 to 2200/);
    const said = (schema: string, member: string) =>
      String(recordOf(recordOf(recordOf(recordOf(components.schemas)[schema]).properties)[member]).description);
    for (const schema of ['ArticleCreate', 'ArticlePatch', 'WireItem']) {
      expect(said(schema, 'publishedAt')).toContain('at most 5 years ahead (else 422)');
      expect(said(schema, 'expiresAt')).toContain('after `publishedAt` (else 422)');
    }
    expect(said('PublishBody', 'at')).toContain('at most 5 years ahead (else 422)');
    expect(said('ArticleCreate', 'sourceItemId')).toContain('a source, which it needs');
  });

  it('say which classes of an HTML body stay, as all others are taken out', () => {
    const description = String(recordOf(document.root.info).description);
    const [, ofCode, ofPosts = ''] =
      /`class` is (`[^`]+`) of `code` and `pre`, and of `blockquote` and `div` that of a quoted post, ([^;]+);/.exec(
        description,
      ) ?? [];
    expect(ofCode).toBe('`language-…`');
    expect(ofPosts.split(', ')).toEqual([...postClasses].map((name) => `\`${name}\``));
    const withClass = Object.keys(allowedElements).filter((name) => allowedElements[name]?.class !== undefined);
    expect(withClass.sort()).toEqual(['blockquote', 'code', 'div', 'pre']);
  });
});
