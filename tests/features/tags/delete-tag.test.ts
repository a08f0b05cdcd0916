import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('DELETE /v1/tags/{idOrSlug}', () => {
  let desk: LabelDesk;
  let tag: Labelled;
  let heir: Labelled;
  let count = 0;
  const remove = (query = '', match: string | undefined = '"1"', segment = tag.id) =>
    desk.send('delete', `/v1/tags/${encodeURIComponent(segment)}${query}`, undefined, match);
  const tagExists = async (id = tag.id) => (await desk.app.request('get', `/v1/tags/${id}`)).status === 200;

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  beforeEach(async () => {
    count += 1;
    tag = await desk.make('tags', { name: `Beel ${count}` });
    heir = await desk.make('tags', { name: `Haor ${count}` });
  });
  afterAll(() => desk.close());

  it('removes an unused tag and records it', async () => {
    await remove('', '"1"', tag.slug).expect(204);
    expect(await tagExists()).toBe(false);
    expect((await desk.events(tag.id)).at(-1)).toMatchObject({
      type: 'tag.deleted',
      version: 1,
      keys: [cacheKeys.tag(tag.id), 'tags', cacheKeys.latestOfTag(tag.id)],
    });
    await remove().expect(404);
  });

  it('refuses a tag that articles have and counts them all, drafts and trash too', async () => {
    await desk.make('articles', { title: 'শাপলার বিল', status: 'published', tags: [tag.id] });
    await desk.make('articles', { title: 'বিলের খসড়া', tags: [tag.id] });
    const trashed = await desk.make('articles', { title: 'বিলের পুরোনো খবর', tags: [tag.id] });
    await desk.send('delete', `/v1/articles/${trashed.id}`, undefined, '"1"').expect(204);
    const answer = await remove().expect(409);
    expect(answer.body).toMatchObject({ code: 'in-use', articles: 3 });
    expect(answer.body.detail).toContain('3');
    expect(await tagExists()).toBe(true);
    expect(await desk.events(tag.id)).toHaveLength(1);
  });

  it.each([
    ['id', () => heir.id],
    ['slug', () => heir.slug],
    ['another spelling', () => ` HAOR  ${count}`],
  ])(
    'gives the articles the tag that reassignTo names by %s, and each a version, a revision and an event',
    async (_, name) => {
      const article = await desk.make('articles', { title: 'মাছের মৌসুম', status: 'published', tags: [tag.id] });
      await remove(`?reassignTo=${encodeURIComponent(name())}`).expect(204);
      expect(await tagExists()).toBe(false);
      expect(await desk.tagsOf(article.id)).toEqual([heir.slug]);
      const { body } = await desk.app.request('get', `/v1/articles/${article.id}`).expect(200);
      expect(body.version).toBe(2);
      const revisions = await desk.app.sql(
        'SELECT version, step, actor_id, snapshot FROM revisions WHERE article_id = $1 ORDER BY version',
        [article.id],
      );
      expect(revisions.at(-1)).toMatchObject({
        version: 2,
        step: 'retag',
        actor_id: desk.editor.id,
        snapshot: { version: 2, tags: [{ id: heir.id }] },
      });
      expect((await desk.events(article.id)).at(-1)).toMatchObject({
        type: 'article.updated',
        version: 2,
        data: { slug: article.slug, status: 'published', changed: ['tags'] },
      });
      const [deleted] = (await desk.events(tag.id)).slice(-1);
      expect(deleted).toMatchObject({ type: 'tag.deleted', data: { into: heir.id } });
      expect(deleted?.keys).toEqual(expect.arrayContaining([cacheKeys.tag(tag.id), cacheKeys.tag(heir.id), 'tags']));
    },
  );

  it('refuses to reassign to itself by id, slug or another spelling, and loses nothing', async () => {
    const article = await desk.make('articles', { title: 'জালের কারিগর', tags: [tag.id] });
    for (const name of [tag.id, tag.slug, `BEEL ${count}`]) {
      const answer = await remove(`?reassignTo=${encodeURIComponent(name)}`).expect(422);
      expect(answer.body).toMatchObject({
        code: 'reassign-to-itself',
        errors: [{ in: 'query', pointer: '/reassignTo' }],
      });
    }
    expect(await desk.tagsOf(article.id)).toEqual([tag.slug]);
    expect(await tagExists()).toBe(true);
  });

  it('refuses to reassign to a tag that does not exist, also when the tag is unused', async () => {
    for (const name of ['0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11', 'নেই']) {
      const answer = await remove(`?reassignTo=${encodeURIComponent(name)}`).expect(422);
      expect(answer.body).toMatchObject({ code: 'unknown-tag', errors: [{ in: 'query', pointer: '/reassignTo' }] });
    }
    expect(await tagExists()).toBe(true);
  });

  it('refuses parameters that it does not know, so that none of them is taken for a wish', async () => {
    await remove(`?reassign=${heir.id}`).expect(400);
    await remove('?reassignTo=').expect(400);
    expect(await tagExists()).toBe(true);
  });

  it('asks for what was read: 404 before 428 before 412 before 409 and 422', async () => {
    await desk.make('articles', { title: 'নৌকাবাইচ', tags: [tag.id] });
    for (const query of ['', `?reassignTo=${tag.id}`]) {
      await desk.send('delete', `/v1/tags/নেই${query}`).expect(404);
      await desk.send('delete', `/v1/tags/${tag.id}${query}`).expect(428);
      expect((await remove(query, '"2"').expect(412)).body.currentVersion).toBe(1);
    }
  });

  it('while articles with the tag are being made ends each call well and leaves no article without it', async () => {
    const making = Array.from({ length: 6 }, (_, index) =>
      desk.send('post', '/v1/articles', { title: `জোয়ার ${index}`, tags: [tag.id] }),
    );
    const [removed, ...made] = await Promise.all([remove(), ...making]);
    const tagged = made.filter(({ status }) => status === 201);
    for (const { status } of made) expect([201, 409, 422]).toContain(status);
    expect(removed.status).toBe(tagged.length > 0 && (await tagExists()) ? 409 : 204);
    for (const { body } of tagged) expect(await desk.tagsOf(body.id)).toEqual([tag.slug]);
  });

  it('is for editors', async () => {
    const author = await desk.app.person('author');
    const request = () => desk.app.request('delete', `/v1/tags/${tag.id}`).set('If-Match', '"1"');
    await request().expect(401);
    await request()
      .set(...bearer(author))
      .expect(403);
    expect(await tagExists()).toBe(true);
  });
});
