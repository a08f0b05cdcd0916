// Calls that meet in each other's way, on two instances: `npm run crossings [-- --rounds 50 --only wires]`. Prints what each kind of round
// came to. Fails if a call is answered with a fault of ours, not at all, or with what its round does not allow.
import { parseArgs } from 'node:util';
import { administer, build, instance, makeFolder, openHouse, removeFolder } from './house.mjs';
import { logIn } from './load.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    /** A word of the kinds to run. */ only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);

const folder = makeFolder();
build();
const house = await openHouse(folder);
const apis = [await instance(house.env), await instance(house.env)];
await apis[0].start();
await apis[1].start();
const token = await logIn(apis[0].url);

/** One call, on the first instance or the second. */
async function send(at, method, path, body) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  if (method !== 'POST' || /publish$|merge$|link$/.test(path)) headers['If-Match'] = '*';
  const res = await fetch(`${apis[at].url}${path}`, { method, headers, body: JSON.stringify(body ?? {}) });
  return { status: res.status, body: JSON.parse((await res.text()) || '{}') };
}

let serial = 0;
const name = (what) => {
  serial += 1;
  return `${what} ${serial}`;
};

async function made(path, body) {
  const answer = await send(0, 'POST', path, body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const article = (more = {}) =>
  made('/v1/articles', { title: name('মোড়ের খবর'), body: '<p>দুই পথ এক মোড়ে।</p>', ...more });
const bulk = (at, operations, atomic = true) => send(at, 'POST', '/v1/articles/bulk', { operations, atomic });
const update = ({ id }, body) => ({ op: 'update', id, ifMatch: '*', body });
const publish = ({ id }) => ({ op: 'publish', id, ifMatch: '*', body: {} });

/** A bulk, judged by the worst of its operations. */
async function creations(at, bodies, atomic) {
  const operations = bodies.map((body) => ({ op: 'create', body }));
  const answer = await bulk(at, operations, atomic);
  const worst = answer.body.results?.toSorted((a, b) => b.status - a.status)[0];
  return worst === undefined ? answer : { status: worst.status, body: worst.problem ?? {} };
}

/** Each kind makes what it needs and gives the calls that go out together. */
const kinds = {
  'bulks in opposite order': {
    allowed: [200],
    async round() {
      const all = [await article(), await article(), await article(), await article()];
      const operations = all.map((one) => update(one, { kicker: name('মোড়') }));
      return [
        bulk(0, operations),
        bulk(1, operations.toReversed()),
        bulk(0, operations, false),
        bulk(1, operations.toReversed()),
      ];
    },
  },
  'bulks that swap slugs': {
    allowed: [200, 409, 422],
    async round() {
      const [one, two] = [await article(), await article()];
      const swap = (a, b) => [update(a, { slug: b.slug }), update(b, { slug: a.slug })];
      return [bulk(0, swap(one, two)), bulk(1, swap(two, one)), bulk(1, swap(one, two))];
    },
  },
  'links both ways': {
    allowed: [200, 409, 422],
    async round() {
      const all = [await article(), await article({ language: 'en' }), await article({ language: 'hi' })];
      const link = (at, a, b) => send(at, 'PUT', `/v1/articles/${a.id}/story`, { with: b.id });
      const [a, b, c] = all;
      return [link(0, a, b), link(1, b, a), link(0, b, c), link(1, c, a)];
    },
  },
  'merges both ways, and articles with both tags': {
    allowed: [200, 201, 404, 409, 422],
    async round() {
      const tags = [await made('/v1/tags', { name: name('মোড়') }), await made('/v1/tags', { name: name('পথ') })];
      const stories = [await article({ tags: tags.map(({ id }) => id) }), await article({ tags: [tags[1].id] })];
      const merge = (at, from, to) => send(at, 'POST', `/v1/tags/${from.id}/merge`, { into: to.id });
      const retag = (at, story, ids) => send(at, 'PATCH', `/v1/articles/${story.id}`, { tags: ids });
      return [
        merge(0, tags[0], tags[1]),
        merge(1, tags[1], tags[0]),
        retag(0, stories[0], [tags[1].id, tags[0].id]),
        retag(1, stories[1], [tags[0].id]),
        send(1, 'POST', '/v1/articles', { title: name('মোড়'), body: '<p>পথ।</p>', tags: [tags[0].id] }),
      ];
    },
  },
  'publications, drafts and bulks of the same articles': {
    allowed: [200, 409, 412, 422],
    async round() {
      const all = [await article(), await article()];
      for (const { id } of all) await send(0, 'PATCH', `/v1/articles/${id}/draft`, { excerpt: name('সারাংশ') });
      const operations = all.map(publish);
      return [
        bulk(0, operations),
        bulk(1, operations.toReversed()),
        ...all.map(({ id }, at) => send(at, 'POST', `/v1/articles/${id}/publish`)),
        ...all.map(({ id }, at) => send(1 - at, 'PATCH', `/v1/articles/${id}`, { kicker: 'মোড়' })),
      ];
    },
  },
  'bulks that make articles of the same titles and tags in opposite order': {
    allowed: [201],
    async round() {
      const tags = [await made('/v1/tags', { name: name('মোড়') }), await made('/v1/tags', { name: name('পথ') })];
      const bodies = Array.from({ length: 6 }, (_, at) => ({ title: name('একই সারি'), tags: [tags[at % 2].id] }));
      return [true, false].flatMap((atomic) => [
        creations(0, bodies, atomic),
        creations(1, bodies.toReversed(), atomic),
      ]);
    },
  },
  'newer versions of wires, and bulks and merges that meet them': {
    allowed: [200, 201, 404, 409],
    async round() {
      const { id: source } = await made('/v1/sources', { name: name('তার') });
      const tags = [await made('/v1/tags', { name: name('মোড়') }), await made('/v1/tags', { name: name('পথ') })];
      const put = (at, item, itemVersion) => {
        const sent = { itemVersion, title: name('তারের খবর'), tags: [tags[itemVersion % 2].id] };
        return send(at, 'PUT', `/v1/sources/${source}/items/${item}`, sent);
      };
      const articles = [];
      for (const item of ['a', 'b']) {
        const body = { title: name('তারের খবর'), source, sourceItemId: item };
        articles.push(await article(body));
      }
      const operations = articles.map((one) => update(one, { kicker: name('মোড়') }));
      return [
        ...[1, 2, 3].flatMap((version) => [put(0, 'a', version), put(1, 'b', version), put(1, 'a', version)]),
        bulk(0, operations),
        bulk(1, operations.toReversed()),
        send(0, 'POST', `/v1/tags/${tags[0].id}/merge`, { into: tags[1].id }),
      ];
    },
  },
  'creates of one title': {
    allowed: [201],
    round() {
      const title = name('একই নাম');
      return Array.from({ length: 6 }, (_, at) => send(at % 2, 'POST', '/v1/articles', { title, body: '<p>পথ।</p>' }));
    },
  },
};

const countText = 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()';
const deadlocksOf = async () => (await administer(house.adminUrl, countText))[0].deadlocks;
const before = await deadlocksOf();

let wrong = 0;
for (const [kind, { allowed, round }] of Object.entries(kinds)) {
  if (!kind.includes(values.only)) continue;
  const seen = new Map();
  let longestMs = 0;
  for (let turn = 0; turn < rounds; turn += 1) {
    const began = performance.now();
    const answers = await Promise.all(await round());
    longestMs = Math.max(longestMs, performance.now() - began);
    for (const { status, body } of answers) {
      const word = status < 400 ? String(status) : `${status} ${body.code}`;
      seen.set(word, (seen.get(word) ?? 0) + 1);
      if (!allowed.includes(status)) {
        wrong += 1;
        console.error(kind, status, JSON.stringify(body).slice(0, 400));
      }
    }
  }
  const words = [...seen].sort().map(([word, count]) => `${count} x ${word}`);
  console.log(`${kind}: ${words.join(', ')}; the longest round ${longestMs.toFixed(0)} ms`);
}
console.log(
  `${rounds} rounds of each; deadlocks that PostgreSQL broke: ${(await deadlocksOf()) - before}; not allowed: ${wrong}`,
);
for (const api of apis) await api.stop();
await house.close();
removeFolder(folder);
process.exitCode = wrong === 0 ? 0 : 1;
