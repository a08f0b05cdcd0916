import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import type { Tx } from '../../src/db/tx.ts';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';

// An unhandled rejection or an uncaught error fails the test that runs: the process of the API would have ended.

let app: TestApp;
let editor: Person;
beforeAll(async () => {
  app = await startApp();
  editor = await app.person('editor');
});
afterAll(() => app.close());

const latest = () => app.request('get', '/v1/latest');
const write = (title: string) =>
  app
    .request('post', '/v1/articles')
    .set(...bearer(editor))
    .send({ title, body: '<p>বাঁধ ভেঙে পানি ঢুকেছে।</p>' });
const elsewhere = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
  directly<Row>(app.databaseUrl, text, values);
const ours = `pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'khobor'`;

function expectUnavailable(res: Response): void {
  expect(res.status).toBe(503);
  expect(res.body).toMatchObject({ code: 'unavailable' });
  expect(res.headers['retry-after']).toMatch(/^[1-9]\d*$/);
}

/** Articles by title, each with the numbers of its revisions and events. */
const stored = (title: string) =>
  elsewhere<{ title: string; revisions: number; events: number }>(
    `SELECT a.title, (SELECT count(*)::int FROM revisions r WHERE r.article_id = a.id) AS revisions,
      (SELECT count(*)::int FROM events e WHERE e.subject_id = a.id) AS events FROM articles a WHERE a.title LIKE $1`,
    [title],
  );

describe('backends that are ended under load', () => {
  it('give 2xx or 503, and every acknowledged article is whole', async () => {
    const end = async () => {
      await latest();
      return elsewhere(`SELECT pg_terminate_backend(pid), ${ours}`);
    };
    const writer = async (number: number) => {
      const answers: Response[] = [];
      for (let turn = 0; turn < 4; turn += 1) answers.push(await write(`বন্যা ${number}-${turn}`));
      return answers;
    };
    const reader = async () => {
      const answers: Response[] = [];
      for (let turn = 0; turn < 8; turn += 1) answers.push(await latest());
      return answers;
    };
    const load = Promise.all([...[1, 2, 3, 4].map(writer), reader(), reader()]);
    for (let blow = 0; blow < 5; blow += 1) await end();
    const answers = (await load).flat();
    expect(answers.map((res) => res.status).filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    const whole = await stored('বন্যা %');
    expect(whole.filter(({ revisions, events }) => revisions !== 1 || events !== 1)).toEqual([]);
    const titles = whole.map(({ title }) => title);
    const acknowledged = answers.filter((res) => res.status === 201).map((res) => String(res.body.title));
    expect(titles).toEqual(expect.arrayContaining(acknowledged));
    await eventually(() => latest().expect(200), 2_000);
  });

  it('leave no connection behind: the pool is idle, whole and within its bounds', async () => {
    await Promise.all([...Array(12)].map(() => latest().expect(200)));
    const { pool } = app.deps.db;
    await eventually(async () => expect(pool.idleCount).toBe(pool.totalCount));
    expect(pool.waitingCount).toBe(0);
    const [row] = await elsewhere<{ n: number }>(`SELECT count(*)::int AS n FROM (SELECT ${ours}) x`);
    expect(row?.n).toBe(pool.totalCount);
    expect(row?.n).toBeLessThanOrEqual(5);
  });
});

describe('a pool without a free connection', () => {
  it('answers 503 after a second, reads and writes alike, and goes on when one is given back', async () => {
    const taken = await Promise.all([...Array(5)].map(() => app.deps.db.pool.connect()));
    const began = performance.now();
    const answers = await Promise.all([latest(), latest(), write('ভিড়')]);
    const ms = performance.now() - began;
    for (const client of taken) client.release();
    answers.forEach(expectUnavailable);
    expect(ms).toBeGreaterThan(950);
    expect(ms).toBeLessThan(3_000);
    await latest().expect(200);
    expect(await stored('ভিড়')).toEqual([]);
  });
});

describe('statements that the server gives up', () => {
  it('are 503 when one runs out of its time (57014), and change nothing', async () => {
    const client = await app.deps.db.pool.connect();
    try {
      await client.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
      const answers: Response[] = [];
      const keep = (res: Response) => answers.push(res);
      await Promise.all([
        latest().then(keep),
        write('দেরি').then(keep),
        eventually(async () => {
          await elsewhere(`SELECT pg_cancel_backend(pid), ${ours} AND wait_event_type = 'Lock'`);
          expect(answers).toHaveLength(2);
        }),
      ]);
      answers.forEach(expectUnavailable);
    } finally {
      client.release(true);
    }
    expect(await stored('দেরি')).toEqual([]);
  });

  it('runs under limits of its own, whatever the database says', async () => {
    const text = `SELECT current_setting('statement_timeout') AS s, current_setting('lock_timeout') AS l,
      current_setting('idle_in_transaction_session_timeout') AS i`;
    expect(await app.sql(text)).toEqual([{ s: '5s', l: '2s', i: '10s' }]);
    expect(await app.deps.db.transaction((tx) => tx.read({ text }))).toEqual([{ s: '5s', l: '2s', i: '10s' }]);
  });
});

describe('a database that has become read-only', () => {
  const readOnly = async (on: boolean) => {
    const [row] = await elsewhere<{ name: string }>('SELECT current_database() AS name');
    const url = new URL(app.databaseUrl);
    url.searchParams.set('options', '-c default_transaction_read_only=off');
    await directly(url.href, `ALTER DATABASE "${row?.name}" SET default_transaction_read_only = ${on ? 'on' : 'off'}`);
  };

  it('answers reads, refuses writes with 503, and is written to again as soon as it can be', async () => {
    await readOnly(true);
    await elsewhere(`SELECT pg_terminate_backend(pid), ${ours}`);
    await eventually(() => latest().expect(200));
    expectUnavailable(await write('শুকনো'));
    expectUnavailable(await app.request('post', '/v1/auth/login').send({ email: editor.email, password: 'ভুল পাসওয়ার্ড' }));
    await latest().expect(200);
    const before = await elsewhere<{ pid: number }>(`SELECT ${ours}`);
    await readOnly(false);
    await eventually(() => write('ভেজা').expect(201));
    const after = (await elsewhere<{ pid: number }>(`SELECT ${ours}`)).map(({ pid }) => pid);
    expect(before.filter(({ pid }) => after.includes(pid))).toEqual([]);
    expect((await stored('শুকনো')).length + (await stored('ভেজা')).length).toBe(1);
  });
});

describe('a constraint that no check of ours knows', () => {
  const name = 'trial_kicker_check';
  beforeAll(() => elsewhere(`ALTER TABLE articles ADD CONSTRAINT ${name} CHECK (title <> 'যা চলে না')`));
  afterAll(() => elsewhere(`ALTER TABLE articles DROP CONSTRAINT ${name}`));

  it('refuses the call with 422 and tells the operator which state of SQL it was, and nothing of the value', async () => {
    const res = await write('যা চলে না').expect(422);
    expect(res.body.code).toBe('unprocessable');
    const line = app.logLines.find((one) => one.includes(res.body.requestId)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ level: 40, status: 422, err: { cause: { sqlState: '23514' } } });
    expect(line).not.toContain('যা চলে না');
    expect(await stored('যা চলে না')).toEqual([]);
  });
});

describe('transactions that get in each other’s way', () => {
  const raise = (tx: Tx, state: string) =>
    tx.models.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '${state}'; END $$`);

  it('are tried again after a deadlock, and both succeed', async () => {
    const [a, b] = await Promise.all([write('এক').expect(201), write('দুই').expect(201)]);
    let tries = 0;
    let holding = 0;
    let met: () => void = () => {};
    const meeting = new Promise<void>((resolve) => {
      met = resolve;
    });
    const swap = (first: string, second: string) =>
      app.deps.db.transaction(async (tx) => {
        tries += 1;
        const touch = (id: string) =>
          tx.models.article.update({ where: { id }, data: { byline: 'সাদিয়া' }, select: { id: true } });
        await touch(first);
        holding += 1;
        // Each holds what the other wants next: only then may either go on.
        if (holding === 2) met();
        await meeting;
        await touch(second);
        return 'done';
      });
    const both = await Promise.all([swap(a.body.id, b.body.id), swap(b.body.id, a.body.id)]);
    expect(both).toEqual(['done', 'done']);
    expect(tries).toBe(3);
  });

  it.each(['40001', '40P01'])('are tried three times in all after %s, then 503, and leave nothing', async (state) => {
    let tries = 0;
    const refused = app.deps.db.transaction(async (tx) => {
      tries += 1;
      await tx.models.rateLimit.create({ data: { key: `try-${state}` } });
      await raise(tx, state);
    });
    await expect(refused).rejects.toMatchObject({ kind: 'Unavailable', extras: { retryAfterS: 2 } });
    expect(tries).toBe(3);
    expect(await elsewhere(`SELECT 1 FROM rate_limits WHERE key LIKE 'try-%'`)).toEqual([]);
  });

  it('succeed on the second try when the first was refused, also within another transaction', async () => {
    let tries = 0;
    const result = await app.deps.db.transaction(async () =>
      app.deps.db.transaction(async (tx) => {
        tries += 1;
        if (tries === 1) await raise(tx, '40001');
        await tx.models.rateLimit.create({ data: { key: 'second-try' } });
        return tries;
      }),
    );
    expect(result).toBe(2);
    expect(await elsewhere(`SELECT 1 FROM rate_limits WHERE key = 'second-try'`)).toHaveLength(1);
  });
});
