import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { startApp } from '../support/app.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { buildProgram, killPrograms, type Program, startProgram } from '../support/program.ts';
import { openProxy } from '../support/proxy.ts';

const { startOutbox } = outside;

jest.setTimeout(60_000);

const account = { email: 'desk@khobor.example', password: 'খালের ওপারে বটের ছায়া' };

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await buildProgram();
});
afterEach(killPrograms);
afterAll(async () => {
  await client.end();
  await database.drop();
});

const start = (): Program =>
  startProgram({
    DATABASE_URL: database.url,
    JWT_SECRET: 'a-secret-for-tests-that-is-long-enough-0123456789',
    DATABASE_POOL_MAX: '4',
    RATE_LIMIT_WRITES: '100000',
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
  });

const send = async (url: string, body: object, token = ''): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token === '' ? {} : { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

const insertEvent = `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
  VALUES (gen_random_uuid(), 'tag.updated', 'tag', gen_random_uuid(), 1, '{}', '{}') RETURNING seq::text`;

/** Reads on from where it was, as a follower does, until it is told to end; gives the numbers of all that it saw. */
function follow() {
  const seen: string[] = [];
  let following = true;
  const done = (async () => {
    while (following) {
      const { rows } = await client.query<{ position: string; event_seq: string }>(
        'SELECT position::text, event_seq::text FROM changes c WHERE c.position > $1 ORDER BY c.position',
        [seen.length],
      );
      for (const { position, event_seq } of rows) {
        expect(Number(position)).toBe(seen.length + 1);
        seen.push(event_seq);
      }
      // Often enough to come between any two commits, and leaves the processor to who writes.
      await delay(3);
    }
    return seen;
  })();
  return {
    seen,
    end() {
      following = false;
      return done;
    },
  };
}

describe('three processes that number', () => {
  it('lose no event and double none while writers roll back, one transaction hangs, one of them is killed and one stopped', async () => {
    const programs = [start(), start(), start()];
    const urls = await Promise.all(programs.map(({ url }) => url));
    const [killed, stopped] = programs;
    const login = await send(`${urls[2]}/v1/auth/login`, account);
    const { accessToken } = JSON.parse(await login.text());
    const hung = new pg.Client({ connectionString: database.url });
    const rolling = new pg.Client({ connectionString: database.url });
    await Promise.all([hung.connect(), rolling.connect()]);
    const reader = follow();
    await hung.query('BEGIN');
    const { rows: hanging } = await hung.query<{ seq: string }>(insertEvent);
    const rolledBack: string[] = [];

    let [written, alive] = [0, [0, 1, 2]];
    const writer = async (index: number) => {
      for (let turn = 0; turn < 14; turn += 1) {
        const url = urls[alive[(index + turn) % alive.length] ?? 2];
        // What is killed in the middle of a call may have written or not; the follower must see what is there.
        const answer = await send(`${url}/v1/articles`, { title: `জেলেপাড়া ${index} ${turn}` }, accessToken).catch(
          () => null,
        );
        if (answer?.status === 201) written += 1;
        if (index === 0 && turn === 4) {
          alive = [1, 2];
          killed?.kill('SIGKILL');
        }
        if (index === 0 && turn === 8) {
          alive = [2];
          stopped?.kill('SIGSTOP');
        }
        if (index > 0) continue;
        await rolling.query('BEGIN');
        rolledBack.push(String((await rolling.query<{ seq: string }>(insertEvent)).rows[0]?.seq));
        await rolling.query('ROLLBACK');
      }
    };
    const writers = Array.from({ length: 6 }, (_, index) => writer(index));
    await Promise.all(writers.slice(0, 1));
    stopped?.kill('SIGCONT');
    await Promise.all(writers);
    expect(written).toBeGreaterThan(60);

    const events = async () =>
      (await directly<{ seq: string }>(database.url, 'SELECT seq::text FROM events')).map(({ seq }) => seq);
    const before = await events();
    await eventually(async () => expect(reader.seen).toHaveLength(before.length), 5_000);
    expect(reader.seen).not.toContain(hanging[0]?.seq);
    await hung.query('COMMIT');
    await eventually(async () => expect(reader.seen).toHaveLength(before.length + 1), 5_000);
    expect(reader.seen.at(-1)).toBe(hanging[0]?.seq);
    const seen = await reader.end();
    expect([...seen].sort()).toEqual((await events()).sort());
    expect(seen.filter((seq) => rolledBack.includes(seq))).toEqual([]);
    await Promise.all([hung.end(), rolling.end()]);
  });
});

describe('a numberer', () => {
  it('that cannot reach the database says so once, holds up nobody, and goes on when it can', async () => {
    const own = await cloneDatabase();
    const proxy = await openProxy(own.url);
    const app = await startApp({ DATABASE_POOL_MAX: '2' }, { databaseUrl: proxy.url });
    const stop = startOutbox(app);
    const numbered = async (count: number) => {
      const rows = await directly(own.url, 'SELECT 1 FROM changes');
      expect(rows).toHaveLength(count);
    };
    try {
      await directly(own.url, insertEvent);
      await eventually(() => numbered(1), 5_000);
      await proxy.refuse();
      await eventually(async () => expect(app.logLines.join()).toContain('events wait for their positions'), 8_000);
      await directly(own.url, insertEvent);
      await directly(own.url, 'SELECT number_events(500)');
      await numbered(2);
      await directly(own.url, insertEvent);
      await proxy.accept();
      await eventually(() => numbered(3), 8_000);
      await eventually(async () => expect(app.logLines.join()).toContain('events get their positions again'));
      expect(
        app.logLines.filter((line) => line.includes('events wait') && line.includes('"what":"numbering"')),
      ).toHaveLength(1);
    } finally {
      await stop();
      await app.close();
      await proxy.close();
      await own.drop();
    }
  });

  it('that goes silent in the middle of its turn, or waits in it, is taken over within five seconds', async () => {
    const own = await cloneDatabase();
    const proxy = await openProxy(own.url);
    const [cut, other] = [await startApp({}, { databaseUrl: proxy.url }), await startApp({}, { databaseUrl: own.url })];
    const numbered = async (count: number) =>
      expect(await directly(own.url, 'SELECT 1 FROM changes')).toHaveLength(count);
    const blocker = new pg.Client({ connectionString: own.url });
    await blocker.connect();
    proxy.trap = { kind: 'silence', text: 'number_events' };
    const stops = [startOutbox(cut)];
    try {
      await eventually(async () => expect(proxy.trap).toBeNull());
      await directly(own.url, insertEvent);
      stops.push(startOutbox(other));
      await eventually(() => numbered(1), 5_000);
      await blocker.query('BEGIN; LOCK TABLE changes_head IN SHARE MODE');
      await directly(own.url, insertEvent);
      await eventually(async () => expect(other.logLines.join()).toContain('events wait for their positions'), 5_000);
      await blocker.query('COMMIT');
      await eventually(() => numbered(2), 5_000);
    } finally {
      await Promise.all(stops.map((stop) => stop()));
      await blocker.end();
      await Promise.all([cut.close(), other.close()]);
      await proxy.close();
      await own.drop();
    }
  });
});
