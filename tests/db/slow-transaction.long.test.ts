import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Db, openDb } from '../../src/db/client.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await cloneDatabase();
  db = openDb({ url: database.url, poolMax: 1, prepare: true }, () => {});
  await directly(database.url, 'CREATE TABLE kept (name text PRIMARY KEY)');
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const insert = `INSERT INTO kept (name) SELECT $1::text FROM pg_sleep($2::text::float8)`;
const kept = () => directly(database.url, 'SELECT name FROM kept');

describe('a transaction of more than the ten seconds that Prisma gives it', () => {
  it('has succeeded where the database has answered its COMMIT', async () => {
    const stored = db.transaction(async (tx) => {
      await tx.read({ text: insert }, ['ঘাট', '4']);
      await tx.read({ text: insert }, ['হাট', '4']);
      await tx.readLast({ text: insert }, ['নদী', '4']);
      return 'নৌকা';
    });
    await expect(stored).resolves.toBe('নৌকা');
    expect(await kept()).toEqual([{ name: 'ঘাট' }, { name: 'হাট' }, { name: 'নদী' }]);
    expect(await db.read({ text: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
  }, 30_000);
});
