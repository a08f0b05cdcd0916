import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('PATCH /v1/tags/{idOrSlug}', () => {
  let desk: LabelDesk;
  let tag: Labelled;
  let count = 0;
  const patch = (body: object, match = '"1"', segment = tag.id) =>
    desk.send('patch', `/v1/tags/${encodeURIComponent(segment)}`, body, match);
  const read = async () => (await desk.app.request('get', `/v1/tags/${tag.id}`).expect(200)).body;

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  beforeEach(async () => {
    count += 1;
    tag = await desk.make('tags', { name: `খাল ${count}`, description: 'খালপাড়ের কথা' });
  });
  afterAll(() => desk.close());

  it('changes what was sent, keeps the slug, and answers with the ETag of the next write', async () => {
    const answer = await patch({ name: `ছোট খাল ${count}` }).expect(200);
    expect(answer.body).toEqual({
      id: tag.id,
      slug: tag.slug,
      name: `ছোট খাল ${count}`,
      description: 'খালপাড়ের কথা',
      version: 2,
    });
    expect((await patch({ description: null }, answer.headers.etag).expect(200)).body).toMatchObject({
      description: null,
      version: 3,
    });
    expect((await desk.events(tag.id)).slice(1)).toEqual([
      expect.objectContaining({
        type: 'tag.updated',
        version: 2,
        keys: [cacheKeys.tag(tag.id), 'tags', cacheKeys.latestOfTag(tag.id)],
        data: { slug: tag.slug, changed: ['name'] },
      }),
      expect.objectContaining({ type: 'tag.updated', version: 3, data: { slug: tag.slug, changed: ['description'] } }),
    ]);
  });

  it('gives another slug when one is sent; the old one leads there, and the lists by it are made stale', async () => {
    await patch({ slug: `Khal ${count}` }, '"1"', tag.slug).expect(200);
    expect((await read()).slug).toBe(`khal-${count}`);
    await desk.app.request('get', `/v1/tags/${encodeURIComponent(tag.slug)}`).expect(308);
    expect((await desk.events(tag.id)).at(-1)?.keys).toEqual([
      cacheKeys.tag(tag.id),
      'tags',
      cacheKeys.latestOfTag(tag.id),
    ]);
  });

  it('keeps the version and makes no event when nothing changes', async () => {
    const before = await read();
    for (const body of [{}, { name: ` খাল ${count}` }, { slug: tag.slug.toUpperCase() }, { description: 'খালপাড়ের কথা' }]) {
      const answer = await patch(body).expect(200);
      expect(answer.body).toEqual(before);
      expect(answer.headers.etag).toMatch(/^"1-/);
    }
    expect(await desk.events(tag.id)).toHaveLength(1);
  });

  it('lets a tag take another spelling of its own name', async () => {
    await patch({ name: `KHAL ${count}` }).expect(200);
    expect((await patch({ name: `Khal ${count}` }, '"2"').expect(200)).body.name).toBe(`Khal ${count}`);
  });

  it('refuses the name and the slug of another tag and changes nothing', async () => {
    const other = await desk.make('tags', { name: `Delta ${count}` });
    const before = await read();
    expect((await patch({ name: `DELTA  ${count} `, description: null }).expect(409)).body).toMatchObject({
      code: 'name-taken',
      existing: other.id,
    });
    expect((await patch({ slug: `DELTA-${count}`, description: null }).expect(409)).body).toMatchObject({
      code: 'slug-taken',
      slug: other.slug,
      existing: other.id,
    });
    expect(await read()).toEqual(before);
    expect(await desk.events(tag.id)).toHaveLength(1);
  });

  it.each([
    ['a name of null', { name: null }, '/name'],
    ['a slug of null', { slug: null }, '/slug'],
    ['an empty name', { name: '' }, '/name'],
    ['a reserved slug', { slug: 'Merge' }, '/slug'],
    ['the version', { version: 9 }, '/version'],
  ])('refuses %s and points at it', async (_, body, pointer) => {
    const answer = await patch(body).expect(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    expect((await read()).version).toBe(1);
  });

  it('asks for what was read: 404 before 428 before 412 before 409', async () => {
    const other = await desk.make('tags', { name: `মোহনা ${count}` });
    const taken = { slug: other.slug };
    await desk.send('patch', '/v1/tags/নেই', taken).expect(404);
    expect((await desk.send('patch', `/v1/tags/${tag.id}`, taken).expect(428)).body.code).toBe('precondition-required');
    expect((await patch(taken, '"7"').expect(412)).body).toMatchObject({ code: 'stale', currentVersion: 1 });
    await patch(taken, 'W/"1"').expect(412);
    await patch(taken, 'nonsense').expect(400);
    await patch(taken, '*').expect(409);
  });

  it('of two writes with one ETag lets one through', async () => {
    const answers = await Promise.all([patch({ description: 'এক' }), patch({ description: 'দুই' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await read()).version).toBe(2);
  });

  it('shows the new name in its articles, in the order that they had, under another ETag', async () => {
    const [a, b] = [
      await desk.make('tags', { name: `বর্ষা ${count}` }),
      await desk.make('tags', { name: `শরৎ ${count}` }),
    ];
    const article = await desk.make('articles', {
      title: 'কাশফুলের দিন',
      status: 'published',
      tags: [b.id, tag.id, a.id],
    });
    const path = `/v1/articles/${article.id}`;
    const before = await desk.app.request('get', path).expect(200);
    await patch({ name: `বড় খাল ${count}` }).expect(200);
    const after = await desk.app
      .request('get', path)
      .set('If-None-Match', before.headers.etag ?? '')
      .expect(200);
    expect(after.body.version).toBe(1);
    expect(after.body.tags.map((shown: { name: string }) => shown.name)).toEqual([
      `শরৎ ${count}`,
      `বড় খাল ${count}`,
      `বর্ষা ${count}`,
    ]);
  });

  it('is for editors', async () => {
    const author = await desk.app.person('author');
    const request = () => desk.app.request('patch', `/v1/tags/${tag.id}`).set('If-Match', '"1"');
    await request().send({ name: 'x' }).expect(401);
    await request()
      .set(...bearer(author))
      .send({ name: 'x' })
      .expect(403);
  });
});
