import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { plainWords } from '../../src/http/schema/plain-words.ts';
import { anyMatch } from '../support/conditions.ts';
import { arrayOf, type Operation, readDocument } from '../support/document.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

/** What callers are told about a fault: a sentence of ours, and only what is true of what they sent. */

let room: Newsroom;
let operations: readonly Operation[];
beforeAll(async () => {
  room = await openNewsroom();
  ({ operations } = await readDocument(room.app));
});
afterAll(() => room.close());

type Told = { pointer: string; detail: string };
const told = (answer: { body: { errors?: Told[] } }) =>
  (answer.body.errors ?? []).map(({ pointer, detail }) => [pointer, detail]);

/** How zod begins its own sentences. */
const zods = /Invalid|Too (big|small)|expected|Unrecognized|undefined|NaN/;

/** A schema and a value that it refuses, for every code and kind of value that zod has. */
const refusals: [string, z.ZodType, unknown][] = [
  ...Object.entries({
    text: z.string(),
    'a number': z.number(),
    'a whole number': z.int(),
    'true or false': z.boolean(),
    null: z.null(),
    'a record': z.record(z.string(), z.string()),
    'a list': z.array(z.string()),
    'a tuple': z.tuple([z.string()]),
    'a set': z.set(z.string()),
    'a map': z.map(z.string(), z.string()),
    'a date': z.date(),
    'a bigint': z.bigint(),
    nothing: z.undefined(),
    never: z.never(),
    'a symbol': z.symbol(),
    NaN: z.nan(),
    'a file': z.file(),
    'a function': z.function(),
    'a class': z.instanceof(URL),
  }).map(([name, schema]): [string, z.ZodType, unknown] => [name, schema, new Error('অন্য')]),
  ['an object', z.object({}), 'x'],
  ['a member that is needed', z.object({ a: z.string() }), {}],
  ['a member that is unknown', z.strictObject({}), { a: 1 }],
  ['a key of a record', z.record(z.enum(['a']), z.string()), { b: 'x' }],
  ['an element of a set', z.set(z.string()), new Set([1])],
  ['an element of a map', z.map(z.string(), z.string()), new Map([[Symbol('a'), 1]])],
  ['one word', z.literal('a'), 'b'],
  ['one of several words', z.enum(['a', 'b']), 'c'],
  ['a union', z.union([z.string(), z.number()]), true],
  ['a union by a member', z.discriminatedUnion('op', [z.object({ op: z.literal('a') })]), { op: 'b' }],
  ['an intersection of formats', z.intersection(z.email(), z.url()), 'x'],
  ['an exclusive or', z.xor([z.string(), z.string()]), 'x'],
  ['a multiple', z.number().multipleOf(5), 7],
  ['a positive number', z.number().positive(), 0],
  ['a negative number', z.number().negative(), 0],
  ['a safe number', z.int(), 1e21],
  ['a large number', z.number().max(1), 2],
  ['a small bigint', z.bigint().min(5n), 1n],
  ['a late date', z.date().max(new Date(0)), new Date(1)],
  ['a long text', z.string().max(1), 'xx'],
  ['a text of some length', z.string().length(3), 'x'],
  ['a long list', z.array(z.number()).max(1), [1, 2]],
  ['a long tuple', z.tuple([z.number()]), [1, 2]],
  ['a large set', z.set(z.number()).max(1), new Set([1, 2])],
  ['a small map', z.map(z.string(), z.string()).min(1), new Map()],
  ['a large file', z.file().max(1), new File(['xx'], 'x')],
  ['a type of file', z.file().mime('image/png'), new File(['x'], 'x')],
  ['a uuid', z.uuid(), 'x'],
  ['an address', z.url(), 'x'],
  ['a mail address', z.email(), 'x'],
  ['a time', z.iso.datetime(), 'x'],
  ['a pattern', z.string().regex(/a/), 'x'],
  ['a beginning', z.string().startsWith('a'), 'x'],
  ['an end', z.string().endsWith('a'), 'x'],
  ['a part', z.string().includes('a'), 'x'],
  ['small letters', z.string().lowercase(), 'X'],
  ['JSON', z.json(), Symbol('x')],
  ['base64', z.base64(), '*'],
  ['a rule without a sentence', z.string().refine(() => false), 'x'],
];

describe('a sentence about a fault', () => {
  it.each(refusals)('is never one of zod: %s', (_, schema, value) => {
    const ours = schema.safeParse(value, { error: plainWords });
    const theirs = schema.safeParse(value);
    expect(ours.success).toBe(false);
    const sentences = ours.error?.issues.map(({ message }) => message) ?? [];
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^(Use|Send|Leave) [^"]*\.$/);
      expect(sentence).not.toMatch(zods);
    }
    for (const { message } of theirs.error?.issues ?? []) expect(sentences).not.toContain(message);
  });

  it('is asked of zod nowhere else: whoever shows issues parses with our words', () => {
    const root = join(process.cwd(), 'src');
    const shows = ['features', 'http', 'labels', 'article', 'delivery'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => [join(folder, file), readFileSync(join(root, folder, file), 'utf8')] as const)
        .filter(
          ([, code]) => /safeParse\((?![^)]*error: plainWords)/.test(code) && /\bissues\b|\berror\.message/.test(code),
        )
        .map(([file]) => file),
    );
    expect(shows).toEqual([]);
  });

  it('is of ours for every parameter of the document, too long or of another kind', async () => {
    const id = (await room.story({ status: 'published' })).id;
    const heard: string[] = [];
    for (const { method, path, parameters } of operations) {
      if (method !== 'get' || /preview|stream/.test(path)) continue;
      for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
        for (const value of ['x'.repeat(400), `a,${'x'.repeat(5_000)}`, '-1', ',', '1e21']) {
          const target = path.replaceAll(/\{\w+\}/g, id);
          const { body } = await room.as('admin', 'get', `${target}?${name}=${encodeURIComponent(value)}`);
          heard.push(...arrayOf(body?.errors).map((fault) => String(Object(fault).detail)));
        }
      }
    }
    expect(heard.length).toBeGreaterThan(100);
    expect(heard.filter((sentence) => zods.test(sentence))).toEqual([]);
  });

  it('of a long name in a query is that of a body', async () => {
    for (const path of ['/v1/latest', '/v1/articles', '/v1/changes']) {
      const one = await room.as(null, 'get', `${path}?tag=${'x'.repeat(400)}`).expect(400);
      expect(told(one)).toEqual([['/tag', 'Use at most 320 characters.']]);
      const two = await room.as(null, 'get', `${path}?tag=a,${'x'.repeat(400)}`).expect(400);
      expect(told(two)).toEqual([['/tag', 'Value 2: Use at most 320 characters.']]);
    }
  });
});

describe('one fault', () => {
  const send = (method: 'post' | 'patch' | 'put', path: string, body: object) =>
    room.as('admin', method, path).set(anyMatch(method, path)).send(body);

  it.each([
    ['password', '/v1/auth/login', { email: 'rina@news.example', password: [] }, 'Use text in quotes.'],
    ['tags', '/v1/articles', { title: 'হাট', tags: 'x'.repeat(5_000) }, 'Use an array.'],
    ['sources', '/v1/keys', { name: 'যন্ত্র', role: 'editor', sources: '' }, 'Use an array.'],
    ['sources', '/v1/keys', { name: 'যন্ত্র', role: 'editor', sources: { length: 900 } }, 'Use an array.'],
    ['operations', '/v1/articles/bulk', { operations: '' }, 'Use an array.'],
  ])('is told of %s where its type is wrong', async (member, path, body, detail) => {
    const answer = await send('post', path, body).expect(400);
    expect(told(answer)).toEqual([[`/${member}`, detail]]);
  });

  it.each([1e21, -1e21])('is told of a number beyond all bounds: %d', async (number) => {
    const { id } = await room.story();
    await room.label('sources', { name: `সূত্র ${number > 0 ? 'ক' : 'খ'}` });
    const source = encodeURIComponent(`সূত্র-${number > 0 ? 'ক' : 'খ'}`);
    const calls: [string, 'post' | 'patch' | 'put', string, object][] = [
      ['draftVersion', 'post', pathOf(id, '/publish'), { draftVersion: number }],
      ['baseVersion', 'patch', pathOf(id, '/draft'), { baseVersion: number }],
      ['itemVersion', 'put', `/v1/sources/${source}/items/a`, { itemVersion: number, title: 'হাট' }],
    ];
    for (const [member, method, path, body] of calls) {
      const answer = await send(method, path, body).expect(400);
      const bound =
        number > 0 ? /^Use a number of at most (2147483647|1000000000)\.$/ : /^Use a number of at least \d\.$/;
      expect(told(answer)).toEqual([[`/${member}`, expect.stringMatching(bound)]]);
    }
  });
});
