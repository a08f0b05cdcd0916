import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeError } from '../../src/core/describe-error.ts';
import { translateDatabaseError } from '../../src/db/errors.ts';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';

/** Each reason for which a call cannot be served has a sentence, a time to wait, and a name in the log and the metrics. */

let app: TestApp;
let limited: TestApp;
let admin: Person;
const role = `khobor_limited_${randomBytes(6).toString('hex')}`;
beforeAll(async () => {
  app = await startApp();
  admin = await app.person('admin');
  await app.sql(`CREATE FUNCTION raise_state(state text) RETURNS int LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no' USING ERRCODE = state; END $$`);
  await app.sql(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  await app.sql(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
  await app.sql(`REVOKE INSERT ON tags FROM ${role}`);
  const url = new URL(app.databaseUrl);
  Object.assign(url, { username: role, password: role });
  limited = await startApp({ DATABASE_POOL_MAX: '2' }, { databaseUrl: url.href });
});
afterAll(async () => {
  await limited.close();
  await app.sql(`DROP OWNED BY ${role}`);
  await app.sql(`DROP ROLE ${role}`);
  await app.close();
});

const tag = (name: string) =>
  limited
    .request('post', '/v1/tags')
    .set(...bearer(admin))
    .send({ name });
const unavailableLines = () =>
  limited.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request unavailable');

describe('what keeps a call from being served', () => {
  it.each([
    ['42501', 'noRight', 30, /lacks a right/],
    ['53100', 'diskFull', 30, /no room/],
    ['53200', 'failing', 10, /memory/],
    ['53300', 'connectionLimit', 5, /no more connections/],
    ['57P01', 'restarting', 2, /starting or shutting down/],
    ['57014', 'slow', 2, /in time/],
    ['55P03', 'busy', 2, /in use by others/],
    ['25006', 'readOnly', 2, /only be read/],
    ['25P03', 'tooLong', 2, /longer than it may/],
    ['28P01', 'refused', 30, /user or password/],
    ['3D000', 'missing', 30, /does not exist/],
    ['42P01', 'unmigrated', 2, /lacks migrations/],
    ['08006', 'unreachable', 2, /out of reach/],
  ] as const)('SQLSTATE %s is %s, from reads and transactions alike', async (state, outage, retryAfterS, sentence) => {
    const { db } = app.deps;
    const before = db.stats().outages[outage] ?? 0;
    const statement = { text: 'SELECT raise_state($1)' };
    const expected = {
      kind: 'Unavailable',
      code: 'unavailable',
      message: expect.stringMatching(sentence),
      extras: { outage, retryAfterS },
    };
    await expect(db.read(statement, [state])).rejects.toMatchObject(expected);
    await expect(db.transaction((tx) => tx.read(statement, [state]))).rejects.toMatchObject(expected);
    expect(db.stats().outages[outage]).toBe(before + 2);
  });

  it('is a missing grant, said to the caller and named in the log', async () => {
    const { body, headers } = await tag('পদ্মা').expect(503);
    expect(body).toMatchObject({
      code: 'unavailable',
      detail:
        "This server's user lacks a right in the database, which its operator must grant; nothing was changed by this call.",
    });
    expect(headers['retry-after']).toBe('30');
    const [line] = unavailableLines().slice(-1);
    expect(line).toMatchObject({ outage: 'noRight', cause: { sqlState: '42501' } });
    expect(JSON.stringify(line)).not.toContain('পদ্মা');
  });

  it('is the connection limit of the role, and a password that is another now', async () => {
    await limited.request('get', '/readyz').expect(200);
    const endOurs = () => app.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1`, [role]);
    const lineOf = async (change: string) => {
      await app.sql(`ALTER ROLE ${role} ${change}`);
      await endOurs();
      for (;;) {
        const { status } = await limited.request('get', '/v1/latest');
        const outage = unavailableLines().at(-1)?.outage;
        if (status === 503 && outage !== 'restarting' && outage !== 'unreachable') return outage;
      }
    };
    expect(await lineOf('CONNECTION LIMIT 0')).toBe('connectionLimit');
    await app.sql(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    await limited.request('get', '/v1/latest').expect(200);
    const [trusted] = await app.sql<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_hba_file_rules WHERE auth_method = 'trust' AND type = 'host') AS found`,
    );
    if (trusted?.found !== true) expect(await lineOf(`PASSWORD 'another'`)).toBe('refused');
    await app.sql(`ALTER ROLE ${role} PASSWORD '${role}'`);
    expect(await directly(limited.databaseUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('is the connection limit for those alone who have no connection', async () => {
    const endOurs = () => app.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1`, [role]);
    await eventually(() => limited.request('get', '/readyz').expect(200));
    await app.sql(`ALTER ROLE ${role} CONNECTION LIMIT 1`);
    await endOurs();
    await eventually(() => limited.request('get', '/v1/latest').expect(200));
    for (let refused = 0; refused < 3; ) {
      const calls = ['/v1/latest', '/v1/changes'].map(async (path) => (await limited.request('get', path)).status);
      const statuses = await Promise.all(calls);
      if (!statuses.includes(503)) continue;
      refused += 1;
      expect(unavailableLines().at(-1)).toMatchObject({ outage: 'connectionLimit' });
      // The question whether the database is there may have the one connection for a moment.
      await eventually(() => limited.request('get', '/v1/latest').expect(200), 1_000);
    }
    await app.sql(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
  });

  it('is that all connections of this process are in use', async () => {
    const taken = await Promise.all([...Array(2)].map(() => limited.deps.db.pool.connect()));
    const answers = await Promise.all([limited.request('get', '/v1/latest'), tag('মেঘনা')]);
    for (const client of taken) client.release();
    for (const { body } of answers)
      expect(body.detail).toBe(
        "All of this server's connections to the database are in use for now; nothing was changed by this call.",
      );
    expect(unavailableLines().at(-1)).toMatchObject({ outage: 'noConnection' });
  });

  it('is never what Prisma refuses to store: of that the kind is written down, and not what it was', async () => {
    const body = 'পাঠকের গোপন চিঠি';
    const thrown = await app.deps.db
      .transaction((tx) => Object(tx.models).rateLimit.create({ data: { key: body, unknown: body } }))
      .catch((error: unknown) => error);
    expect(String(thrown)).toContain(body);
    expect(describeError(thrown)).toMatchObject({ type: 'PrismaClientValidationError' });
    expect(JSON.stringify(describeError(thrown))).not.toContain(body);
  });

  it('is a transaction that Prisma gave up because it took too long', () => {
    const givenUp = Object.assign(new Error('A commit cannot be executed on an expired transaction.'), {
      code: 'P2028',
    });
    expect(translateDatabaseError(givenUp)).toMatchObject({
      kind: 'Unavailable',
      message: expect.stringMatching(/^The change took longer than it may and was given up/),
      extras: { outage: 'tooLong' },
    });
  });
});
