import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Db, openDb } from '../../src/db/client.ts';
import type { Tx } from '../../src/db/tx.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { collectTrips } from '../support/statement-count.ts';

let database: TestDatabase;
let db: Db;
let trips: () => string[];
beforeAll(async () => {
  database = await cloneDatabase();
  db = openDb({ url: database.url, poolMax: 1, prepare: true }, () => {});
  trips = collectTrips(db.pool);
  await directly(database.url, 'CREATE TABLE kept (name text PRIMARY KEY)');
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
// A connection that was just heard of.
beforeEach(async () => {
  await db.read({ text: 'SELECT 1' });
  trips();
});

const keep = (name: string) => directly(database.url, 'INSERT INTO kept (name) VALUES ($1)', [name]);
const pid = async () => (await db.read<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' }))[0]?.pid;

describe('a lock together with the statement that looks behind it', () => {
  const lock = 'SELECT WHERE pg_advisory_xact_lock(hashtextextended($1::text || $2::text, 0))::text IS NULL';
  const look = {
    name: 'look-behind',
    text: 'SELECT $1::text || $2::text AS asked, array_agg(name) AS there FROM kept WHERE name = $2::text',
  };
  const behind = (name: string, kind: string) => (tx: Tx) =>
    tx.readBehind<{ asked: string; there: string[] | null }>(lock, look, [kind, name]);

  it('takes one round trip for BEGIN and both, and gives the rows of the statement alone', async () => {
    await db.transaction(behind('ঘাট', 'ফেরি'));
    await keep('ফেরিঘাট');
    trips();
    expect(await db.transaction(behind('ফেরিঘাট', 'ক'))).toEqual([{ asked: 'কফেরিঘাট', there: ['ফেরিঘাট'] }]);
    expect(trips()).toEqual([`BEGIN; ${look.text} -- behind ${lock}`, 'COMMIT']);
  });

  it.each([1, 2])('sees what is stored until the lock is held (%s)', async (time) => {
    const name = `অপেক্ষা ${time}`;
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(lock, ['খ', name]);
    await holder.query('INSERT INTO kept (name) VALUES ($1)', [name]);
    const looked = db.transaction(behind(name, 'খ'));
    const waits =
      'SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())';
    while ((await holder.query(waits)).rowCount === 0);
    await holder.query('COMMIT');
    await holder.end();
    expect(await looked).toEqual([{ asked: `খ${name}`, there: [name] }]);
  });

  it.each([
    ['prepared', look],
    ['not prepared', { text: `${look.text} LIMIT 1` }],
  ])(
    'looks at nothing where the lock is refused, of a statement %s, and goes on with the connection',
    async (_, what) => {
      const before = await pid();
      const refused = db.transaction((tx) =>
        tx.readBehind('SELECT WHERE 1 / length($1::text || $2::text) > 1', what, ['', '']),
      );
      await expect(refused).rejects.toMatchObject({ kind: 'Unprocessable' });
      expect(await db.transaction(behind('নাই', 'গ'))).toEqual([{ asked: 'গনাই', there: null }]);
      expect(await pid()).toBe(before);
    },
  );

  it('goes with a statement in the middle of a transaction too, whether or not it is prepared', async () => {
    for (const name of ['look-late', 'look-late'])
      await db.transaction(async (tx) => {
        await tx.read({ text: 'SELECT 1' });
        const [row] = await tx.readBehind(lock, { ...look, name }, ['ঘ', 'নাই']);
        expect(row).toEqual({ asked: 'ঘনাই', there: null });
        expect(
          await tx.read({
            text: `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()`,
          }),
        ).toHaveLength(1);
      });
  });
});
