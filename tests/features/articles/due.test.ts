import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { directly } from '../../support/directly.ts';
import { dueOf, eventsOf, passes } from '../../support/due.ts';
import { eventually } from '../../support/eventually.ts';
import { whileHeld } from '../../support/held.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { takeDue } = outside;

const ahead = '2028-02-21T00:00:00.000Z';
const further = '2028-03-26T00:00:00.000Z';
const begins = ['published', ahead];
const ends = ['expired', further];

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const take = () => takeDue(room.app.deps.db);
/** The events of an article, for example `updated 2 public`. */
const toldOf = async (id: string) =>
  (await eventsOf(room, id)).map(
    ({ type, version, is_public }) => `${type.replace('article.', '')} ${version} ${is_public ? 'public' : 'hidden'}`,
  );
/** What the events after creating and scheduling an article say of its public side. */
const sidesOf = async (id: string) =>
  (await eventsOf(room, id))
    .slice(2)
    .map((event) => [event.type, event.version, event.public_before, event.public_after]);
const scheduled = (body: object = {}) => room.story({ status: 'published', publishedAt: ahead, ...body });
const sideOf = (slug: string, tags: readonly string[] = []) => ({ slug, tags, source: null, language: 'bn' });

describe('what time does to an article', () => {
  it('is recorded once its instant has passed, with that instant, and moves neither version nor ETag', async () => {
    const tag = await room.label('tags', { name: 'ভাষা' });
    const { id, slug } = await scheduled({ tags: [tag.id] });
    expect(await take()).toBe(0);
    expect(await toldOf(id)).toEqual(['created 1 hidden', 'scheduled 1 hidden']);
    const at = await passes(room, id, 'published', '2 seconds');
    const before = await room.read(slug).expect(200);
    expect(await take()).toBe(1);
    const [, , published] = await eventsOf(room, id);
    const keys = [cacheKeys.article(id), cacheKeys.latestOfTag(tag.id)];
    expect(published).toEqual({
      type: 'article.published',
      version: 1,
      at: new Date(at),
      actor_id: null,
      keys: expect.arrayContaining([...keys, 'latest', 'latest:l:bn', 'redirects']),
      is_public: true,
      public_before: null,
      public_after: sideOf(slug, [tag.id]),
    });
    const after = await room.read(slug).expect(200);
    expect([after.headers.etag, after.text]).toEqual([before.headers.etag, before.text]);
    expect(await take()).toBe(0);
    expect(await dueOf(room, id)).toEqual([]);
  });

  it('is told of publication and end in their order where nothing ran in between', async () => {
    const { id, slug } = await scheduled({ expiresAt: further });
    const over = [await passes(room, id, 'published', '3 days'), await passes(room, id, 'expired', '1 day')];
    await room.read(slug).expect(410);
    expect(await take()).toBe(2);
    expect((await eventsOf(room, id)).slice(2).map(({ at }) => at.toISOString())).toEqual(over);
    const side = sideOf(slug);
    expect(await sidesOf(id)).toEqual([
      ['article.published', 1, null, side],
      ['article.expired', 1, side, null],
    ]);
  });

  it('is what the last change left to come', async () => {
    const { id } = await scheduled();
    expect(await dueOf(room, id)).toEqual([begins]);
    await room.patch(id, { publishedAt: '2028-02-20T00:00:00Z', expiresAt: further }).expect(200);
    expect(await dueOf(room, id)).toEqual([['published', '2028-02-20T00:00:00.000Z'], ends]);
    await room.patch(id, { kicker: 'একুশ' }).expect(200);
    expect(await dueOf(room, id)).toHaveLength(2);
    await room.step('publish', id).expect(200);
    expect(await dueOf(room, id)).toEqual([ends]);
    await room.trash(id).expect(204);
    await room.step('restore', id).expect(200);
    expect(await dueOf(room, id)).toEqual([]);
    await room.step('publish', id, { at: ahead }).expect(200);
    expect(await dueOf(room, id)).toEqual([begins, ends]);
    await room.step('archive', id).expect(200);
    expect(await dueOf(room, id)).toEqual([]);
  });

  it('is recorded before a change that comes sooner than the recording', async () => {
    const { id, slug } = await scheduled();
    await passes(room, id, 'published', '1 second');
    await room.patch(id, { title: 'একুশের প্রভাতফেরি' }).expect(200);
    const side = sideOf(slug);
    expect(await sidesOf(id)).toEqual([
      ['article.published', 1, null, side],
      ['article.updated', 2, side, side],
    ]);
    const from = await room.label('tags', { name: 'প্রভাতফেরি' });
    const into = await room.label('tags', { name: 'একুশে ফেব্রুয়ারি' });
    const { id: tagged } = await scheduled({ tags: [from.id] });
    await passes(room, tagged, 'published', '1 second');
    const merge = room.as('editor', 'post', `/v1/tags/${from.id}/merge`).set('If-Match', '*');
    await merge.send({ into: into.id }).expect(200);
    expect((await toldOf(tagged)).slice(2)).toEqual(['published 1 public', 'updated 2 public']);
    expect(await take()).toBe(0);
  });

  it('is known to a change that began before the instant and had to wait for the article until after it', async () => {
    const { id } = await scheduled();
    await whileHeld(room.app, id, async (holder) => {
      // Within the patience of a call; the holder's own change of the row is seen once it commits.
      await holder.query(
        `WITH moved AS (UPDATE articles SET published_at = date_trunc('milliseconds', clock_timestamp() + interval '500 milliseconds') WHERE id = $1 RETURNING published_at AS at)
         UPDATE due SET at = moved.at FROM moved WHERE article_id = $1`,
        [id],
      );
      const patched = room.patch(id, { kicker: 'সরাসরি' }).then((answer) => answer.status);
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await eventually(async () => expect(await directly(room.app.databaseUrl, waiting)).not.toEqual([]));
      await eventually(async () => {
        const { rows } = await holder.query('SELECT 1 FROM due WHERE article_id = $1 AND at < clock_timestamp()', [id]);
        expect(rows).toHaveLength(1);
      });
      await holder.query('COMMIT');
      expect(await patched).toBe(200);
    });
    expect((await toldOf(id)).slice(2)).toEqual(['published 1 public', 'updated 2 public']);
    expect(await dueOf(room, id)).toEqual([]);
  });

  it('is not told where a program of before has changed the article meanwhile', async () => {
    const { id } = await scheduled();
    await room.app.sql(`UPDATE articles SET status = 'draft' WHERE id = $1`, [id]);
    await room.app.sql(`UPDATE due SET at = now() - interval '1 second' WHERE article_id = $1`, [id]);
    expect(await take()).toBe(1);
    expect(await toldOf(id)).toHaveLength(2);
  });

  it('names the pages of the other editions of its story', async () => {
    const bangla = await room.story({ status: 'published' });
    const english = await scheduled({ language: 'en' });
    await room.link(english.id, bangla.id).expect(200);
    await passes(room, english.id, 'published', '1 second');
    expect(await take()).toBe(1);
    expect((await eventsOf(room, english.id)).at(-1)?.keys).toContain(cacheKeys.story(bangla.id));
  });

  it('is listed for admins with nobody as its actor', async () => {
    const { body } = await room.as('admin', 'get', '/v1/events?type=article.published&limit=1').expect(200);
    const nobody = { actor: null, actorId: null, requestId: null };
    expect(body.data[0]).toMatchObject({ ...nobody, isPublic: true, publicBefore: null });
  });
});
