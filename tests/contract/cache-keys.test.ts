import { Agent, get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../src/core/cache-keys.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';
import { seeded } from '../support/seeded.ts';

const { takeDue } = outside;

/** `KEYS_STEPS` and `KEYS_SEED` ask for more changes, or for others. */
const steps = Number(process.env.KEYS_STEPS ?? 40);
const seed = Number(process.env.KEYS_SEED ?? 7);

/** What a cache would have kept of an address: what was answered, and its keys. */
type Kept = { status: number; body: string; location: string | undefined; keys: string[] };

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => {
  agent.destroy();
  return room.close();
});

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Asks as a cache does. That answers are as documented is looked at elsewhere, and would take as long as to make them. */
const look = (path: string) =>
  new Promise<Kept>((resolve, reject) => {
    const sent = get(`${room.app.url}${path}`, { agent }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      res.once('end', () => {
        const { statusCode: status = 0, headers } = res;
        const keys = String(headers['surrogate-key'] ?? '').split(' ');
        // A problem names its own request.
        resolve({ status, body: status < 400 ? text : '', location: headers.location, keys });
      });
    });
    sent.once('error', reject);
  });

/** The number of the last event. */
const lastEvent = async () =>
  (await room.app.sql<{ seq: string }>('SELECT coalesce(max(seq), 0)::text AS seq FROM events'))[0]?.seq ?? '0';

/** The keys that events name since the one with a number. */
const namedSince = async (seq: string) =>
  new Set(
    (
      await room.app.sql<{ key: string }>('SELECT DISTINCT unnest(keys) AS key FROM events WHERE seq > $1::bigint', [
        seq,
      ])
    ).map(({ key }) => key),
  );

describe('what caches must forget', () => {
  it('is named by an event, whatever changes: random changes of everything, and every address looked at after each', async () => {
    const { below, chance } = seeded(seed);
    const pick = <One>(list: readonly One[]): One => {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error('there is nothing to pick from');
      return one;
    };
    const ids: string[] = [];
    const slugs = new Set<string>(['নেই']);
    const labelNames = { tags: new Set<string>(['নেই-ট্যাগ']), sources: new Set<string>(['নেই-সূত্র']) };
    const labels = { tags: [] as string[], sources: [] as string[] };
    const words = ['ধান', 'নদী', 'হাট', 'সেতু', 'মেলা', 'বাঁধ', 'চর', 'ঘাট'];
    const instants = ['2026-01-05T06:00:00Z', '2026-02-21T00:00:00Z', '2028-02-21T00:00:00Z'];
    const ends = ['2026-03-01T00:00:00Z', '2029-01-01T00:00:00Z', null];
    let count = 0;

    const write = async (method: 'post' | 'patch' | 'put' | 'delete', path: string, body?: object) => {
      const makes = /^\/v1\/(\w+|sources\/.*\/items\/.*)$/.test(path);
      const request = room.as('admin', method, path).set(makes ? {} : { 'If-Match': '*' });
      const answer = await (body === undefined ? request : request.send(body));
      expect([method, path, answer.status < 500]).toEqual([method, path, true]);
      if (typeof answer.body?.slug === 'string' && path.startsWith('/v1/articles')) slugs.add(answer.body.slug);
      return answer;
    };
    const someTags = () =>
      words.slice(0, 3).flatMap(() => (labels.tags.length > 0 && chance(0.5) ? [pick(labels.tags)] : []));
    const someSource = () => (labels.sources.length > 0 && chance(0.6) ? pick(labels.sources) : null);
    const freeSlug = () => (chance(0.4) ? pick([...slugs]) : `slug-${below(12)}`);
    const fields = () => ({
      ...(chance(0.5) ? { title: `${pick(words)} ${pick(words)}` } : {}),
      ...(chance(0.4) ? { tags: someTags() } : {}),
      ...(chance(0.3) ? { source: someSource() } : {}),
      ...(chance(0.2) ? { language: pick(['bn', 'en']) } : {}),
      ...(chance(0.2) ? { slug: freeSlug() } : {}),
      ...(chance(0.2) ? { kicker: pick(words) } : {}),
      ...(chance(0.2) ? { publishedAt: pick(instants) } : {}),
      ...(chance(0.2) ? { expiresAt: pick(ends) } : {}),
    });
    const article = () => pathOf(pick(ids));
    const makeLabel = async (what: 'tags' | 'sources') => {
      count += 1;
      const slug = chance(0.4) ? { slug: pick([...labelNames[what]]) } : {};
      const { status, body } = await write('post', `/v1/${what}`, { name: `${pick(words)} ${count}`, ...slug });
      if (status !== 201) return;
      labels[what].push(body.id);
      labelNames[what].add(body.slug);
    };
    const patchLabel = async (what: 'tags' | 'sources') => {
      count += 1;
      const other = what === 'sources' ? { creditLine: `সূত্র ${count}` } : { description: `কথা ${count}` };
      const change = pick([{ name: `${pick(words)} ${count}` }, { slug: `${what}-${below(6)}` }, other]);
      const { body } = await write('patch', `/v1/${what}/${pick(labels[what])}`, change);
      if (typeof body.slug === 'string') labelNames[what].add(body.slug);
    };
    const removeLabel = async (what: 'tags' | 'sources') => {
      if (labels[what].length < 3) return;
      const [id, heir] = [pick(labels[what]), pick(labels[what])];
      const { status } = await write('delete', `/v1/${what}/${id}${chance(0.8) ? `?reassignTo=${heir}` : ''}`);
      if (status === 204) labels[what] = labels[what].filter((one) => one !== id);
    };
    /** An instant of a scheduled or public article passes, and is recorded. */
    const passTime = async () => {
      const [what, set] = pick([
        ['published', `published_at = m.at - interval '30 seconds', first_published_at = m.at - interval '30 seconds'`],
        ['expired', 'expires_at = m.at'],
      ] as const);
      await room.app.sql(
        `WITH m AS (SELECT date_trunc('milliseconds', now()) - interval '30 seconds' AS at),
           one AS (SELECT d.article_id FROM due d JOIN articles a ON a.id = d.article_id, m
             WHERE d.what = $1 AND (d.what = 'published' OR a.published_at < m.at) ORDER BY d.article_id LIMIT 1),
           moved AS (UPDATE articles a SET ${set} FROM m, one WHERE a.id = one.article_id RETURNING a.id, a.published_at, a.expires_at)
         UPDATE due d SET at = CASE WHEN $1 = 'published' THEN moved.published_at ELSE moved.expires_at END
         FROM moved WHERE d.article_id = moved.id AND d.what = $1`,
        [what],
      );
      await takeDue(room.app.deps.db);
    };
    const create = async () => {
      const { body } = await write('post', '/v1/articles', {
        ...fields(),
        title: `${pick(words)} ${pick(words)}`,
        language: pick(['bn', 'en', 'fr', 'de']),
        status: pick(['draft', 'published', 'published']),
      });
      if (typeof body.id === 'string') ids.push(body.id);
    };
    const item = async () => {
      count += 1;
      const { body } = await write('put', `/v1/sources/${pick(labels.sources)}/items/item-${below(3)}`, {
        itemVersion: count,
        title: `${pick(words)} ${count}`,
        ...(chance(0.2) ? { kill: { reason: 'ভুল ছিল।' } } : {}),
      });
      if (typeof body.id === 'string' && !ids.includes(body.id)) ids.push(body.id);
      if (typeof body.slug === 'string') slugs.add(body.slug);
    };
    const changes: readonly (readonly [number, () => Promise<unknown>])[] = [
      [3, create],
      [9, () => write('patch', article(), fields())],
      [4, () => write('post', `${article()}/publish`, chance(0.3) ? { at: pick(instants) } : {})],
      [1, () => write('post', `${article()}/unpublish`)],
      [1, () => write('post', `${article()}/archive`)],
      [2, () => write('delete', article())],
      [2, () => write('post', `${article()}/restore`)],
      [1, () => write('post', `${article()}/purge`)],
      [8, () => write('put', `${article()}/story`, { with: pick(ids) })],
      [1, () => write('delete', `${article()}/story`)],
      [2, () => write('patch', `${article()}/draft`, { title: `${pick(words)} খসড়া`, tags: someTags() })],
      [1, () => write('post', `${article()}/revisions/${1 + below(3)}/restore`)],
      [2, item],
      [4, passTime],
      [1, () => makeLabel('tags')],
      [1, () => makeLabel('sources')],
      [2, () => patchLabel('tags')],
      [2, () => patchLabel('sources')],
      [1, () => removeLabel('tags')],
      [1, () => removeLabel('sources')],
    ];
    const anyChange = changes.flatMap(([weight, change]) => Array.from({ length: weight }, () => change));

    const name = (text: string) => encodeURIComponent(text);
    const addresses = () => [
      ...ids.flatMap((id) => [pathOf(id), pathOf(id, '?include=latest&latestLimit=3'), `/v1/articles?ids=${id}`]),
      ...[...slugs].flatMap((slug) => [pathOf(slug), pathOf(slug, '?redirects=false')]),
      pathOf(ids[0] ?? '', '?include=latest&latestLimit=2&latestLanguage=en'),
      ...['', '?limit=3', '?language=en', '?language=bn,en&limit=2'].map((query) => `/v1/latest${query}`),
      ...['', '?language=en', '?sort=title', '?fields=title,translations', `?story=${ids[0]}`].map(
        (query) => `/v1/articles${query}`,
      ),
      ...[...labelNames.tags].flatMap((tag) => [
        `/v1/latest?tag=${name(tag)}`,
        `/v1/articles?tag=${name(tag)}`,
        `/v1/tags/${name(tag)}`,
      ]),
      ...[...labelNames.sources].flatMap((source) => [
        `/v1/latest?source=${name(source)}`,
        `/v1/sources/${name(source)}`,
      ]),
      ...labels.tags.flatMap((id) => [
        `/v1/tags/${id}`,
        `/v1/latest?tag=${id},${labels.tags[0]}&language=bn&source=${labels.sources.join()}`,
      ]),
      ...labels.sources.map((id) => `/v1/articles?source=${id}&tag=${labels.tags.join()}&sort=-title`),
      ...['/v1/redirects', '/v1/tags', '/v1/sources', '/v1/tags?limit=2'],
    ];

    for (const what of ['tags', 'sources', 'tags', 'sources', 'tags'] as const) await makeLabel(what);
    for (let made = 0; made < 5; made += 1) await create();
    const kept = new Map<string, Kept>();
    const seen = { looks: 0, changed: 0, dropped: 0, held: 0 };
    const unnamed: unknown[] = [];
    for (let step = 0; step < steps; step += 1) {
      const before = await lastEvent();
      const change = pick(anyChange);
      await change();
      const named = await namedSince(before);
      const looks = [...new Set(addresses())].map(async (path) => [path, await look(path)] as const);
      for (const [path, is] of await Promise.all(looks)) {
        const was = kept.get(path);
        kept.set(path, is);
        seen.looks += 1;
        // What is not there is in no cache.
        if (was === undefined || !was.keys.includes('all')) continue;
        const same = was.status === is.status && was.body === is.body && was.location === is.location;
        const forgotten = was.keys.some((key) => named.has(key));
        if (!same) seen.changed += 1;
        if (forgotten) seen.dropped += 1;
        else seen.held += 1;
        if (!same && !forgotten)
          unnamed.push({ step, path: decodeURIComponent(path), change: String(change), named: [...named], was, is });
      }
      if (ids.length > 12) ids.shift();
    }
    expect(unnamed.slice(0, 3)).toEqual([]);
    expect(seen.changed).toBeGreaterThan(2 * steps);
    // Most of what is kept stays kept.
    expect(seen.held).toBeGreaterThan(seen.dropped);
    if (process.env.KEYS_STEPS) console.log(seen);
  }, 560_000);

  it('is no page of another article and no list of another tag, whatever happens in a tag', async () => {
    const [a, b] = [await room.label('tags', { name: 'ক-বিভাগ' }), await room.label('tags', { name: 'খ-বিভাগ' })];
    const other = await room.story({ status: 'published', tags: [b.id] });
    const paths = [pathOf(other.id), pathOf(other.slug), `/v1/latest?tag=${b.slug}`, `/v1/articles?tag=${b.id}`];
    const [page, bySlug, ofTag, articlesOfTag] = await Promise.all([...paths, `/v1/tags/${b.slug}`].map(look));
    const untouched = [page, bySlug, ofTag, articlesOfTag]
      .flatMap((one) => one?.keys ?? [])
      .filter((key) => key !== 'all');
    const before = await lastEvent();
    const { id } = await room.story({ status: 'published', tags: [a.id] });
    await room.patch(id, { title: 'ক-বিভাগের খবর', slug: 'ka-bibhag', body: '<p>খবর</p>' }).expect(200);
    await room.patch(id, { publishedAt: '2028-02-21T00:00:00Z' }).expect(200);
    await room.step('publish', id).expect(200);
    await room.step('archive', id).expect(200);
    await room.trash(id).expect(204);
    const named = await namedSince(before);
    expect(untouched.filter((key) => named.has(key))).toEqual([]);
    expect([...named]).toEqual(expect.arrayContaining([cacheKeys.article(id), cacheKeys.latestOfTag(a.id), 'latest']));
  });
});
