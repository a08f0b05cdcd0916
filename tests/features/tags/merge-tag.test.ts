import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('POST /v1/tags/{id}/merge', () => {
  let desk: LabelDesk;
  let from: Labelled;
  let into: Labelled;
  let count = 0;
  const merge = (tag: string, name: string, match = '"1"') =>
    desk.send('post', `/v1/tags/${encodeURIComponent(tag)}/merge`, { into: name }, match);
  const status = async (id: string) => (await desk.app.request('get', `/v1/tags/${id}`)).status;
  const article = (tags: string[], more: object = {}) =>
    desk.make('articles', { title: `খেয়াঘাট ${count}`, tags, ...more });

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  beforeEach(async () => {
    count += 1;
    from = await desk.make('tags', { name: `Ghat ${count}` });
    into = await desk.make('tags', { name: `ঘাট ${count}` });
  });
  afterAll(() => desk.close());

  it('answers the tag that stays with its ETag; the other leads there', async () => {
    const { id } = await article([from.id], { status: 'published' });
    const answer = await merge(from.slug, into.slug).expect(200);
    expect(answer.body).toMatchObject({ id: into.id, version: 1 });
    expect(answer.headers.etag).toBe((await desk.app.request('get', `/v1/tags/${into.id}`)).headers.etag);
    expect(await status(from.id)).toBe(308);
    expect(await desk.tagsOf(id)).toEqual([into.slug]);
    const latest = await desk.app.request('get', `/v1/latest?tag=${encodeURIComponent(into.slug)}`).expect(200);
    expect(latest.body.data.map((item: Labelled) => item.id)).toEqual([id]);
  });

  it('records the merge, and for each article a version, a revision and an event with the keys of both lists', async () => {
    const { id } = await article([from.id], { status: 'published' });
    await merge(from.id, into.id).expect(200);
    expect((await desk.events(from.id)).at(-1)).toMatchObject({
      type: 'tag.merged',
      data: { slug: from.slug, into: into.id },
    });
    const [updated] = (await desk.events(id)).slice(-1);
    expect(updated).toMatchObject({ type: 'article.updated', version: 2, data: { changed: ['tags'] } });
    expect([...(updated?.keys ?? [])].sort()).toEqual(
      [
        cacheKeys.article(id),
        'latest',
        'latest:l:bn',
        cacheKeys.latestOfTag(from.id),
        cacheKeys.latestOfTag(into.id),
        'search',
      ].sort(),
    );
    const { body } = await desk.app
      .request('get', `/v1/articles/${id}`)
      .set(...bearer(desk.editor))
      .expect(200);
    expect(body).toMatchObject({ version: 2, updatedBy: { id: desk.editor.id } });
  });

  it('keeps the order of tags; an article with both has the one that stays at the better place', async () => {
    const [x, y] = [await desk.make('tags', { name: `এক ${count}` }), await desk.make('tags', { name: `দুই ${count}` })];
    const single = await article([x.id, from.id, y.id]);
    const first = await article([from.id, x.id, into.id, y.id]);
    const last = await article([y.id, into.id, x.id, from.id]);
    const other = await article([y.id, into.id]);
    await merge(from.id, into.id).expect(200);
    expect(await desk.tagsOf(single.id)).toEqual([x.slug, into.slug, y.slug]);
    expect(await desk.tagsOf(first.id)).toEqual([into.slug, x.slug, y.slug]);
    expect(await desk.tagsOf(last.id)).toEqual([y.slug, into.slug, x.slug]);
    expect(await desk.tagsOf(other.id)).toEqual([y.slug, into.slug]);
    expect(await desk.events(other.id)).toHaveLength(1);
  });

  it('moves what is in the trash too', async () => {
    const { id } = await article([from.id]);
    await desk.send('delete', `/v1/articles/${id}`, undefined, '"1"').expect(204);
    await merge(from.id, into.id).expect(200);
    await desk.send('post', `/v1/articles/${id}/restore`, {}, '"3"').expect(200);
    expect(await desk.tagsOf(id)).toEqual([into.slug]);
  });

  it('refuses a merge into itself by id, slug or another spelling, and loses nothing', async () => {
    const { id } = await article([from.id]);
    const events = await desk.count('events');
    for (const name of [from.id, from.slug, `GHAT ${count}`, `ghat\u200C-${count}`]) {
      expect((await merge(from.id, name).expect(422)).body).toMatchObject({
        code: 'merge-into-itself',
        errors: [{ in: 'body', pointer: '/into' }],
      });
    }
    expect(await status(from.id)).toBe(200);
    expect(await desk.tagsOf(id)).toEqual([from.slug]);
    expect(await desk.count('events')).toBe(events);
  });

  it('refuses a tag that does not exist and bodies of another shape', async () => {
    expect((await merge(from.id, 'নেই').expect(422)).body.code).toBe('unknown-tag');
    for (const body of [{}, { into: null }, { into: '' }, { into: [into.id] }, { into: into.id, force: true }]) {
      await desk.send('post', `/v1/tags/${from.id}/merge`, body, '"1"').expect(400);
    }
    expect(await status(from.id)).toBe(200);
  });

  it('asks for the version of the tag that goes: 404 before 428 before 412 before 422', async () => {
    await merge('নেই', into.id).expect(404);
    await desk.send('post', `/v1/tags/${from.id}/merge`, { into: from.id }).expect(428);
    expect((await merge(from.id, from.id, '"3"').expect(412)).body.currentVersion).toBe(1);
    expect(await status(from.id)).toBe(200);
  });

  it('of crossing merges lets one win, and no article is left without the tag', async () => {
    const ids = [];
    for (const tags of [[from.id], [into.id], [from.id, into.id], [into.id, from.id]])
      ids.push((await article(tags)).id);
    const answers = await Promise.all([merge(from.id, into.id), merge(into.id, from.id)]);
    const won = answers.findIndex((answer) => answer.status === 200);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect([404, 409]).toContain(answers[1 - won]?.status);
    const [stays, goes] = won === 0 ? [into, from] : [from, into];
    expect(await status(goes.id)).toBe(308);
    for (const id of ids) expect(await desk.tagsOf(id)).toEqual([stays.slug]);
  });

  it('answers 409 to the later of crossing merges also when it comes a moment after, by id or slug', async () => {
    await merge(from.id, into.id).expect(200);
    for (const name of [from.id, from.slug])
      expect((await merge(into.id, name).expect(409)).body.code).toBe('conflict');
    const other = await desk.make('tags', { name: `অন্য ঘাট ${count}` });
    expect((await merge(other.id, from.id).expect(200)).body.id).toBe(into.id);
  });

  it('while its articles are being written ends every call well and leaves each article a tag', async () => {
    const ids = [];
    for (let index = 0; index < 4; index += 1) ids.push((await article([from.id])).id);
    const writes = ids.flatMap((id) => [
      desk.send('patch', `/v1/articles/${id}`, { tags: [from.slug, into.slug] }, '"1"'),
      desk.send('post', '/v1/articles', { title: `পারাপার ${count}`, tags: [from.id] }),
    ]);
    const [merged, ...written] = await Promise.all([merge(from.id, into.id), ...writes]);
    expect(merged.status).toBe(200);
    for (const answer of written) expect([200, 201, 409, 412]).toContain(answer.status);
    const made = written.filter((answer) => answer.status === 201).map(({ body }) => body.id);
    for (const id of [...ids, ...made]) expect(await desk.tagsOf(id)).toEqual([into.slug]);
  });

  it('is for editors', async () => {
    const author = await desk.app.person('author');
    const request = () => desk.app.request('post', `/v1/tags/${from.id}/merge`).set('If-Match', '"1"');
    await request().send({ into: into.id }).expect(401);
    await request()
      .set(...bearer(author))
      .send({ into: into.id })
      .expect(403);
    expect(await status(from.id)).toBe(200);
  });
});
