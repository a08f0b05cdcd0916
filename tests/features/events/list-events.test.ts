import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
let admin: Person;
let editor: Person;
let articleId: string;

const events = async (query: string) => {
  const { body } = await app
    .request('get', `/v1/events${query}`)
    .set(...bearer(admin))
    .expect(200);
  return body;
};
const types = async (query: string) => (await events(query)).data.map((event: { type: string }) => event.type);

beforeAll(async () => {
  app = await startApp();
  admin = await app.person('admin');
  editor = await app.person('editor', 'সালমা বেগম');
  await app
    .request('post', '/v1/tags')
    .set(...bearer(admin))
    .send({ name: 'জাতীয়' })
    .expect(201);
  const { body } = await app
    .request('post', '/v1/articles')
    .set(...bearer(editor))
    .set('X-Request-Id', 'desk-call-0001')
    .send({ title: 'হাওরে নতুন সেতু' })
    .expect(201);
  articleId = String(body.id);
  await app
    .request('post', `/v1/articles/${articleId}/publish`)
    .set(...bearer(editor))
    .set('If-Match', '*')
    .expect(200);
  await app
    .request('post', `/v1/articles/${articleId}/unpublish`)
    .set(...bearer(editor))
    .set('If-Match', '*')
    .expect(200);
});
afterAll(() => app.close());

describe('GET /events', () => {
  it('says who did what to which thing, newest first', async () => {
    const { data } = await events(`?subject=${articleId}`);
    expect(data.map((event: { type: string }) => event.type)).toEqual([
      'article.unpublished',
      'article.published',
      'article.created',
    ]);
    expect(data[2]).toMatchObject({
      subjectType: 'article',
      subjectId: articleId,
      version: 1,
      actor: { id: editor.id, name: 'সালমা বেগম', initials: null },
      actorId: editor.id,
      keyId: null,
      requestId: 'desk-call-0001',
    });
  });

  it('is filtered by type, actor, request and time, all of which must hold', async () => {
    expect(await types('?type=tag.created')).toEqual(['tag.created']);
    expect(await types(`?type=tag.created,article.created&actor=${editor.id}`)).toEqual(['article.created']);
    expect(await types('?request=desk-call-0001')).toEqual(['article.created']);
    expect(await types('?from=2030-01-01')).toEqual([]);
    expect(await types(`?to=2020-01-01&subject=${articleId}`)).toEqual([]);
    await app.sql(`UPDATE events SET at = '2025-05-01T20:00:00Z' WHERE type = 'tag.created'`);
    expect(await types('?from=2025-05-02&to=2025-05-02')).toEqual(['tag.created']);
  });

  it('is walked to its end by keyset, each event once', async () => {
    const seen: string[] = [];
    let query = '?limit=1';
    for (let page = 0; page < 10; page += 1) {
      const { data, page: next } = await events(query);
      seen.push(...data.map((event: { id: string }) => event.id));
      if (next.nextCursor === null) break;
      query = `?limit=1&after=${next.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await events('?limit=100')).data.length);
  });

  it('keeps what somebody did when that user is gone', async () => {
    const guest = await app.person('editor');
    await app
      .request('post', '/v1/tags')
      .set(...bearer(guest))
      .send({ name: 'অতিথি' })
      .expect(201);
    await app
      .request('delete', `/v1/users/${guest.id}`)
      .set(...bearer(admin))
      .set('If-Match', '*')
      .expect(204);
    const { data } = await events(`?actor=${guest.id}`);
    expect(data).toEqual([expect.objectContaining({ type: 'tag.created', actor: null, actorId: guest.id })]);
  });

  it('is for admins', async () => {
    await app.request('get', '/v1/events').expect(401);
    await app
      .request('get', '/v1/events')
      .set(...bearer(editor))
      .expect(403);
  });

  it('refuses filters that it does not know, and cursors of other lists', async () => {
    await app
      .request('get', '/v1/events?q=x')
      .set(...bearer(admin))
      .expect(400);
    await app
      .request('get', '/v1/events?subject=7')
      .set(...bearer(admin))
      .expect(400);
    const { body } = await app
      .request('get', '/v1/events?after=abc')
      .set(...bearer(admin))
      .expect(400);
    expect(body.code).toBe('invalid-cursor');
  });
});
