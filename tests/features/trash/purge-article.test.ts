import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const purge = (id: string, who: Who = 'admin', match = '*') =>
  room.as(who, 'post', `${pathOf(id)}/purge`).set('If-Match', match);
const trashed = async (body: object = {}) => {
  const story = await room.story(body);
  await room.trash(story.id).expect(204);
  return story;
};

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('the trash', () => {
  it('is listed for editors, and for authors with what is theirs', async () => {
    const one = await trashed();
    const own = await room.story({}, 'author');
    await room.trash(own.id, { as: 'author' }).expect(204);
    const list = async (who: Who) =>
      (await room.as(who, 'get', '/v1/articles?status=trash&limit=100').expect(200)).body.data.map(
        ({ id }: Story) => id,
      );
    expect(await list('editor')).toEqual(expect.arrayContaining([one.id, own.id]));
    expect(await list('author')).toEqual([own.id]);
    await room.as('viewer', 'get', '/v1/articles?status=trash').expect(403);
    await room.as(null, 'get', '/v1/articles?status=trash').expect(401);
    expect((await room.as('editor', 'get', '/v1/articles?limit=100').expect(200)).text).not.toContain(one.id);
  });

  it('lets an admin remove an article for good: revisions go, the slug is free, the event stays', async () => {
    const story = await trashed({ title: 'ভুল করে লেখা', slug: 'bhul-kore' });
    await purge(story.id).expect(204);
    for (const table of [
      'articles WHERE id',
      'revisions WHERE article_id',
      'article_tags WHERE article_id',
      'slug_history WHERE article_id',
    ]) {
      expect(await room.app.sql(`SELECT 1 FROM ${table} = $1`, [story.id])).toEqual([]);
    }
    expect((await room.events(story.id)).at(-1)).toMatchObject({
      type: 'article.purged',
      version: 3,
      actor_id: room.people.admin.id,
    });
    await room.read(story.id, 'admin').expect(404);
    await room.create({ title: 'অন্য খবর', slug: 'bhul-kore' }).expect(201);
  });

  it('keeps what is not in it, what changed since, and what others ask', async () => {
    const live = await room.story({});
    expect((await changesNothing(room, () => purge(live.id).expect(409))).body.code).toBe('wrong-state');
    const story = await trashed();
    const stale = await changesNothing(room, () => purge(story.id, 'admin', '"1"').expect(412));
    expect(stale.body).toMatchObject({ code: 'stale', currentVersion: 2, changes: [] });
    const ofDraft = await changesNothing(room, () => purge(story.id, 'admin', '"1000001"').expect(412));
    expect(ofDraft.body.code).toBe('draft-etag');
    await changesNothing(room, () => purge(story.id, 'editor').expect(403));
    await changesNothing(room, () => room.as('admin', 'post', `${pathOf(story.id)}/purge`).expect(428));
  });

  it('loses to an access key with limits only what those reach', async () => {
    const [mine, other] = [await room.label('sources', { name: 'বাসস' }), await room.label('tags', { name: 'খেলা' })];
    const limits = { name: 'সাফাই', role: 'admin', sources: [mine.slug], tags: [other.slug] };
    const { body: key } = await room.as('admin', 'post', '/v1/keys').send(limits).expect(201);
    const byKey = (id: string) =>
      room.app
        .request('post', `${pathOf(id)}/purge`)
        .set('Authorization', `Bearer ${key.token}`)
        .set('If-Match', '*');
    for (const foreign of [{}, { source: mine.slug }, { tags: [other.slug] }]) {
      const { id } = await trashed(foreign);
      await changesNothing(room, () => byKey(id).expect(403));
    }
    await byKey((await trashed({ source: mine.slug, tags: [other.slug] })).id).expect(204);
  });

  it('is emptied of what has been in it for so many days, and of nothing else', async () => {
    const [old, recent] = [await trashed(), await trashed()];
    await room.app.sql(`UPDATE articles SET deleted_at = now() - interval '31 days' WHERE id = $1`, [old.id]);
    expect(await room.app.services.trash.purgeOld(30)).toBe(1);
    await room.read(old.id, 'editor').expect(404);
    await room.read(recent.id, 'editor').expect(200);
    expect((await room.events(old.id)).at(-1)).toMatchObject({ type: 'article.purged', actor_id: null });
  });

  it('says 410 to readers of what was public once and 404 of what was not, and 404 of both when they are purged', async () => {
    const known = await trashed({ status: 'published' });
    const unknown = await trashed();
    await room.read(known.id).expect(410);
    await room.read(unknown.id).expect(404);
    await purge(known.id).expect(204);
    await room.read(known.slug).expect(404);
  });
});
