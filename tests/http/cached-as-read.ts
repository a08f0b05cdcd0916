import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startApp, type TestApp } from '../support/app.ts';
import { commonPart, keepAnswers } from '../support/cached.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

let room: Newsroom;
let plain: TestApp;
let stop: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  plain = await startApp({ RESPONSE_CACHE_BYTES: '0' }, { databaseUrl: room.app.databaseUrl });
  stop = await keepAnswers(room.app);
});
afterAll(async () => {
  await stop();
  await plain.close();
  await room.close();
});

const ask = (app: TestApp, path: string) => app.request('get', path).set('Accept-Encoding', 'identity');

const labels = {
  tags: ['নদী', 'কৃষি', 'খেলা'],
  sources: ['ডাক', 'তার'],
};
const slugs = ['প্রথম', 'দ্বিতীয়', 'তৃতীয়', 'চতুর্থ', 'পঞ্চম'];

const which = fc.nat(3);
const slug = fc.constantFrom(...slugs);
const tag = fc.constantFrom(...labels.tags);
const change = fc.oneof(
  fc.record({ do: fc.constant('create' as const), slug, tag, language: fc.constantFrom('bn', 'en') }),
  fc.record({ do: fc.constant('title' as const), which, title: fc.constantFrom('এক', 'দুই', 'তিন') }),
  fc.record({ do: fc.constant('slug' as const), which, slug }),
  fc.record({ do: fc.constant('tags' as const), which, tags: fc.subarray(labels.tags) }),
  fc.record({ do: fc.constant('source' as const), which, source: fc.constantFrom(...labels.sources, null) }),
  fc.record({
    do: fc.constantFrom(
      'publish' as const,
      'unpublish' as const,
      'archive' as const,
      'restore' as const,
      'trash' as const,
    ),
    which,
  }),
  fc.record({ do: fc.constant('purge' as const), which }),
  fc.record({ do: fc.constant('link' as const), which, to: which }),
  fc.record({ do: fc.constant('rename' as const), tag, name: fc.constantFrom('নদ', 'চাষ', 'মাঠ') }),
  fc.record({ do: fc.constant('merge' as const), tag, into: tag }),
  fc.record({ do: fc.constant('tag' as const), tag }),
);
type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;

/** Makes the change as an editor, whether or not it is refused. */
async function make(one: Change, ids: string[]): Promise<void> {
  const send = (method: 'post' | 'put' | 'patch', path: string, body: object) =>
    room.as('admin', method, path).set('If-Match', '*').send(body);
  if (one.do === 'create') {
    const body = { title: `খবর ${one.slug}`, slug: one.slug, language: one.language, status: 'published' };
    const { body: made } = await room.create({ ...body, tags: [one.tag] }, 'admin');
    // A tag may be gone by now.
    const { body: untagged } = made.id === undefined ? await room.create(body, 'admin') : { body: made };
    if (untagged.id !== undefined) ids.unshift(untagged.id);
    return;
  }
  if (one.do === 'rename')
    return void (await send('patch', pathOf(one.tag).replace('articles', 'tags'), { name: one.name }));
  if (one.do === 'merge')
    return void (await send('post', `${pathOf(one.tag).replace('articles', 'tags')}/merge`, { into: one.into }));
  if (one.do === 'tag') return void (await send('post', '/v1/tags', { name: one.tag, slug: one.tag }));
  const id = ids[one.which];
  if (id === undefined) return;
  if (one.do === 'title') await room.patch(id, { title: one.title });
  else if (one.do === 'slug') await room.patch(id, { slug: one.slug });
  else if (one.do === 'tags') await room.patch(id, { tags: one.tags });
  else if (one.do === 'source') await room.patch(id, { source: one.source });
  else if (one.do === 'trash') await room.trash(id);
  else if (one.do === 'purge') await send('post', `${pathOf(id)}/purge`, {});
  else if (one.do === 'link') await send('put', `${pathOf(id)}/story`, { with: ids[one.to] ?? id });
  else await room.step(one.do, id, undefined);
}

const paths = (ids: readonly string[]) => [
  ...ids.slice(0, 4).map((id) => pathOf(id)),
  ...slugs.map((one) => pathOf(one)),
  ...slugs.slice(0, 2).map((one) => pathOf(one, '?redirects=false&include=latest&latestLimit=3')),
  pathOf(slugs[2] ?? '', '?fields=title,tags,translations'),
  '/v1/latest?limit=5',
  '/v1/latest?language=en',
  ...labels.tags.map((one) => `/v1/latest?tag=${encodeURIComponent(one)}`),
  `/v1/latest?source=${encodeURIComponent(labels.sources[0] ?? '')}&tag=${encodeURIComponent(labels.tags[0] ?? '')}`,
  '/v1/articles?sort=title&limit=5',
  '/v1/articles?fields=translations,slug',
  '/v1/redirects',
  '/v1/tags',
  '/v1/sources',
  ...labels.tags.map((one) => `/v1/tags/${encodeURIComponent(one)}`),
];

/** So many newsrooms, each of some random changes. */
export const compare = (numRuns: number) =>
  it('whatever was kept, each answer after a change is the one that the database gives', async () => {
    const hitsBefore = room.app.deps.cache?.state().hits ?? 0;
    let compared = 0;
    const property = fc.asyncProperty(fc.array(change, { minLength: 4, maxLength: 12 }), async (changes) => {
      const ids: string[] = [];
      for (const [what, names] of Object.entries(labels))
        for (const name of names) await room.as('admin', 'post', `/v1/${what}`).send({ name, slug: name });
      for (const one of changes) {
        await make(one, ids);
        const asked = paths(ids);
        const read = await Promise.all(asked.map(async (path) => [path, commonPart(await ask(plain, path))]));
        const kept = await Promise.all(asked.map(async (path) => [path, commonPart(await ask(room.app, path))]));
        expect([one, kept]).toEqual([one, read]);
        compared += kept.length;
      }
    });
    await fc.assert(property, { numRuns, endOnFailure: true });
    expect(compared).toBeGreaterThan(80 * numRuns);
    expect((room.app.deps.cache?.state().hits ?? 0) - hitsBefore).toBeGreaterThan(16 * numRuns);
  }, 240_000);
