import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';

describe('the old slug of an article', () => {
  let room: Newsroom;
  const rename = (story: Pick<Story, 'id'>, slug: string) => room.patch(story.id, { slug }).expect(200);
  const location = (slug: string, query = '') => `https://news.example/api${pathOf(slug, query)}`;
  const redirects = async (from: string, to: string) => {
    const { headers } = await room.read(from).expect(308);
    expect(headers.location).toBe(location(to));
  };
  const history = () => room.app.sql('SELECT slug, article_id FROM slug_history ORDER BY slug');

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('answers 308 at once, never 304, plain and with the old ETag, and the lists show the new one', async () => {
    const story = await room.story({ title: 'মেঘনার ভাঙন', status: 'published' });
    const { headers } = await room.read(story.slug).expect(200);
    await rename(story, 'meghnar-bhangon');
    await redirects(story.slug, 'meghnar-bhangon');
    for (const etag of [headers.etag ?? '', '*', '"1"', 'W/"1"']) {
      const answer = await room.read(story.slug).set('If-None-Match', etag);
      expect([answer.status, answer.headers.location]).toEqual([308, location('meghnar-bhangon')]);
      expect(answer.headers).not.toHaveProperty('etag');
      expect(answer.text).toBe('');
    }
    await room.as(null, 'head', pathOf(story.slug)).expect(308);
    const latest = await room.as(null, 'get', '/v1/latest?limit=1').expect(200);
    expect(latest.body.data[0]).toMatchObject({ id: story.id, slug: 'meghnar-bhangon' });
  });

  it('is the same at once on another instance', async () => {
    const story = await room.story({ title: 'তিস্তার চরে হাট', status: 'published' });
    const other = await startApp({}, { databaseUrl: room.app.databaseUrl });
    try {
      const { headers } = await other.request('get', pathOf(story.slug)).expect(200);
      await rename(story, 'tistar-hat');
      const old = await other.request('get', pathOf(story.slug)).set('If-None-Match', headers.etag ?? '');
      expect([old.status, old.headers.location]).toEqual([308, location('tistar-hat')]);
      const latest = await other.request('get', '/v1/latest?limit=1').expect(200);
      expect(latest.body.data[0]).toMatchObject({ id: story.id, slug: 'tistar-hat' });
    } finally {
      await other.close();
    }
  });

  it('keeps the query, and is found in another spelling and in capitals', async () => {
    const story = await room.story({ slug: 'Rail-পাড়া', status: 'published' });
    await rename(story, 'নতুন-পাড়া');
    for (const segment of ['RAIL-পাড়া', 'rail-পা\u09DCা', 'Rail_পাড়া']) {
      const answer = await room.as(null, 'get', pathOf(segment, '?include=latest&fields=title')).expect(308);
      expect(answer.headers.location).toBe(location('নতুন-পাড়া', '?include=latest&fields=title'));
    }
    const followed = await room.as(null, 'get', pathOf('নতুন-পাড়া', '?fields=title')).expect(200);
    expect(followed.body).toEqual({ id: story.id, title: story.title });
  });

  it('leads to where the article is now in one hop after several renames, and back again', async () => {
    const story = await room.story({ slug: 'one', status: 'published' });
    for (const slug of ['two', 'three', 'four']) await rename(story, slug);
    for (const old of ['one', 'two', 'three']) await redirects(old, 'four');
    await rename(story, 'two');
    for (const old of ['one', 'three', 'four']) await redirects(old, 'two');
    await room.read('two').expect(200);
    expect(await history()).not.toContainEqual({ slug: 'two', article_id: story.id });
  });

  it('is not kept for what was never public', async () => {
    const before = await history();
    const draft = await room.story({ slug: 'khosra' });
    const planned = await room.story({ slug: 'agami', status: 'published', publishedAt: '2030-01-01T00:00:00Z' });
    await rename(draft, 'khosra-2026');
    await rename(planned, 'agami-2030');
    for (const old of ['khosra', 'agami']) await room.read(old, 'editor').expect(404);
    expect(await history()).toEqual(before);
  });

  it('is free to others, and a live slug beats it', async () => {
    const first = await room.story({ slug: 'mela', status: 'published' });
    await rename(first, 'mela-2025');
    const second = await room.story({ slug: 'mela', status: 'published' });
    expect((await room.read('mela').expect(200)).body.id).toBe(second.id);
    await rename(second, 'mela-2026');
    await redirects('mela', 'mela-2026');
    const derived = await room.story({ title: 'Mela', status: 'published' });
    expect(derived.slug).toBe('mela');
    expect((await room.read('mela').expect(200)).body.id).toBe(derived.id);
  });

  it('goes on redirecting readers while a draft has it that they never had, which they must not learn of', async () => {
    const story = await room.story({ slug: 'nodi', status: 'published' });
    await rename(story, 'nodi-2025');
    const listed = async () => {
      const { body } = await room.as(null, 'get', '/v1/redirects?limit=100').expect(200);
      return body.data.some(({ from }: { from: string }) => from === 'nodi');
    };
    const draft = await room.story({ slug: 'nodi' });
    await redirects('nodi', 'nodi-2025');
    expect(await listed()).toBe(true);
    expect((await room.read('nodi', 'editor').expect(200)).body.id).toBe(draft.id);
    await room.step('publish', draft.id).expect(200);
    expect((await room.read('nodi').expect(200)).body.id).toBe(draft.id);
    expect(await listed()).toBe(false);
    await room.step('unpublish', draft.id).expect(200);
    await room.read('nodi').expect(404);
    expect(await listed()).toBe(false);
    await room.step('publish', draft.id).expect(200);
    await room.step('archive', draft.id).expect(200);
    await room.read('nodi').expect(410);
    expect(await listed()).toBe(false);
  });

  it.each([
    ['unpublish', 404],
    ['archive', 410],
  ] as const)('answers after %s as the article itself does: %i', async (step, expected) => {
    const story = await room.story({ slug: `old-${step}`, status: 'published' });
    await rename(story, `new-${step}`);
    await room.step(step, story.id).expect(200);
    for (const name of [`old-${step}`, `new-${step}`, story.id]) await room.read(name).expect(expected);
    const { headers } = await room.read(`old-${step}`, 'viewer').expect(308);
    expect(headers.location).toBe(location(`new-${step}`));
  });

  it('answers 410 once the article is in the trash, and leads there again when it is restored and published', async () => {
    const story = await room.story({ slug: 'haor', status: 'published' });
    await rename(story, 'haor-2025');
    await room.trash(story.id).expect(204);
    await room.read('haor').expect(410);
    await room.step('restore', story.id).expect(200);
    await room.read('haor').expect(404);
    await room.step('publish', story.id).expect(200);
    await redirects('haor', 'haor-2025');
  });

  it('takes no write', async () => {
    const story = await room.story({ slug: 'bil', status: 'published' });
    await rename(story, 'bil-2025');
    const answer = await changesNothing(room, () => room.patch('bil', { kicker: 'ক' }));
    expect(answer.status).toBe(404);
    expect((await changesNothing(room, () => room.trash('bil'))).status).toBe(404);
  });
});
