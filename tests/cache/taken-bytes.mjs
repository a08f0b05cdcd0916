import { randomBytes } from 'node:crypto';

/**
 * `node --expose-gc taken-bytes.mjs MODULES CASES`: for each case, the bytes that a store counts for an entry and those that
 * the heap really holds for it, as JSON. In a process of its own, so that what is collected is small and nothing else grows.
 */
const [modules = '', cases = '[]'] = process.argv.slice(2);
const built = async (name) => import(`${modules}/${name}.js`);
const [{ openStore }, { bytesOf, commonAnswer, makeEncoding }, { openEncoder }] = await Promise.all(
  ['cache/store', 'http/common-answer', 'http/encodings'].map(built),
);

const collect = async () => {
  for (const _ of [1, 2, 3]) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** A string of its own, as the database sends it. */
const own = (text) => JSON.parse(JSON.stringify(text));
const word = () => randomBytes(16).toString('base64url');

const many = 1_500;

const shared = Array.from({ length: 200 }, () => `t:${word()}`);
const keysOf = {
  'keys of their own': () => [1, 2, 3, 4, 5].map(() => `a:${word()}`),
  'keys that two have': (n) => [1, 2, 3, 4, 5].map((kind) => `a:${kind}:${n >> 1}:0123456789abcdef`),
  'keys that many have': (n) => [`a:${word()}`, ...[1, 7, 49, 101].map((step) => shared[(n * step) % 200])],
};

const encode = openEncoder();
const encoded = (value) => new Promise((made) => makeEncoding(value, 'gzip', { encode, made }));

async function measure([kind, size, isPacked]) {
  const store = openStore(2 ** 30);
  const keep = async (n) => {
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
  return { entries, counted: bytes / entries, taken: taken / entries };
}

const measured = [];
for (const each of JSON.parse(cases)) measured.push(await measure(each));
process.stdout.write(JSON.stringify(measured));
