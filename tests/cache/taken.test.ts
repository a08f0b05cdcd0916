import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { openStore } from '../../src/cache/store.ts';
import { bytesOf, type Common, commonAnswer, makeEncoding } from '../../src/http/common-answer.ts';
import { openEncoder } from '../../src/http/encodings.ts';

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');
const collect = async () => {
  for (const _ of [1, 2, 3]) {
    if (typeof gc === 'function') gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** A string of its own, as the database sends it. */
const own = (text: string): string => JSON.parse(JSON.stringify(text));
const word = () => randomBytes(16).toString('base64url');

/** What malloc and the buffer's native parts take, which is counted nowhere. */
const nativeBytes = 200;
const many = 1_500;

const shared = Array.from({ length: 200 }, () => `t:${word()}`);
const keysOf = {
  'keys of their own': () => [1, 2, 3, 4, 5].map(() => `a:${word()}`),
  'keys that two have': (n: number) => [1, 2, 3, 4, 5].map((kind) => `a:${kind}:${n >> 1}:0123456789abcdef`),
  'keys that many have': (n: number) => [
    `a:${word()}`,
    ...[1, 7, 49, 101].map((step) => shared[(n * step) % 200] ?? ''),
  ],
};

const encode = openEncoder();
const encoded = (value: Extract<Common, { kind: 'answer' }>) =>
  new Promise<number>((made) => makeEncoding(value, 'gzip', { encode, made }));

it.each([
  ['keys of their own', 400, false],
  ['keys of their own', 5_000, true],
  ['keys that two have', 5_000, false],
  ['keys that two have', 5_000, true],
  ['keys that many have', 5_000, false],
  ['keys that many have', 1_200, true],
] as const)(
  'counts no fewer bytes than are taken, with %s, of %i bytes, packed: %p',
  async (kind, size, isPacked) => {
    const store = openStore<Common>(2 ** 30);
    const keep = async (n: number) => {
      const keys = keysOf[kind](n).map(own);
      const headers = {
        'Surrogate-Key': ['all', ...keys].join(' '),
        ETag: `"1-${word()}"`,
        'Content-Type': 'application/json',
      };
      const body = Buffer.from(word().repeat(20).padEnd(size, 'ক'));
      const value = commonAnswer({ status: 200, headers, body, passing: false }, true);
      const name = own(`getArticle ${word()}${word()}`);
      const times = { readAt: n + 0.5, endsAt: n + 1e9 + 0.5, overAt: n + 1e9 + 0.5, isSure: true };
      store.keep({ name, value, keys, bytes: bytesOf(value), ...times });
      if (isPacked) store.grow(name, value, await encoded(value));
    };
    for (let n = 0; n < 100; n += 1) await keep(n);
    store.clear();
    const before = await collect();
    for (let n = 0; n < many; n += 1) await keep(n);
    const taken = (await collect()) - before;
    const { entries, bytes } = store.state();
    expect(entries).toBe(many);
    expect(bytes / many).toBeGreaterThan(taken / many + nativeBytes * (isPacked ? 2 : 1));
    // Nor so many more that little would fit.
    expect(bytes / many).toBeLessThan(taken / many + 1_500);
  },
  60_000,
);
