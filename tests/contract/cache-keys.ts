import { Agent, get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../src/core/cache-keys.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';
import { type Known, openRandomChanges } from './random-changes.ts';

/** `KEYS_SEED` asks for other changes. */
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
const namedSince = async (seq: string) => {
  const text = 'SELECT DISTINCT unnest(keys) AS key FROM events WHERE seq > $1::bigint';
  return new Set((await room.app.sql<{ key: string }>(text, [seq])).map(({ key }) => key));
};

const name = (text: string) => encodeURIComponent(text);
/** The addresses under which readers may ask for what there is or was. */
const addressesOf = ({ ids, slugs, labels, labelNames }: Known) => [
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
  ...[...labelNames.sources].flatMap((source) => [`/v1/latest?source=${name(source)}`, `/v1/sources/${name(source)}`]),
  ...labels.tags.flatMap((id) => [
    `/v1/tags/${id}`,
    `/v1/latest?tag=${id},${labels.tags[0]}&language=bn&source=${labels.sources.join()}`,
  ]),
  ...labels.sources.map((id) => `/v1/articles?source=${id}&tag=${labels.tags.join()}&sort=-title`),
  ...['/v1/redirects', '/v1/tags', '/v1/sources', '/v1/tags?limit=2'],
];

/** So many random changes, after each of which every address is looked at. */
export const walk = (steps: number) =>
  describe('what caches must forget', () => {
    it('is named by an event, whatever changes: random changes of everything, and every address looked at after each', async () => {
      const { known, change } = await openRandomChanges(room, seed);
      const kept = new Map<string, Kept>();
      const seen = { looks: 0, changed: 0, dropped: 0, held: 0 };
      const unnamed: unknown[] = [];
      for (let step = 0; step < steps; step += 1) {
        const before = await lastEvent();
        const changed = await change();
        const named = await namedSince(before);
        const looks = [...new Set(addressesOf(known))].map(async (path) => [path, await look(path)] as const);
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
            unnamed.push({ step, path: decodeURIComponent(path), change: changed, named: [...named], was, is });
        }
        if (known.ids.length > 12) known.ids.shift();
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
      const untouched = (await Promise.all(paths.map(look))).flatMap(({ keys }) => keys).filter((key) => key !== 'all');
      expect(untouched.length).toBeGreaterThan(paths.length);
      const before = await lastEvent();
      const { id } = await room.story({ status: 'published', tags: [a.id] });
      await room.patch(id, { title: 'ক-বিভাগের খবর', slug: 'ka-bibhag', body: '<p>খবর</p>' }).expect(200);
      await room.patch(id, { publishedAt: '2028-02-21T00:00:00Z' }).expect(200);
      await room.step('publish', id).expect(200);
      await room.step('archive', id).expect(200);
      await room.trash(id).expect(204);
      const named = await namedSince(before);
      expect(untouched.filter((key) => named.has(key))).toEqual([]);
      expect([...named]).toEqual(
        expect.arrayContaining([cacheKeys.article(id), cacheKeys.latestOfTag(a.id), 'latest']),
      );
    });
  });
