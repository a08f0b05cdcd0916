import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { type CachedRoom, keepAnswers, openCachedRoom } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { pathOf } from '../support/newsroom.ts';

let kept: CachedRoom;
beforeAll(async () => {
  kept = await openCachedRoom();
});
afterAll(() => kept.close());

describe('after a change the next reader', () => {
  it('sees it everywhere: page, old address, lists, other editions', async () => {
    const before = await kept.published({ title: 'চরের মানুষ' });
    const edition = await kept.published({ title: 'People of the char', language: 'en' });
    await kept.room.link(edition.id, before.id).expect(200);
    const paths = [pathOf(before.slug), pathOf(edition.id), '/v1/latest', '/v1/latest?language=bn', '/v1/articles'];
    for (const path of paths) expect((await kept.get(path).expect(200)).text).toContain('চরের মানুষ');
    const { headers } = await kept.get(pathOf(before.slug)).expect(200);
    await kept.room.patch(before.id, { title: 'চরের জীবন', slug: 'চরের-জীবন' }).expect(200);
    await kept.get(pathOf(before.slug)).expect(308);
    await kept.get(pathOf(before.slug)).set('If-None-Match', String(headers.etag)).expect(308);
    for (const path of [pathOf('চরের-জীবন'), ...paths.slice(1)]) {
      const { text } = await kept.get(path).expect(200);
      expect(text).toContain('চরের জীবন');
      expect(text).not.toContain('চরের মানুষ');
    }
  });

  it('sees a new name of a tag and of a source in pages and lists', async () => {
    const tag = await kept.room.label('tags', { name: 'পুরোনো বিভাগ' });
    const source = await kept.room.label('sources', { name: 'পুরোনো বার্তা' });
    const { id } = await kept.published({ tags: [tag.id], source: source.id });
    const paths = [
      pathOf(id),
      '/v1/latest',
      `/v1/latest?tag=${encodeURIComponent(tag.slug)}`,
      '/v1/tags',
      '/v1/sources',
    ];
    for (const path of paths) await kept.get(path).expect(200);
    const rename = (path: string, name: string) =>
      kept.room.as('editor', 'patch', path).set('If-Match', '*').send({ name }).expect(200);
    await rename(`/v1/tags/${tag.id}`, 'নতুন বিভাগ');
    await rename(`/v1/sources/${source.id}`, 'নতুন বার্তা');
    for (const path of paths) expect((await kept.get(path).expect(200)).text).not.toMatch(/পুরোনো (বিভাগ|বার্তা)"/);
  });

  it('finds what is gone, what is back, and what took its address', async () => {
    const { id, slug } = await kept.published({ title: 'হাটবার' });
    await kept.get(pathOf(slug)).expect(200);
    await kept.room.step('archive', id).expect(200);
    await kept.get(pathOf(slug)).expect(410);
    await kept.room.step('restore', id).expect(200);
    await kept.get(pathOf(slug)).expect(404);
    await kept.room.step('publish', id).expect(200);
    await kept.get(pathOf(slug)).expect(200);
    await kept.room.patch(id, { slug: 'হাটবার-শেষে' }).expect(200);
    await kept.get(pathOf(slug)).expect(308);
    const other = await kept.published({ slug });
    expect((await kept.get(pathOf(slug)).expect(200)).body.id).toBe(other.id);
  });
});

describe('another instance', () => {
  let other: TestApp;
  let stopOther: () => Promise<void>;
  beforeAll(async () => {
    other = await startApp({}, { databaseUrl: kept.room.app.databaseUrl });
    stopOther = await keepAnswers(other);
  });
  afterAll(async () => {
    await stopOther();
    await other.close();
  });

  it('shows a change within two seconds, though nothing tells it and the change has no position yet', async () => {
    const { id } = await kept.published({ title: 'ওপারে' });
    const read = () => other.request('get', pathOf(id)).expect(200);
    for (const _ of [1, 2]) await read();
    await kept.room.patch(id, { title: 'এপারে' }).expect(200);
    await eventually(async () => expect((await read()).body.title).toBe('এপারে'), 2_000);
  });

  it('answers from the database while it does not know what others have changed', async () => {
    const { id } = await kept.published({ title: 'জানা নেই' });
    const read = () => other.request('get', pathOf(id)).expect(200);
    for (const _ of [1, 2]) await read();
    await stopOther();
    await kept.room.patch(id, { title: 'জানা গেল' }).expect(200);
    expect((await read()).body.title).toBe('জানা গেল');
    stopOther = await keepAnswers(other);
    for (const _ of [1, 2]) expect((await read()).body.title).toBe('জানা গেল');
  });
});
