import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';
import { minutesAgo, plantStories } from '../support/stories.ts';
import { idsOf } from '../support/walk.ts';

const { numberOnce, startHousekeeping, sweepOut } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const running = new AbortController().signal;
const sweep = (stop = running) => sweepOut(room.app, stop);
const ids = async (text: string, values: unknown[] = []) =>
  (await room.app.sql<{ id: string }>(text, values)).map(({ id }) => id).sort();

/** More than two batches. */
const many = 1_100;

describe('housekeeping', () => {
  it('removes what has ended, however much it is, and keeps what has not', async () => {
    const { sql, person } = room.app;
    const author = await person('author');
    const story = await room.story({});
    const series = `generate_series(1, ${many}) n`;
    await sql(
      `INSERT INTO sessions (id, user_id, token_hash, expires_at)
       SELECT gen_random_uuid(), $1, 'none', now() - interval '25 hours' FROM ${series}`,
      [author.id],
    );
    await sql(
      `INSERT INTO sessions (id, user_id, token_hash, expires_at) VALUES (gen_random_uuid(), $1, 'kept', now() - interval '23 hours')`,
      [author.id],
    );
    await sql(
      `INSERT INTO idempotency_keys (caller, key, fingerprint, status, answer, at)
       SELECT 'user:none', 'old-' || n, '', 200, '', now() - interval '25 hours' FROM ${series}`,
    );
    await sql(
      `INSERT INTO idempotency_keys (caller, key, fingerprint, status, answer, at) VALUES ('user:none', 'kept', '', 200, '', now() - interval '23 hours')`,
    );
    await sql(
      `INSERT INTO previews (id, article_id, shows_draft, created_by_id, expires_at)
       SELECT gen_random_uuid(), $1, false, $2, now() - interval '31 days' FROM ${series}`,
      [story.id, author.id],
    );
    const [preview] = await ids(
      `INSERT INTO previews (id, article_id, shows_draft, created_by_id, expires_at)
       VALUES (gen_random_uuid(), $1, false, $2, now() - interval '29 days') RETURNING id::text`,
      [story.id, author.id],
    );
    await sql(
      `INSERT INTO webhooks (id, type, name, url, audience, with_item, kinds, events, secret, position)
       SELECT gen_random_uuid(), 'varnish', 'ক্যাশ', 'https://cache.example/', 'public', false, '{}', '{}', '', 0`,
    );
    const deliver = (created: string, ended: string | null, rows: string) =>
      ids(
        `INSERT INTO webhook_deliveries (id, webhook_id, purpose, event_type, kind, subject_id, state, created_at, ended_at)
         SELECT gen_random_uuid(), w.id, 'purge', 'tag.updated', 'tag', gen_random_uuid(), CASE WHEN $2::text IS NULL THEN 'waiting' ELSE 'done' END,
           now() - $1::interval, now() - $2::interval FROM webhooks w, ${rows} RETURNING id::text`,
        [created, ended],
      );
    await deliver('32 days', '31 days', series);
    const deliveries = [
      ...(await deliver('32 days', '29 days', 'generate_series(1, 1)')),
      ...(await deliver('40 days', null, 'generate_series(1, 1)')),
    ].sort();
    await sql(
      `INSERT INTO webhook_attempts (id, delivery_id, at, took_ms)
       SELECT gen_random_uuid(), $1::uuid, now() - interval '31 days', 1 FROM ${series}
       UNION ALL SELECT gen_random_uuid(), $1::uuid, now() - interval '29 days', 2`,
      [deliveries[0]],
    );
    await sql(
      `INSERT INTO editing (article_id, user_id, expires_at) VALUES ($1, $2, now() - interval '1 second'), ($1, $3, now() + interval '1 minute')`,
      [story.id, author.id, room.people.editor.id],
    );
    await sql(
      `INSERT INTO rate_limits (key, points, expire)
       SELECT 'old:' || n, 1, (extract(epoch FROM now()) * 1000)::bigint - 1 FROM ${series}`,
    );
    await sql(
      `INSERT INTO rate_limits (key, points, expire) VALUES ('kept', 1, (extract(epoch FROM now()) * 1000)::bigint + 60000)`,
    );

    await sweep();

    expect(
      await ids('SELECT token_hash AS id FROM sessions WHERE user_id = $1 AND expires_at < now()', [author.id]),
    ).toEqual(['kept']);
    expect(await ids('SELECT key AS id FROM idempotency_keys')).toEqual(['kept']);
    expect(await ids('SELECT id::text FROM previews')).toEqual([preview]);
    expect(await ids('SELECT user_id::text AS id FROM editing')).toEqual([room.people.editor.id]);
    expect(await ids('SELECT key AS id FROM rate_limits')).toEqual(['kept']);
    const { text } = await room.app.request('get', '/metrics').expect(200);
    expect(await ids('SELECT id::text FROM webhook_deliveries')).toEqual(deliveries);
    expect(await ids('SELECT took_ms::text AS id FROM webhook_attempts')).toEqual(['2']);
    const swept = ['sessions', 'idempotency-keys', 'previews', 'rate-limits', 'webhook-attempts', 'webhook-deliveries'];
    for (const what of swept) expect(text).toContain(`sweep_rows_total{what="${what}"} ${many}`);
    expect(text).toContain('sweep_rows_total{what="presence"} 1');
  });

  it('never removes a revision, nor an event that has no position yet', async () => {
    const count = 'SELECT (SELECT count(*) FROM revisions)::text || (SELECT count(*) FROM events)::text AS id';
    await room.app.sql("UPDATE revisions SET at = now() - interval '20 years'");
    await room.app.sql("UPDATE events SET at = now() - interval '20 years'");
    const before = await ids(count);
    await sweep();
    expect(await ids(count)).toEqual(before);
  });

  it('removes events after EVENTS_DAYS with their positions, but for the last of each order, from which followers go on', async () => {
    const { sql, deps } = room.app;
    const cursorOf = async () => {
      let page = { nextCursor: '', more: true };
      while (page.more) {
        const from: string = page.nextCursor === '' ? '' : `?after=${page.nextCursor}`;
        page = (await room.as(null, 'get', `/v1/changes${from}`).expect(200)).body.page;
      }
      return page.nextCursor;
    };
    await room.label('tags', { name: 'পুরোনো দিন' });
    await numberOnce(deps.db);
    const early = await cursorOf();
    await room.label('tags', { name: 'গতকাল' });
    await sql(
      `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
       SELECT gen_random_uuid(), 'user.updated', 'user', gen_random_uuid(), 1, '{}', '{}' FROM generate_series(1, ${many})`,
    );
    await numberOnce(deps.db);
    const late = await cursorOf();
    await sql("UPDATE events SET at = now() - interval '401 days'");
    await sweep();
    expect(await ids('SELECT type AS id FROM events')).toEqual(['tag.created', 'user.updated']);
    expect(await sql('SELECT 1 FROM changes')).toHaveLength(2);
    expect((await room.as(null, 'get', `/v1/changes?after=${early}`).expect(410)).body.code).toBe('cursor-expired');
    const tag = await room.label('tags', { name: 'আজ' });
    await numberOnce(deps.db);
    expect((await room.as(null, 'get', `/v1/changes?after=${late}`).expect(200)).body.data).toMatchObject([
      { id: tag.id },
    ]);
    expect((await room.app.request('get', '/metrics').expect(200)).text).toMatch(
      /sweep_rows_total\{what="events"\} \d{4}/,
    );
  });

  it('counts a sweep that fails, and goes on with the next', async () => {
    const key = "INSERT INTO rate_limits (key, points, expire) VALUES ('late', 1, 1)";
    await room.app.sql(key);
    await room.app.sql('ALTER TABLE previews RENAME TO previews_away');
    await sweep();
    await room.app.sql('ALTER TABLE previews_away RENAME TO previews');
    expect(await ids("SELECT key AS id FROM rate_limits WHERE key = 'late'")).toEqual([]);
    const { text } = await room.app.request('get', '/metrics').expect(200);
    expect(text).toContain('sweep_failures_total{what="previews"} 1');
    expect(room.app.logLines.filter((line) => line.includes('housekeeping failed'))).toHaveLength(1);
  });

  it('ends where the process stops', async () => {
    await room.app.sql("INSERT INTO rate_limits (key, points, expire) VALUES ('late', 1, 1)");
    await sweep(AbortSignal.abort());
    expect(await ids("SELECT key AS id FROM rate_limits WHERE key = 'late'")).toEqual(['late']);
  });

  describe('begins at once with the search', () => {
    const search = async (q: string) =>
      idsOf((await room.as(null, 'get', `/v1/search?q=${encodeURIComponent(q)}`).expect(200)).body);

    it('which after an upgrade knows no article', async () => {
      const [old = ''] = await plantStories(room.app, [{ title: 'শাপলার বিল', publishedAt: minutesAgo(30) }]);
      expect(await search('শাপলা')).toEqual([]);
      const stop = startHousekeeping(room.app);
      await eventually(async () => expect(await search('শাপলা')).toEqual([old])).finally(stop);
    });

    it('or, where migrations are applied elsewhere and come later, then', async () => {
      const { sql } = room.app;
      const [old = ''] = await plantStories(room.app, [{ title: 'কচুরিপানার ফুল', publishedAt: minutesAgo(30) }]);
      await sql('UPDATE _prisma_migrations SET finished_at = NULL');
      await room.app.request('get', '/readyz').expect(503);
      const stop = startHousekeeping(room.app);
      await sql('UPDATE _prisma_migrations SET finished_at = now()');
      await eventually(async () => expect(await search('কচুরিপানা')).toEqual([old])).finally(stop);
      const { text } = await room.app.request('get', '/metrics').expect(200);
      expect(text).toContain('sweep_failures_total{what="search"} 0');
    });
  });
});
