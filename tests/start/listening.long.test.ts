import { afterEach, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { cloneDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { openPooler } from '../support/pooler.ts';
import { openProxy } from '../support/proxy.ts';

const { startOutbox } = outside;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** An app that numbers and listens, as a process does. */
async function listening(env: Record<string, string> = {}, databaseUrl?: string): Promise<TestApp> {
  const app = await startApp(env, databaseUrl === undefined ? {} : { databaseUrl });
  ends.unshift(() => app.close());
  expect((await app.request('get', '/readyz').expect(200)).body).toEqual({ status: 'ok', changes: 'polling' });
  ends.unshift(startOutbox(app));
  return app;
}

const carries = (app: TestApp, carrier: string, withinMs?: number) =>
  eventually(async () => {
    const { body } = await app.request('get', '/readyz').expect(200);
    expect(body).toEqual({ status: 'ok', changes: carrier });
    const { text } = await app.request('get', '/metrics').expect(200);
    for (const by of ['notify', 'polling'])
      expect(text).toContain(`outbox_carrier{by="${by}"} ${by === carrier ? 1 : 0}`);
  }, withinMs);

const linesOf = (app: TestApp, words: string) => app.logLines.filter((line) => line.includes(words));

describe('what tells a process of new changes', () => {
  it('is PostgreSQL, once a message of its own was heard, on one connection besides the pool', async () => {
    const app = await listening();
    await carries(app, 'notify');
    expect(linesOf(app, 'PostgreSQL tells of new changes')).toHaveLength(1);
    const [row] = await app.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
    );
    expect(row?.count).toBe(1);
  });

  it('is polling from the moment that its connection is lost, and PostgreSQL again when it has another', async () => {
    const app = await listening();
    await carries(app, 'notify');
    await app.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
    );
    await carries(app, 'polling');
    await carries(app, 'notify');
    expect(linesOf(app, 'does not tell of new changes')).toHaveLength(1);
    expect(linesOf(app, 'PostgreSQL tells of new changes')).toHaveLength(2);
  });

  it('is PostgreSQL again within two seconds of its return, although the pauses between attempts have grown', async () => {
    const database = await cloneDatabase();
    ends.unshift(() => database.drop());
    const proxy = await openProxy(database.url);
    ends.unshift(() => proxy.close());
    const app = await listening({}, proxy.url);
    await carries(app, 'notify');
    await proxy.refuse();
    await eventually(async () => expect(app.deps.outbox.carrier).toBe('polling'));
    const lost = performance.now();
    // The attempts are one, three and seven seconds after the loss.
    await eventually(async () => expect(performance.now() - lost).toBeGreaterThan(3_500));
    expect(app.deps.outage.away()).not.toBeNull();
    await proxy.accept();
    await carries(app, 'notify', 2_000);
  });

  it('is polling behind a pooler, which takes LISTEN and hears nothing, and PostgreSQL past it', async () => {
    const database = await cloneDatabase();
    ends.unshift(() => database.drop());
    const pooler = await openPooler(database.url, '-c TimeZone=UTC');
    ends.unshift(() => pooler.close());
    const pooled = { DATABASE_PREPARE: 'off', DATABASE_POOL_MAX: '2' };
    const past = await listening({ ...pooled, DATABASE_DIRECT_URL: database.url }, pooler.url);
    await carries(past, 'notify');
    const deaf = await listening(pooled, pooler.url);
    await eventually(async () => expect(linesOf(deaf, 'DATABASE_DIRECT_URL')).toHaveLength(1));
    await carries(deaf, 'polling');
    const count = 'SELECT 1 FROM changes';
    await directly(
      database.url,
      `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
      VALUES (gen_random_uuid(), 'tag.updated', 'tag', gen_random_uuid(), 1, '{}', '{}')`,
    );
    await eventually(async () => expect(await directly(database.url, count)).toHaveLength(1));
  });
});
