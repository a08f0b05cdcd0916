import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../src/core/cache-keys.ts';
import { startApp } from '../support/app.ts';
import { type Newsroom, openNewsroom, pathOf, type Story } from '../support/newsroom.ts';

let room: Newsroom;
let tags: string[] = [];
let source = '';
let story: Story;
beforeAll(async () => {
  room = await openNewsroom();
  for (let count = 1; count <= 21; count += 1)
    tags = [...tags, (await room.label('tags', { name: `বিভাগ ${count}` })).id];
  source = (await room.label('sources', { name: 'কীর্তিনাশা বার্তা' })).id;
  story = await room.story({ status: 'published', tags: tags.slice(0, 2), source });
});
afterAll(() => room.close());

const header = async (path: string, status = 200): Promise<string> => {
  const { headers } = await room.as(null, 'get', path).expect(status);
  return headers['surrogate-key'] ?? '';
};
/** The keys besides the one that all answers have. */
const keysOf = async (path: string, status = 200) => {
  const [all, ...keys] = (await header(path, status)).split(' ');
  expect(all).toBe('all');
  return keys;
};
const { article, latestOfLanguage, latestOfSource, latestOfTag } = cacheKeys;
const ofLabels = (...ids: string[]) => ids.map((id) => cacheKeys.tag(id));

describe('what a public answer says that it shows', () => {
  it('is of a page the article, its story, its source and its tags, by ids of 22 characters', async () => {
    const keys = [
      article(story.id),
      cacheKeys.story(story.id),
      cacheKeys.source(source),
      ...ofLabels(...tags.slice(0, 2)),
    ];
    for (const path of [pathOf(story.id), pathOf(story.slug), pathOf(story.id, '?fields=title')])
      expect((await keysOf(path)).sort()).toEqual([...keys].sort());
    expect(article(story.id)).toMatch(/^a:[\w-]{22}$/);
    expect(await keysOf(pathOf(story.id, '?include=latest'))).toEqual(
      expect.arrayContaining([...keys, 'latest', 'tags', 'sources']),
    );
    expect(await keysOf(pathOf(story.id, '?include=latest&latestLanguage=en'))).toEqual(
      expect.arrayContaining([...keys, 'latest:l:en', 'tags', 'sources']),
    );
  });

  it('is all tags where a page has more than 20', async () => {
    const { id } = await room.story({ status: 'published', tags });
    expect(await keysOf(pathOf(id))).toEqual([article(id), cacheKeys.story(id), 'tags']);
    await room.patch(id, { tags: tags.slice(0, 20) }).expect(200);
    expect(await keysOf(pathOf(id))).toHaveLength(22);
  });

  it('is of a list the filter with the fewest values, beside all tags and sources', async () => {
    const labels = ['tags', 'sources'];
    const ids = (count: number) => tags.slice(0, count).join();
    const slug = encodeURIComponent('বিভাগ-1');
    const lists: [string, string[]][] = [
      ['', ['latest']],
      [`?exclude=${story.id}&limit=2`, ['latest']],
      [`?tag=${slug}`, [latestOfTag(tags[0] ?? '')]],
      [`?tag=${ids(2)}`, tags.slice(0, 2).map(latestOfTag)],
      [`?tag=${ids(10)}`, tags.slice(0, 10).map(latestOfTag)],
      [`?tag=${ids(11)}`, ['latest']],
      [`?tag=${ids(2)}&source=${source}`, [latestOfSource(source)]],
      [`?tag=${ids(2)}&source=${source},${tags[0]}&language=bn`, [latestOfLanguage('bn')]],
      [`?tag=${slug},%E0%A6%A8%E0%A7%87%E0%A6%87`, [latestOfTag(tags[0] ?? '')]],
      ['?tag=none', []],
      ['?source=none&language=bn,en', []],
    ];
    for (const [query, keys] of lists)
      expect([query, (await keysOf(`/v1/latest${query}`)).sort()]).toEqual([query, [...keys, ...labels].sort()]);
    expect(await keysOf(`/v1/articles?source=${source}`)).toEqual([latestOfSource(source), ...labels, 'stories']);
    expect(await keysOf(`/v1/articles?source=${source}&fields=title`)).toEqual([latestOfSource(source), ...labels]);
    expect(await keysOf('/v1/articles?tag=none&sort=title')).toEqual([...labels, 'stories']);
    expect(await keysOf('/v1/articles?publishedFrom=2026-03-01&publishedTo=2026-02-01')).toContain('latest');
  });

  it('is the tag, the source, or the list of them', async () => {
    expect(await keysOf(`/v1/tags/${tags[0]}`)).toEqual(ofLabels(tags[0] ?? ''));
    expect(await keysOf(`/v1/sources/${source}`)).toEqual([cacheKeys.source(source)]);
    expect(await keysOf('/v1/tags')).toEqual(['tags']);
    expect(await keysOf('/v1/sources')).toEqual(['sources']);
    expect(await keysOf('/v1/redirects')).toEqual(['redirects']);
    expect(await keysOf('/openapi.json')).toEqual([]);
  });

  it('is where an old name leads, and what is gone', async () => {
    const { id, slug } = await room.story({ status: 'published' });
    await room.patch(id, { slug: 'notun-thikana' }).expect(200);
    expect(await keysOf(pathOf(slug), 308)).toEqual(['redirects', article(id)]);
    expect(await keysOf(pathOf(slug, '?redirects=false'))).toEqual([article(id), cacheKeys.story(id), 'redirects']);
    const tag = await room.label('tags', { name: 'পুরোনো নাম' });
    await room
      .as('editor', 'patch', `/v1/tags/${tag.id}`)
      .set('If-Match', '*')
      .send({ slug: 'natun-naam' })
      .expect(200);
    expect(await keysOf(`/v1/tags/${encodeURIComponent(tag.slug)}`, 308)).toEqual(['redirects', ...ofLabels(tag.id)]);
    await room.trash(id).expect(204);
    expect(await keysOf(pathOf(id), 410)).toContain(article(id));
    const { headers } = await room.read(id, 'author').expect(410);
    expect(headers).not.toHaveProperty('surrogate-key');
  });

  it('is in the answer that nothing is new as well', async () => {
    const { headers } = await room.as(null, 'get', '/v1/latest').expect(200);
    const again = await room.as(null, 'get', '/v1/latest').set('If-None-Match', String(headers.etag)).expect(304);
    expect(again.headers['surrogate-key']).toBe(headers['surrogate-key']);
  });

  it('is told to nobody with a token, and with nothing that caches must not keep', async () => {
    for (const path of [pathOf(story.id), '/v1/articles', '/v1/latest']) {
      const { headers } = await room.as('viewer', 'get', path).expect(200);
      expect(headers).not.toHaveProperty('surrogate-key');
    }
    for (const [path, status] of [
      ['/livez', 200],
      [pathOf('নেই'), 404],
    ] as const)
      expect(await header(path, status)).toBe('');
  });

  it('fits into 1 KB, however much is asked', async () => {
    const { id } = await room.story({ status: 'published', tags: tags.slice(0, 20), source });
    const long = Array.from({ length: 10 }, (_, index) => `en-x-aaaaaaaa-bbbbbbbb-cccccccc-dd${index}`).join();
    const sizes = [
      await header(pathOf(id, `?include=latest&latestLanguage=${long}`)),
      await header(`/v1/latest?language=${long}`),
      await header(`/v1/latest?tag=${tags.slice(0, 10).join()}`),
    ].map((value) => value.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_024);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('stands in Cache-Tag with commas where that is set', async () => {
    const cdn = await startApp({ CACHE_KEYS_HEADER: 'Cache-Tag' }, { databaseUrl: room.app.databaseUrl });
    try {
      const { headers } = await cdn.request('get', '/v1/latest').expect(200);
      expect(headers['cache-tag']).toBe('all,latest,tags,sources');
      expect(headers).not.toHaveProperty('surrogate-key');
    } finally {
      await cdn.close();
    }
  });
});
