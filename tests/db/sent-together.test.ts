import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Db, openDb } from '../../src/db/client.ts';
import type { Tx } from '../../src/db/tx.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { type NetworkProxy, openProxy } from '../support/proxy.ts';
import { collectTrips } from '../support/statement-count.ts';

let database: TestDatabase;
let proxy: NetworkProxy;
let db: Db;
let trips: () => string[];
beforeAll(async () => {
  database = await cloneDatabase();
  proxy = await openProxy(database.url);
  db = openDb({ url: proxy.url, poolMax: 1, prepare: true }, () => {});
  trips = collectTrips(db.pool);
  await directly(database.url, 'CREATE TABLE kept (name text PRIMARY KEY)');
});
afterAll(async () => {
  await db.close();
  await proxy.close();
  await database.drop();
});
// A connection that was just heard of.
beforeEach(async () => {
  await db.read({ text: 'SELECT 1' });
  trips();
});

const insert = { name: 'keep-name', text: 'INSERT INTO kept (name) VALUES ($1::text)' };
const keep = (name: string) => (tx: Tx) => tx.read(insert, [name]);
const kept = async () =>
  (await directly<{ name: string }>(database.url, 'SELECT name FROM kept')).map((row) => row.name);
const pid = async () => (await db.read<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' }))[0]?.pid;

describe('BEGIN together with the first statement of its transaction', () => {
  it('takes one round trip for both, once the connection has prepared the statement', async () => {
    await db.transaction(keep('ঘাট'));
    trips();
    await db.transaction(keep('নদী'));
    expect(trips()).toEqual([`BEGIN; ${insert.text}`, 'COMMIT']);
    expect(await kept()).toEqual(expect.arrayContaining(['ঘাট', 'নদী']));
  });

  it('sends nothing at all for a transaction that asks nothing, whether it ends well or not', async () => {
    expect(await db.transaction(async () => 'নৌকা')).toBe('নৌকা');
    const failed = db.transaction(() => Promise.reject(new Error('চর')));
    await expect(failed).rejects.toThrow('চর');
    expect(trips()).toEqual([]);
    await db.read({ text: 'SELECT 2' });
    expect(trips()).toEqual(['SELECT 2']);
  });

  it('takes back what a transaction did whose first statement was the only one', async () => {
    const failed = db.transaction(async (tx) => {
      await keep('ভাটা')(tx);
      throw new Error('চর');
    });
    await expect(failed).rejects.toThrow('চর');
    expect(await kept()).not.toContain('ভাটা');
  });

  it.each([
    ['prepared', insert],
    ['not prepared', { text: insert.text }],
    ['without values', { text: "INSERT INTO kept (name) VALUES ('ঢেউ')" }],
  ])(
    'stores nothing where BEGIN is refused, of a statement %s, and goes on with the connection',
    async (_, statement) => {
      const before = await pid();
      const values = statement.text === insert.text ? ['ঢেউ'] : [];
      proxy.rewrite = { from: 'BEGIN ISOLATION', to: 'BEGIM ISOLATION' };
      const refused = db.transaction((tx) => tx.read(statement, values));
      await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('BEGIM') });
      proxy.rewrite = null;
      expect(await kept()).not.toContain('ঢেউ');
      const name = `ফেরা ${_}`;
      await db.transaction(keep(name));
      expect(await kept()).toContain(name);
      expect(await pid()).toBe(before);
    },
  );

  it('has each statement see what was stored before it, where the database begins transactions otherwise', async () => {
    await db.read({ text: "SET default_transaction_isolation = 'serializable'" });
    const level = await db.transaction((tx) => tx.read({ text: 'SHOW transaction_isolation' }));
    await db.read({ text: 'RESET default_transaction_isolation' });
    expect(level).toEqual([{ transaction_isolation: 'read committed' }]);
  });

  it('is in place again after a statement that was refused', async () => {
    await expect(db.transaction(keep('নদী'))).rejects.toMatchObject({ kind: 'Conflict' });
    await db.transaction(async (tx) => {
      await keep('হাওর')(tx);
      await keep('বাঁওড়')(tx);
    });
    expect(await kept()).toEqual(expect.arrayContaining(['হাওর', 'বাঁওড়']));
  });
});

describe('BEGIN of somebody who has the connection', () => {
  it.each([
    ['a text and values', (text: string) => [`${text} VALUES ($1)`, ['শাপলা']]],
    ['a text alone', (text: string) => [`${text} VALUES ('শাপলা')`]],
    ['several statements in one text', (text: string) => [`SELECT 1; ${text} VALUES ('শাপলা')`]],
    ['an object and values', (text: string) => [{ text: `${text} VALUES ($1)` }, ['শাপলা']]],
  ] as const)('begins what is asked as %s', async (_, asked) => {
    const client = await db.pool.connect();
    const query = (given: readonly unknown[]): Promise<unknown> => Reflect.apply(client.query, client, given);
    await query(['SELECT 1']);
    await query(['BEGIN']);
    await query(asked('INSERT INTO kept (name)'));
    expect(client.getTransactionStatus()).toBe('T');
    await query(['ROLLBACK']);
    client.release();
    expect(await kept()).not.toContain('শাপলা');
  });

  it('begins what is asked with a callback, and answers that', async () => {
    const client = await db.pool.connect();
    const query = (...given: unknown[]) =>
      new Promise((resolve, reject) => {
        const done = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
        Reflect.apply(client.query, client, [...given, done]);
      });
    await query('SELECT 1');
    await query('BEGIN');
    await query('COMMIT');
    await query('BEGIN');
    await query('INSERT INTO kept (name) VALUES ($1)', ['কচুরি']);
    expect(client.getTransactionStatus()).toBe('T');
    await query('ROLLBACK');
    client.release();
    expect(await kept()).not.toContain('কচুরি');
  });
});

describe('COMMIT together with the last statement of its transaction', () => {
  const keepLast = (name: string) => (tx: Tx) => tx.readLast(insert, [name]);

  it('takes one round trip for all three', async () => {
    await db.transaction(keepLast('মোহনা'));
    trips();
    await db.transaction(keepLast('সাগর'));
    expect(trips()).toEqual([`BEGIN; ${insert.text} -- and COMMIT`]);
    expect(await kept()).toEqual(expect.arrayContaining(['মোহনা', 'সাগর']));
  });

  it('stores nothing of a transaction whose last statement is refused, and goes on with the connection', async () => {
    const before = await pid();
    const refused = db.transaction(async (tx) => {
      await keep('বিল')(tx);
      await keepLast('নদী')(tx);
    });
    await expect(refused).rejects.toMatchObject({ kind: 'Conflict' });
    expect(await kept()).not.toContain('বিল');
    await db.transaction(keepLast('খাল'));
    expect(await kept()).toContain('খাল');
    expect(await pid()).toBe(before);
  });

  it('stores nothing of a transaction whose COMMIT is refused, and says what it was refused for', async () => {
    await directly(database.url, 'CREATE TABLE IF NOT EXISTS late (name text UNIQUE DEFERRABLE INITIALLY DEFERRED)');
    const twice = db.transaction((tx) => tx.readLast({ text: `INSERT INTO late (name) VALUES ('ঘাট'), ('ঘাট')` }));
    await expect(twice).rejects.toMatchObject({ kind: 'Conflict' });
    expect(await directly(database.url, 'SELECT name FROM late')).toEqual([]);
    await db.transaction(keepLast('পুকুর'));
    expect(await kept()).toContain('পুকুর');
  });

  it('refuses whatever is asked after it, since that would be carried out alone', async () => {
    const failed = db.transaction(async (tx) => {
      await tx.readLast(insert, ['জোয়ারের জল']);
      await keep('ভাটার টান')(tx);
    });
    await expect(failed).rejects.toThrow('comes after the one that was said to be the last');
    const there = await kept();
    expect(there).toContain('জোয়ারের জল');
    expect(there).not.toContain('ভাটার টান');
  });

  it('does not end a transaction that it is inside of', async () => {
    const failed = db.transaction(async () => {
      await db.transaction(keepLast('জোয়ার'));
      throw new Error('চর');
    });
    await expect(failed).rejects.toThrow('চর');
    expect(await kept()).not.toContain('জোয়ার');
  });

  it.each(['lose', 'deliver'] as const)(
    'tells that nobody knows what became of it where its answer is lost (%s)',
    async (kind) => {
      const name = `হারানো ${kind}`;
      proxy.trap = { kind, text: name };
      await expect(db.transaction(keepLast(name))).rejects.toMatchObject({ code: 'outcome-unknown' });
      if (kind === 'lose') expect(await kept()).not.toContain(name);
    },
  );

  it('tells that nothing was done where the server ends the connection during the statement', async () => {
    const text = 'SELECT pg_terminate_backend(pg_backend_pid()), $1::text';
    const ended = db.transaction((tx) => tx.readLast({ text }, ['']));
    await expect(ended).rejects.toMatchObject({ code: 'unavailable' });
    await expect(ended).rejects.not.toMatchObject({ code: 'outcome-unknown' });
  });
});
