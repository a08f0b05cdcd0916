import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpuMs } from '../support/cpu-time.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { faultsOf } from '../support/problems.ts';

describe('ETag, If-None-Match and If-Match', () => {
  let room: Newsroom;
  let id: string;
  let slug: string;
  let number = 0;
  const read = (path: string, tag?: string) => {
    const request = room.as(null, 'get', path);
    return tag === undefined ? request : request.set('If-None-Match', tag);
  };
  const patch = (match: string | null, title: string) => room.patch(id, { title }, { match });
  const tagOf = async (path: string) => (await read(path).expect(200)).headers.etag ?? '';
  const version = async () =>
    (await room.app.sql<{ version: number }>('SELECT version FROM articles WHERE id = $1', [id]))[0]?.version;

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'জলবায়ু' });
  });
  beforeEach(async () => {
    if (number > 0 && (await version()) === 1) return;
    number += 1;
    const story = { title: `জোয়ারের খবর ${number}`, tags: ['জলবায়ু'], status: 'published' };
    ({ id, slug } = await room.story(story));
  });
  afterAll(() => room.close());

  it.each([
    ['/v1/articles/ID', /^"1-[\w-]{22}"$/],
    ['/v1/articles/ID?fields=title', /^"1-[\w-]{22}"$/],
    ['/v1/articles/ID?include=latest', /^"1-[\w-]{22}"$/],
    ['/v1/tags/জলবায়ু', /^"\d+-[\w-]{22}"$/],
    ['/v1/articles', /^"[\w-]{22}"$/],
    ['/v1/latest', /^"[\w-]{22}"$/],
    ['/v1/tags', /^"[\w-]{22}"$/],
    ['/v1/sources', /^"[\w-]{22}"$/],
    ['/livez', /^"[\w-]{22}"$/],
    ['/openapi.json', /^"[\w-]{22}"$/],
    ['/openapi.yaml', /^"[\w-]{22}"$/],
    ['/', /^"[\w-]{22}"$/],
  ])('GET %s has a strong tag, the same for the same bytes, and 304 for it', async (path, shape) => {
    const target = encodeURI(path.replace('ID', id));
    const { etag = '' } = (await read(target).expect(200)).headers;
    expect(etag).toMatch(shape);
    expect(await tagOf(target)).toBe(etag);
    const same = [etag, `W/${etag}`, '*', ` ${etag} `, `"other", ${etag}`, `${etag},"other"`, `W/"x" ,, W/${etag}`];
    for (const sent of same) {
      const answer = await read(target, sent).expect(304);
      expect([sent, answer.headers.etag, answer.text]).toEqual([sent, etag, '']);
    }
    for (const sent of ['"other"', etag.slice(0, -2).concat('"'), '"1"', `"W/${etag.slice(1)}`])
      await read(target, sent).expect(200);
  });

  const noTags = ['', 'abc', '"abc', 'abc"', "'abc'", '"1 "', 'w/"a"', 'W/ "a"', '**'];
  const noLists = ['"a" "b"', '"a", b', '*, "a"', '"a", *', ','.repeat(10_000)];
  it.each([...noTags, ...noLists])(
    'answers 400 to the header %j, which is no list of tags, and changes nothing',
    async (sent) => {
      const reading = await read(`/v1/articles/${id}`, sent).expect(400);
      expect(faultsOf(reading)).toEqual(['header /if-none-match']);
      const writing = await patch(sent, 'অন্য শিরোনাম').expect(400);
      expect(faultsOf(writing)).toEqual(['header /if-match']);
      expect(await version()).toBe(1);
    },
  );

  it('reads a long list of tags as quickly as a short one', async () => {
    const began = cpuMs();
    await read('/livez', '"a",'.repeat(3_500)).expect(200);
    await read('/livez', `${'"a",'.repeat(3_500)}x`).expect(400);
    expect(cpuMs() - began).toBeLessThan(500);
  });

  it('answers the first write with the tag of any view of the article', async () => {
    const views = [
      `/v1/articles/${id}`,
      `/v1/articles/${encodeURIComponent(slug)}`,
      `/v1/articles/${id}?fields=title`,
      `/v1/articles/${id}?include=latest`,
    ];
    const tags = await Promise.all(views.map(tagOf));
    expect(new Set(tags).size).toBe(3);
    for (const [index, tag] of tags.entries()) {
      await room.app.sql('UPDATE articles SET version = 1 WHERE id = $1', [id]);
      await room.app.sql('DELETE FROM revisions WHERE article_id = $1 AND version > 1', [id]);
      await patch(tag, `জোয়ারের খবর ${number}, ${index}`).expect(200);
      expect(await version()).toBe(2);
    }
  });

  it('takes the tag of each write for the next, from 201 to the last step', async () => {
    const { body: made, headers } = await room.create({ title: 'ভাটার খবর' }).expect(201);
    let match = headers.etag ?? '';
    for (const [index, step] of (['submit', 'publish', 'unpublish', 'archive', 'restore'] as const).entries()) {
      const answer = await room.step(step, made.id, undefined, { match }).expect(200);
      expect(answer.body.version).toBe(index + 2);
      match = answer.headers.etag ?? '';
    }
    await room.trash(made.id, { match }).expect(204);
  });

  it.each(['*', '"1"', '"9", "1"', '"foreign" , "1-0123456789012345678901"', 'W/"1", "1"'])(
    'lets a write through with If-Match %s',
    async (sent) => {
      expect((await patch(sent, 'নতুন জোয়ার').expect(200)).headers.etag).toMatch(/^"2-/);
    },
  );

  const others = ['"2"', '"0"', '"01"', '"1-"', '"1-short"', '"foreign"', '""', 'W/"1"', '"-1"', '"1.0"'];
  it.each([...others, '"99999999999999999999"'])(
    'answers 412 with the current version to If-Match %s and changes nothing',
    async (sent) => {
      const answer = await patch(sent, 'নতুন জোয়ার').expect(412);
      expect(answer.body).toMatchObject({ code: 'stale', currentVersion: 1 });
      expect(await version()).toBe(1);
    },
  );

  it('says of a weak tag, which a proxy that compresses makes, what to send instead', async () => {
    const { body } = await patch('W/"1"', 'নতুন জোয়ার').expect(412);
    expect(body).toMatchObject({
      currentVersion: 1,
      detail: expect.stringContaining('send the version alone, as "3"'),
    });
  });

  it('answers 428 without the header, and 404 before either', async () => {
    expect((await patch(null, 'নতুন জোয়ার').expect(428)).body.code).toBe('precondition-required');
    expect(await version()).toBe(1);
    for (const match of ['"1"', '*']) await room.patch('none', { title: 'ক' }, { match }).expect(404);
  });

  it('lets two writers with one tag not both through', async () => {
    const tag = await tagOf(`/v1/articles/${id}`);
    const answers = await Promise.all(['এক', 'দুই', 'তিন'].map((title) => patch(tag, title)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect(await version()).toBe(2);
  });

  it('changes the tag of an article when one of its tags is renamed, and keeps the version', async () => {
    const path = `/v1/articles/${id}`;
    const lists = ['/v1/latest', '/v1/articles'];
    const before = await tagOf(path);
    const [latest = '', articles = ''] = await Promise.all(lists.map(tagOf));
    const section = await read(encodeURI('/v1/tags/জলবায়ু')).expect(200);
    await room
      .as('editor', 'patch', `/v1/tags/${section.body.id}`)
      .set('If-Match', section.headers.etag ?? '')
      .send({ name: `জলবায়ু ও ${number}` })
      .expect(200);
    const after = await read(path, before).expect(200);
    expect(after.body.tags[0].name).toBe(`জলবায়ু ও ${number}`);
    expect(after.headers.etag).not.toBe(before);
    expect(after.headers.etag).toMatch(/^"1-/);
    await read('/v1/latest', latest).expect(200);
    await read('/v1/articles', articles).expect(200);
    await patch(before, 'পুরোনো চিহ্নেও লেখা যায়').expect(200);
  });

  it('gives another tag to another caller’s view of the same article', async () => {
    const own = await room.read(id, 'editor').expect(200);
    const tag = await tagOf(`/v1/articles/${id}`);
    expect(own.headers.etag).not.toBe(tag);
    await room.read(id, 'editor').set('If-None-Match', tag).expect(200);
  });

  it('makes a thing for any If-None-Match, and logs out', async () => {
    await room.create({ title: 'নতুন' }).set('If-None-Match', '*').expect(201);
    await room.as(null, 'post', '/v1/auth/logout').set('If-None-Match', '*').expect(204);
  });
});
