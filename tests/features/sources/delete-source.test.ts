import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('DELETE /v1/sources/{idOrSlug}', () => {
  let desk: LabelDesk;
  let source: Labelled;
  let heir: Labelled;
  let count = 0;
  const remove = (query = '', match: string | undefined = '"1"') =>
    desk.send('delete', `/v1/sources/${source.id}${query}`, undefined, match);
  const exists = async () => (await desk.app.request('get', `/v1/sources/${source.id}`)).status === 200;
  const article = (more: object = {}) => desk.make('articles', { title: `নোঙর ${count}`, source: source.id, ...more });
  const sourceOf = async (id: string) =>
    (
      await desk.app
        .request('get', `/v1/articles/${id}`)
        .set(...bearer(desk.editor))
        .expect(200)
    ).body.source.id;

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  beforeEach(async () => {
    count += 1;
    source = await desk.make('sources', { name: `Karnaphuli ${count}` });
    heir = await desk.make('sources', { name: `কর্ণফুলী ${count}` });
  });
  afterAll(() => desk.close());

  it('removes an unused source and records it', async () => {
    await remove().expect(204);
    expect(await exists()).toBe(false);
    expect((await desk.events(source.id)).at(-1)).toMatchObject({
      type: 'source.deleted',
      keys: [cacheKeys.source(source.id), 'sources', cacheKeys.latestOfSource(source.id)],
    });
    await remove().expect(404);
  });

  it('refuses a source that articles have and counts them, trash too', async () => {
    const { id } = await article();
    await desk.send('delete', `/v1/articles/${id}`, undefined, '"1"').expect(204);
    expect((await remove().expect(409)).body).toMatchObject({ code: 'in-use', articles: 1 });
    expect(await exists()).toBe(true);
  });

  it('gives the articles the source that reassignTo names, and each a version, a revision and an event', async () => {
    const { id } = await article({ status: 'published' });
    await remove(`?reassignTo=${encodeURIComponent(heir.slug)}`).expect(204);
    expect(await exists()).toBe(false);
    const { body } = await desk.app.request('get', `/v1/articles/${id}`).expect(200);
    expect(body).toMatchObject({ version: 2, source: { id: heir.id } });
    const [revision] = await desk.app.sql(
      'SELECT version, step, snapshot FROM revisions WHERE article_id = $1 ORDER BY version DESC',
      [id],
    );
    expect(revision).toMatchObject({ version: 2, step: 'resource', snapshot: { source: { id: heir.id } } });
    const [event] = (await desk.events(id)).slice(-1);
    expect(event).toMatchObject({ type: 'article.updated', version: 2, data: { changed: ['source'] } });
    expect(event?.keys).toEqual(
      expect.arrayContaining([
        cacheKeys.article(id),
        'latest',
        cacheKeys.latestOfSource(source.id),
        cacheKeys.latestOfSource(heir.id),
      ]),
    );
    const latest = await desk.app.request('get', `/v1/latest?source=${encodeURIComponent(heir.slug)}`).expect(200);
    expect(latest.body.data.map((item: Labelled) => item.id)).toEqual([id]);
  });

  it('refuses to reassign to itself by id, slug or another spelling, or to an unknown one, and loses nothing', async () => {
    const { id } = await article();
    for (const name of [source.id, source.slug, `KARNAPHULI ${count}`]) {
      expect((await remove(`?reassignTo=${encodeURIComponent(name)}`).expect(422)).body.code).toBe(
        'reassign-to-itself',
      );
    }
    expect((await remove('?reassignTo=nobody').expect(422)).body.code).toBe('unknown-source');
    expect(await sourceOf(id)).toBe(source.id);
  });

  it('refuses to join two articles of one sourceItemId and moves none', async () => {
    const [one, two] = [await article({ sourceItemId: 'K-7' }), await article()];
    await article({ sourceItemId: 'K-7', source: heir.id });
    const events = await desk.count('events');
    expect((await remove(`?reassignTo=${heir.id}`).expect(409)).body.code).toBe('source-item-taken');
    for (const { id } of [one, two]) expect(await sourceOf(id)).toBe(source.id);
    expect(await desk.count('events')).toBe(events);
  });

  it('of crossing removals lets one win, and no article is left without a source', async () => {
    const ids = [(await article()).id, (await article({ source: heir.id })).id];
    const other = desk.send('delete', `/v1/sources/${heir.id}?reassignTo=${source.id}`, undefined, '"1"');
    const statuses = (await Promise.all([remove(`?reassignTo=${heir.id}`), other])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.some((status) => status === 404 || status === 409)).toBe(true);
    const stays = statuses[0] === 204 ? heir : source;
    for (const id of ids) expect(await sourceOf(id)).toBe(stays.id);
  });

  it('while articles of the source are being made ends each call well', async () => {
    const making = Array.from({ length: 6 }, (_, index) =>
      desk.send('post', '/v1/articles', { title: `মাস্তুল ${index}`, source: source.id }),
    );
    const [removed, ...made] = await Promise.all([remove(), ...making]);
    expect([204, 409]).toContain(removed.status);
    for (const { status } of made) expect(removed.status === 204 ? [409, 422] : [201]).toContain(status);
  });

  it('moves 2,000 articles in one call', async () => {
    await desk.app.sql(
      `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, source_id)
         SELECT gen_random_uuid(), 'bn', 'পাল-' || n, true, 'পাল', repeat('হাওয়া ', 30), 'text', repeat('হাওয়া ', 30), 'draft', $1
         FROM generate_series(1, 2000) n`,
      [source.id],
    );
    const events = await desk.count('events');
    await remove(`?reassignTo=${heir.id}`).expect(204);
    expect(await desk.count('events')).toBe(events + 2_001);
    expect(await desk.count(`articles WHERE source_id = '${heir.id}' AND version = 2`)).toBe(2_000);
  });

  it('asks for what was read, and is for editors', async () => {
    await desk.send('delete', `/v1/sources/${source.id}`).expect(428);
    await remove('', '"2"').expect(412);
    const author = await desk.app.person('author');
    await desk.app
      .request('delete', `/v1/sources/${source.id}`)
      .set('If-Match', '"1"')
      .set(...bearer(author))
      .expect(403);
    expect(await exists()).toBe(true);
  });
});
