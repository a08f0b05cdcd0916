import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';

describe('GET /v1/articles/{idOrSlug}', () => {
  let room: Newsroom;
  let story: Story;

  beforeAll(async () => {
    room = await openNewsroom();
    const source = await room.label('sources', { name: 'করতোয়া বার্তা' });
    await room.label('tags', { name: 'কৃষি' });
    await room.story({ title: 'আগের খবর', status: 'published', publishedAt: '2025-01-01T00:00:00Z', tags: ['কৃষি'] });
    story = await room.story({
      title: 'পাড়ার হাটে পাট',
      body: '<p>পাট উঠেছে।</p>',
      source: source.id,
      tags: ['কৃষি'],
      status: 'published',
    });
  });
  afterAll(() => room.close());

  it('opens by id, by slug, in capitals, in the other spelling, and never by a part of it', async () => {
    const names = [story.id, story.slug, 'পা\u09DCার হাটে পাট', 'পা\u09A1\u09BCার-হাটে-পাট', `${story.slug}!`];
    for (const name of names) expect((await room.read(name).expect(200)).body.id).toBe(story.id);
    for (const name of ['পাড়ার-হাটে', `${story.slug}-2`, story.id.toUpperCase(), `{${story.id}}`, '%', '\u0000'])
      await room.read(name).expect(404);
  });

  it('shows readers every public member, and staff what they see besides', async () => {
    const { body } = await room.read(story.slug).expect(200);
    const { warnings: _, ...written } = story;
    const staff = ['createdBy', 'createdAt', 'updatedBy', 'updatedAt', 'deletedAt', 'notes'];
    expect(body).toEqual(Object.fromEntries(Object.entries(written).filter(([member]) => !staff.includes(member))));
    expect((await room.read(story.slug, 'viewer').expect(200)).body).toEqual(written);
  });

  it('shows only the fields that are asked for, and always the id', async () => {
    const ask = async (query: string) => (await room.as(null, 'get', pathOf(story.id, query)).expect(200)).body;
    expect(await ask('?fields=title')).toEqual({ id: story.id, title: story.title });
    expect(await ask('?fields=id')).toEqual({ id: story.id });
    expect(await ask('?fields=tags,source,version')).toEqual({
      id: story.id,
      source: story.source,
      tags: story.tags,
      version: 1,
    });
  });

  it('adds the latest list without the article itself, also to chosen fields', async () => {
    const { body } = await room.as(null, 'get', pathOf(story.slug, '?include=latest')).expect(200);
    expect(body).toMatchObject({ id: story.id, body: story.body });
    expect(body.latest.data.map((item: Story) => item.title)).toEqual(['আগের খবর']);
    const sparse = await room.as(null, 'get', pathOf(story.slug, '?fields=title&include=latest')).expect(200);
    expect(sparse.body).toEqual({ id: story.id, title: story.title, latest: body.latest });
    const { body: latest } = await room.as(null, 'get', `/v1/latest?exclude=${story.id}`).expect(200);
    expect(body.latest.data).toEqual(latest.data);
  });

  it.each([
    ['fields=', '/fields'],
    ['fields=title,password', '/fields'],
    ['fields=createdBy', '/fields'],
    ['fields=title&fields=slug', '/fields'],
    ['include=tags', '/include'],
    ['include=', '/include'],
    ['Fields=title', '/Fields'],
    ['_=1', '/_'],
    ['expand[tags]=1', '/expand[tags]'],
  ])('refuses the query %s', async (query, pointer) => {
    const { body } = await room.as(null, 'get', pathOf(story.id, `?${query}`)).expect(400);
    expect(body.errors[0]).toMatchObject({ in: 'query', pointer });
  });

  it('has an ETag of its version and its bytes, other for every view, and 304 to each', async () => {
    const views = ['', '?fields=title', '?include=latest', '?fields=title&include=latest'];
    const tags: string[] = [];
    for (const view of views) {
      const { headers, text } = await room.as(null, 'get', pathOf(story.slug, view)).expect(200);
      const etag = String(headers.etag);
      expect(etag).toMatch(/^"1-[\w-]{22}"$/);
      expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
      for (const sent of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const same = await room.as(null, 'get', pathOf(story.slug, view)).set('If-None-Match', sent);
        expect([sent, same.status, same.text, same.headers.etag]).toEqual([sent, 304, '', etag]);
        expect(same.headers['cache-control']).toBe(headers['cache-control']);
      }
      tags.push(etag);
    }
    expect(new Set(tags).size).toBe(views.length);
    expect((await room.read(story.id)).headers.etag).toBe(tags[0]);
    await room.read(story.id).set('If-None-Match', '"1"').expect(200);
    await room.read(story.id).set('If-None-Match', 'abc').expect(400);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const get = await room.read(story.slug).expect(200);
    const head = await room.as(null, 'head', pathOf(story.slug)).expect(200);
    for (const name of ['etag', 'content-length', 'content-type', 'cache-control', 'vary'])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
    expect(head.text ?? '').toBe('');
    const missing = await room.as(null, 'head', pathOf('নেই')).expect(404);
    expect(missing.text ?? '').toBe('');
  });

  it('may be kept by caches for a reader and never for a caller with a token', async () => {
    expect((await room.read(story.slug)).headers['cache-control']).toContain('public');
    const { headers } = await room.read(story.slug, 'viewer').expect(200);
    expect(headers['cache-control']).toBe('private, no-store, no-transform');
  });

  it('names a person who is gone as null and keeps what they wrote', async () => {
    const { id } = await room.story({ title: 'রয়ে যাওয়া খবর' }, 'other');
    await room.app.sql('DELETE FROM users WHERE id = $1', [room.people.other.id]);
    const shown = await room.seen(id);
    expect(shown).toMatchObject({ title: 'রয়ে যাওয়া খবর'.normalize('NFC'), createdBy: null, updatedBy: null });
  });
});
