import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('PATCH /v1/sources/{idOrSlug}', () => {
  let desk: LabelDesk;
  let source: Labelled;
  let count = 0;
  const patch = (body: object, match = '"1"') => desk.send('patch', `/v1/sources/${source.id}`, body, match);
  const read = async () => (await desk.app.request('get', `/v1/sources/${source.id}`).expect(200)).body;

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  beforeEach(async () => {
    count += 1;
    source = await desk.make('sources', {
      name: `সুরমা ${count}`,
      creditLine: 'সূত্র : সুরমা',
      url: '/surma',
      language: 'bn',
    });
  });
  afterAll(() => desk.close());

  it('changes what was sent, keeps the slug, and records which members changed', async () => {
    const answer = await patch({ name: `কুশিয়ারা ${count}`, language: 'EN' }).expect(200);
    expect(answer.body).toMatchObject({
      slug: source.slug,
      name: `কুশিয়ারা ${count}`,
      creditLine: 'সূত্র : সুরমা',
      language: 'en',
      version: 2,
    });
    expect((await desk.events(source.id)).at(-1)).toMatchObject({
      type: 'source.updated',
      version: 2,
      keys: [cacheKeys.source(source.id), 'sources', cacheKeys.latestOfSource(source.id)],
      data: { changed: ['name', 'language'] },
    });
  });

  it('clears with null what may be missing', async () => {
    const cleared = { url: null, creditLine: null, licence: null, logoUrl: null, language: null };
    expect((await patch(cleared).expect(200)).body).toMatchObject({ ...cleared, version: 2 });
    for (const body of [{ name: null }, { slug: null }]) await patch(body, '"2"').expect(400);
  });

  it('keeps the version when its own view is sent back, and makes no event', async () => {
    const { id: _, version: __, ...shown } = await read();
    const answer = await patch(shown).expect(200);
    expect(answer.body.version).toBe(1);
    expect(await desk.events(source.id)).toHaveLength(1);
  });

  it('refuses the name and the slug of another source and changes nothing', async () => {
    const other = await desk.make('sources', { name: `Teesta ${count}` });
    const before = await read();
    expect((await patch({ name: `TEESTA ${count}`, url: null }).expect(409)).body).toMatchObject({
      code: 'name-taken',
      existing: other.id,
    });
    expect((await patch({ slug: other.slug, url: null }).expect(409)).body).toMatchObject({
      code: 'slug-taken',
      slug: other.slug,
      existing: other.id,
    });
    expect(await read()).toEqual(before);
  });

  it('shows the new credit line in its articles under another ETag', async () => {
    const article = await desk.make('articles', { title: 'ভাটির দেশ', status: 'published', source: source.slug });
    const before = await desk.app.request('get', `/v1/articles/${article.id}`).expect(200);
    await patch({ creditLine: 'সুরমা অবলম্বনে' }).expect(200);
    const after = await desk.app
      .request('get', `/v1/articles/${article.id}`)
      .set('If-None-Match', before.headers.etag ?? '')
      .expect(200);
    expect(after.body).toMatchObject({ version: 1, source: { creditLine: 'সুরমা অবলম্বনে' } });
  });

  it('asks for what was read: 404 before 428 before 412', async () => {
    await desk.send('patch', '/v1/sources/নেই', {}).expect(404);
    await desk.send('patch', `/v1/sources/${source.id}`, {}).expect(428);
    expect((await patch({}, '"2"').expect(412)).body.currentVersion).toBe(1);
  });

  it('is for editors', async () => {
    const author = await desk.app.person('author');
    await desk.app
      .request('patch', `/v1/sources/${source.id}`)
      .set('If-Match', '"1"')
      .set(...bearer(author))
      .send({})
      .expect(403);
  });
});
