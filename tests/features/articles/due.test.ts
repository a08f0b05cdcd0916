import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer, startApp, type TestApp } from '../../support/app.ts';
import { directly } from '../../support/directly.ts';
import { dueOf, eventsOf, passes } from '../../support/due.ts';
import { eventually } from '../../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { takeDue } = outside;

const ahead = '2028-02-21T00:00:00.000Z';
const further = '2028-03-26T00:00:00.000Z';

let room: Newsroom;
let other: TestApp;
beforeAll(async () => {
  room = await openNewsroom();
  other = await startApp({}, { databaseUrl: room.app.databaseUrl });
});
afterAll(async () => {
  await other.close();
  await room.close();
});

const take = () => takeDue(room.app.deps.db);
const takeAll = async (app: TestApp) => {
  let taken = 0;
  await eventually(async () => {
    taken += await takeDue(app.deps.db);
    const waiting = await app.sql('SELECT 1 FROM due WHERE at <= now()');
    expect(waiting).toEqual([]);
  });
  return taken;
};

const toldOf = async (id: string) =>
  (await eventsOf(room, id)).map(({ type, version, is_public }) => [type.replace('article.', ''), version, is_public]);

describe('what time does to an article', () => {
  it('is recorded once its instant has passed, with that instant, and moves neither version nor ETag', async () => {
    const tag = await room.label('tags', { name: 'ভাষা' });
    const { id, slug } = await room.story({ status: 'published', publishedAt: ahead, tags: [tag.id] });
    expect(await take()).toBe(0);
    expect(await toldOf(id)).toEqual([
      ['created', 1, false],
      ['scheduled', 1, false],
    ]);
    const at = await passes(room, id, 'published', '2 seconds');
    const before = await room.read(slug).expect(200);
    expect(await take()).toBe(1);
    const [, , published] = await eventsOf(room, id);
    const side = { slug, tags: [tag.id], source: null, language: 'bn' };
    expect(published).toEqual({
      type: 'article.published',
      version: 1,
      at: new Date(at),
      actor_id: null,
      keys: expect.arrayContaining([
        cacheKeys.article(id),
        'latest',
        'latest:l:bn',
        cacheKeys.latestOfTag(tag.id),
        'redirects',
      ]),
      is_public: true,
      public_before: null,
      public_after: side,
    });
    const after = await room.read(slug).expect(200);
    expect([after.headers.etag, after.text]).toEqual([before.headers.etag, before.text]);
    expect(await take()).toBe(0);
    expect(await dueOf(room, id)).toEqual([]);
  });

  it('is told of publication and end in their order where nothing ran in between', async () => {
    const { id, slug } = await room.story({ status: 'published', publishedAt: ahead, expiresAt: further });
    const over = [await passes(room, id, 'published', '3 days'), await passes(room, id, 'expired', '1 day')];
    await room.read(slug).expect(410);
    expect(await take()).toBe(2);
    const events = (await eventsOf(room, id)).slice(2);
    const side = { slug, tags: [], source: null, language: 'bn' };
    expect(
      events.map(({ type, at, public_before, public_after }) => [type, at.toISOString(), public_before, public_after]),
    ).toEqual([
      ['article.published', over[0], null, side],
      ['article.expired', over[1], side, null],
    ]);
  });

  it('is what the last change left to come', async () => {
    const { id } = await room.story({ status: 'published', publishedAt: ahead });
    expect(await dueOf(room, id)).toEqual([['published', ahead]]);
    await room.patch(id, { publishedAt: '2028-02-20T00:00:00Z', expiresAt: further }).expect(200);
    expect(await dueOf(room, id)).toEqual([
      ['published', '2028-02-20T00:00:00.000Z'],
      ['expired', further],
    ]);
    await room.patch(id, { kicker: 'একুশ' }).expect(200);
    expect(await dueOf(room, id)).toHaveLength(2);
    await room.step('publish', id).expect(200);
    expect(await dueOf(room, id)).toEqual([['expired', further]]);
    await room.trash(id).expect(204);
    await room.step('restore', id).expect(200);
    expect(await dueOf(room, id)).toEqual([]);
    await room.step('publish', id, { at: ahead }).expect(200);
    expect(await dueOf(room, id)).toEqual([
      ['published', ahead],
      ['expired', further],
    ]);
    await room.step('archive', id).expect(200);
    expect(await dueOf(room, id)).toEqual([]);
  });

  it('is recorded before a change that comes sooner than the recording', async () => {
    const { id, slug } = await room.story({ status: 'published', publishedAt: ahead });
    await passes(room, id, 'published', '1 second');
    await room.patch(id, { title: 'একুশের প্রভাতফেরি' }).expect(200);
    const side = { slug, tags: [], source: null, language: 'bn' };
    expect(
      (await eventsOf(room, id))
        .slice(2)
        .map(({ type, version, public_before, public_after }) => [type, version, public_before, public_after]),
    ).toEqual([
      ['article.published', 1, null, side],
      ['article.updated', 2, side, side],
    ]);
    const from = await room.label('tags', { name: 'প্রভাতফেরি' });
    const into = await room.label('tags', { name: 'একুশে ফেব্রুয়ারি' });
    const { id: tagged } = await room.story({ status: 'published', publishedAt: ahead, tags: [from.id] });
    await passes(room, tagged, 'published', '1 second');
    await room
      .as('editor', 'post', `/v1/tags/${from.id}/merge`)
      .set('If-Match', '*')
      .send({ into: into.id })
      .expect(200);
    expect((await toldOf(tagged)).slice(2)).toEqual([
      ['published', 1, true],
      ['updated', 2, true],
    ]);
    expect(await take()).toBe(0);
  });

  it('is known to a change that began before the instant and had to wait for the article until after it', async () => {
    const { id } = await room.story({ status: 'published', publishedAt: ahead });
    const holder = new outside.pg.Client({ connectionString: room.app.databaseUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM articles WHERE id = $1 FOR UPDATE', [id]);
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
    } finally {
      await holder.end();
    }
    expect((await toldOf(id)).slice(2)).toEqual([
      ['published', 1, true],
      ['updated', 2, true],
    ]);
    expect(await dueOf(room, id)).toEqual([]);
  });

  it('leaves an article that is being changed for later, and holds up no other for it', async () => {
    const busy = await room.story({ status: 'published', publishedAt: ahead });
    const free = await room.story({ status: 'published', publishedAt: ahead });
    await passes(room, busy.id, 'published', '2 seconds');
    await passes(room, free.id, 'published', '1 second');
    const holder = new outside.pg.Client({ connectionString: room.app.databaseUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM articles WHERE id = $1 FOR UPDATE', [busy.id]);
      expect(await take()).toBe(1);
      await holder.query('ROLLBACK');
    } finally {
      await holder.end();
    }
    expect(await toldOf(free.id)).toHaveLength(3);
    expect(await toldOf(busy.id)).toHaveLength(2);
    expect(await take()).toBe(1);
    expect(await toldOf(busy.id)).toHaveLength(3);
  });

  it('is not told where a program of before has changed the article meanwhile', async () => {
    const { id } = await room.story({ status: 'published', publishedAt: ahead });
    await room.app.sql(`UPDATE articles SET status = 'draft' WHERE id = $1`, [id]);
    await room.app.sql(`UPDATE due SET at = now() - interval '1 second' WHERE article_id = $1`, [id]);
    expect(await take()).toBe(1);
    expect(await toldOf(id)).toHaveLength(2);
  });

  it('names the pages of the other editions of its story', async () => {
    const bangla = await room.story({ status: 'published' });
    const english = await room.story({ status: 'published', publishedAt: ahead, language: 'en' });
    await room.link(english.id, bangla.id).expect(200);
    await passes(room, english.id, 'published', '1 second');
    expect(await take()).toBe(1);
    expect((await eventsOf(room, english.id)).at(-1)?.keys).toContain(cacheKeys.story(bangla.id));
  });

  it('is recorded whole or not at all', async () => {
    const stories = [];
    for (let count = 0; count < 3; count += 1) {
      const { id } = await room.story({ status: 'published', publishedAt: ahead });
      await passes(room, id, 'published', `${3 - count} seconds`);
      stories.push(id);
    }
    await room.app.sql(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.subject_id = '${stories[1]}' THEN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$`);
    await room.app.sql('CREATE TRIGGER full_disk BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION full_disk()');
    try {
      await expect(take()).rejects.toThrow();
      for (const id of stories)
        expect([await toldOf(id), await dueOf(room, id)]).toEqual([expect.any(Array), [expect.any(Array)]]);
      for (const id of stories) expect(await toldOf(id)).toHaveLength(2);
    } finally {
      await room.app.sql('DROP FUNCTION full_disk CASCADE');
    }
    expect(await take()).toBe(3);
  });

  it('is recorded each once of 1,000 that are due in one moment, by two instances', async () => {
    await room.app.sql(`WITH made AS (
        INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, published_at, first_published_at)
        SELECT gen_random_uuid(), 'bn', 'প্রভাত-' || n, true, 'প্রভাত ' || n, '', 'html', '', 'published', m.at, m.at
        FROM generate_series(1, 1000) n, (SELECT date_trunc('milliseconds', now()) AS at) m RETURNING id, published_at)
      INSERT INTO due SELECT id, 'published', published_at FROM made`);
    const taken = await Promise.all([takeAll(room.app), takeAll(other)]);
    expect(taken[0] + taken[1]).toBe(1_000);
    const [counted] = await room.app.sql(
      `SELECT count(*)::int AS events, count(DISTINCT subject_id)::int AS articles, bool_and(e.at = a.published_at) AS exact
       FROM events e JOIN articles a ON a.id = e.subject_id WHERE a.slug LIKE 'প্রভাত-%' AND e.type = 'article.published'`,
    );
    expect(counted).toEqual({ events: 1_000, articles: 1_000, exact: true });
  });

  it('is listed for admins with nobody as its actor', async () => {
    const { body } = await other
      .request('get', '/v1/events?type=article.published&limit=1')
      .set(...bearer(room.people.admin))
      .expect(200);
    expect(body.data[0]).toMatchObject({
      actor: null,
      actorId: null,
      requestId: null,
      isPublic: true,
      publicBefore: null,
    });
  });
});
