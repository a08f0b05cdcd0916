import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../src/core/cache-keys.ts';
import { passes } from '../support/due.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { numberOnce, setUpWhenMigrated, sweepOut, takeDue } = outside;

const running = new AbortController().signal;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

/** What a numberer does each second. */
async function second(): Promise<void> {
  await takeDue(room.app.deps.db);
  await numberOnce(room.app.deps.db);
}

type Named = { op: string; id: string; slug: string; version: number; event: { type: string; at: string } };
type Page = { data: Named[]; page: { nextCursor: string; more: boolean } };

async function readOn(after = ''): Promise<{ entries: Named[]; cursor: string }> {
  const entries: Named[] = [];
  for (let cursor = after; ; ) {
    const query = cursor === '' ? '' : `?after=${cursor}`;
    const { data, page }: Page = (await room.as(null, 'get', `/v1/changes${query}`).expect(200)).body;
    entries.push(...data);
    cursor = page.nextCursor;
    if (!page.more) return { entries, cursor };
  }
}

/** What a follower is told of since here. */
async function follow(): Promise<() => Promise<string[][]>> {
  await second();
  const { cursor } = await readOn();
  return async () => {
    await second();
    const { entries } = await readOn(cursor);
    return entries.map(({ op, slug, event }) => [op, slug, event.type]);
  };
}

/** A change of an article as 0.2.0 writes it: row, revision, event with the cache keys of then; nothing else. */
async function changedBefore(id: string, type: string, set: string): Promise<void> {
  await room.app.sql(`UPDATE articles SET ${set}, version = version + 1 WHERE id = $1`, [id]);
  await room.app.sql(
    `INSERT INTO revisions (article_id, version, step, snapshot) SELECT a.id, a.version, 'update',
       jsonb_build_object('slug', a.slug, 'language', a.language, 'source', NULL, 'tags', '[]'::jsonb, 'publishedAt', a.published_at,
         'expiresAt', a.expires_at, 'status', CASE WHEN a.published_at > now() THEN 'scheduled' ELSE a.status END)
     FROM articles a WHERE a.id = $1`,
    [id],
  );
  await room.app.sql(
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
     SELECT gen_random_uuid(), $2, 'article', a.id, a.version,
       ARRAY['article:' || a.id, 'latest', 'latest:lang:bn', 'redirects'], jsonb_build_object('slug', a.slug, 'status', a.status)
     FROM articles a WHERE a.id = $1`,
    [id, type],
  );
}

const at = (interval: string) => `date_trunc('milliseconds', now() + interval '${interval}')`;
const publishedAt = (interval: string) =>
  `status = 'published', published_at = ${at(interval)}, first_published_at = ${at(interval)}`;

type Recorded = { type: string; keys: string[]; is_public: boolean };
const recorded = (id: string) =>
  room.app.sql<Recorded>('SELECT type, keys, is_public FROM events WHERE subject_id = $1 ORDER BY seq', [id]);
const typesOf = async (id: string) => (await recorded(id)).map(({ type }) => type.replace('article.', ''));
const awaited = (id: string) =>
  room.app.sql('SELECT what FROM due WHERE article_id = $1 ORDER BY at', [id]).then((rows) => rows.map((r) => r.what));

describe('what a process of 0.2.0 writes beside this version', () => {
  it('is told to followers when it schedules and the instant passes, once, and before that to nobody', async () => {
    const { id, slug } = await room.story({ title: 'নবান্নের খবর' });
    const told = await follow();
    await changedBefore(id, 'article.published', publishedAt('1 hour'));
    expect((await recorded(id)).at(-1)).toEqual({
      type: 'article.scheduled',
      keys: [cacheKeys.article(id)],
      is_public: false,
    });
    expect(await awaited(id)).toEqual(['published']);
    expect(await told()).toEqual([]);
    await passes(room, id, 'published', '1 second');
    expect(await told()).toEqual([['upsert', slug, 'article.published']]);
    await second();
    expect(await typesOf(id)).toEqual(['created', 'scheduled', 'published']);
  });

  it('is told with the keys of now when it publishes, renames and takes back', async () => {
    const { id, slug } = await room.story({ title: 'ধানের দাম' });
    const told = await follow();
    await changedBefore(id, 'article.published', publishedAt('-1 second'));
    expect(await told()).toEqual([['upsert', slug, 'article.published']]);
    const page = await room.read(slug).expect(200);
    const last = (await recorded(id)).at(-1);
    expect(last).toMatchObject({
      is_public: true,
      keys: [cacheKeys.article(id), 'latest', 'latest:l:bn', 'redirects'],
    });
    expect(page.headers['surrogate-key']).toContain(cacheKeys.article(id));
    const renamed = await follow();
    await changedBefore(id, 'article.updated', `slug = 'ধানের-দর'`);
    expect(await renamed()).toEqual([['upsert', 'ধানের-দর', 'article.updated']]);
    const gone = await follow();
    await changedBefore(id, 'article.unpublished', `status = 'draft', published_at = NULL`);
    expect(await gone()).toEqual([['remove', 'ধানের-দর', 'article.unpublished']]);
  });

  it('ends an article at the instant that it set', async () => {
    const { id, slug } = await room.story({ title: 'মেলার শেষ দিন', status: 'published' });
    await changedBefore(id, 'article.updated', `published_at = ${at('-1 hour')}, expires_at = ${at('1 hour')}`);
    const told = await follow();
    await passes(room, id, 'expired', '1 second');
    expect(await told()).toEqual([['remove', slug, 'article.expired']]);
    expect(await typesOf(id)).toEqual(['created', 'published', 'updated', 'expired']);
  });

  it('moves an instant that this version awaits', async () => {
    const { id } = await room.story({ status: 'published', publishedAt: '2028-02-21T00:00:00Z' });
    await changedBefore(id, 'article.updated', publishedAt('1 hour'));
    expect(
      await room.app.sql(
        'SELECT d.at = a.published_at AS same FROM due d JOIN articles a ON a.id = d.article_id WHERE a.id = $1',
        [id],
      ),
    ).toEqual([{ same: true }]);
  });

  it('names tags as they are called now', async () => {
    const tag = await room.label('tags', { name: 'নদীপথ' });
    const told = await follow();
    await room.app.sql(`UPDATE tags SET slug = 'নৌপথ', version = version + 1 WHERE id = $1`, [tag.id]);
    await room.app.sql(
      `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
       VALUES (gen_random_uuid(), 'tag.updated', 'tag', $1, 2, $2, '{"slug": "নৌপথ"}')`,
      [tag.id, [`tag:${tag.id}`, 'tags', `latest:tag:${tag.id}`]],
    );
    expect(await told()).toEqual([['upsert', 'নৌপথ', 'tag.updated']]);
    const [event] = await room.app.sql(
      'SELECT keys, public_before, public_after FROM events WHERE subject_id = $1 ORDER BY seq DESC LIMIT 1',
      [tag.id],
    );
    expect(event).toEqual({
      keys: [cacheKeys.tag(tag.id), 'tags', cacheKeys.latestOfTag(tag.id)],
      public_before: { slug: tag.slug },
      public_after: { slug: 'নৌপথ' },
    });
  });
});

describe('instants that nobody awaits, as where an article was changed by SQL', () => {
  const keepHouse = () => sweepOut(room.app, running);

  it('are awaited by housekeeping, and those that have passed are recorded once', async () => {
    const ahead = await room.story({ title: 'কাল সকালে' });
    const shown = await room.story({ title: 'আজ সকালে' });
    const over = await room.story({ title: 'গতকালের মেলা', status: 'published' });
    const told = await follow();
    await room.app.sql(`UPDATE articles SET ${publishedAt('5 hours')} WHERE id = $1`, [ahead.id]);
    await room.app.sql(`UPDATE articles SET ${publishedAt('-1 second')} WHERE id = $1`, [shown.id]);
    await room.app.sql(
      `UPDATE articles SET expires_at = ${at('-1 second')}, published_at = ${at('-5 seconds')} WHERE id = $1`,
      [over.id],
    );
    // The program of this test is one that has migrated just now; an hour ago it had, too.
    await room.app.sql(`UPDATE _prisma_migrations SET finished_at = finished_at - interval '1 hour'`);
    await keepHouse();
    expect(await awaited(ahead.id)).toEqual(['published']);
    expect(await told()).toEqual(
      expect.arrayContaining([
        ['upsert', shown.slug, 'article.published'],
        ['remove', over.slug, 'article.expired'],
      ]),
    );
    const before = [await typesOf(ahead.id), await typesOf(shown.id), await typesOf(over.id)];
    expect(before).toEqual([['created'], ['created', 'published'], ['created', 'published', 'expired']]);
    await keepHouse();
    await second();
    expect([await typesOf(ahead.id), await typesOf(shown.id), await typesOf(over.id)]).toEqual(before);
    expect(await awaited(ahead.id)).toEqual(['published']);
  });

  it('are awaited by a start, without waiting for housekeeping', async () => {
    const { id } = await room.story({});
    await room.app.sql(`UPDATE articles SET ${publishedAt('5 hours')} WHERE id = $1`, [id]);
    await setUpWhenMigrated(room.app, null, running);
    expect(await awaited(id)).toEqual(['published']);
  });

  it('are left alone where the change recorded them, or strangers never saw the article', async () => {
    const { sql } = room.app;
    const published = await room.story({ status: 'published' });
    const ended = await room.story({ status: 'published' });
    await room.step('archive', ended.id).expect(200);
    const never = await room.story({});
    await sql(`UPDATE articles SET ${publishedAt('-2 seconds')}, expires_at = ${at('-1 second')} WHERE id = $1`, [
      never.id,
    ]);
    await keepHouse();
    for (const { id } of [published, ended, never]) expect(await awaited(id)).toEqual([]);
  });

  it('are not recorded again where a row comes late for one that is recorded', async () => {
    const { id } = await room.story({ status: 'published', publishedAt: '2028-02-21T00:00:00Z' });
    await passes(room, id, 'published', '1 second');
    await second();
    const types = await typesOf(id);
    expect(types).toEqual(['created', 'scheduled', 'published']);
    await room.app.sql(`INSERT INTO due SELECT id, 'published', published_at FROM articles WHERE id = $1`, [id]);
    expect(await takeDue(room.app.deps.db)).toBe(1);
    expect([await typesOf(id), await awaited(id)]).toEqual([types, []]);
  });
});
