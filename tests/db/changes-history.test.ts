import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { administer, cloneDatabase, databaseUrl, type TestDatabase } from '../support/database.ts';
import { makeTag, walk, withApp } from '../support/followed.ts';

const adminUrl = process.env.KHOBOR_TEST_ADMIN_URL ?? '';

let original: TestDatabase;
let copy = '';
beforeAll(async () => {
  original = await cloneDatabase();
  copy = `${original.name}_older`;
});
afterAll(async () => {
  await administer(adminUrl, `DROP DATABASE IF EXISTS "${copy}" WITH (FORCE)`);
  await original.drop();
});

describe('a follower of a newsroom that goes on from an older copy of its database', () => {
  it('goes on where the copy knows its cursor, and is told to begin anew where what it saw is lost, also once others stand there', async () => {
    const kept = await withApp(original.url, async (app) => {
      await makeTag(app, 'থেকে গেল');
      return walk(app);
    });
    await administer(adminUrl, `CREATE DATABASE "${copy}" TEMPLATE "${original.name}"`);
    const lost = await withApp(original.url, async (app) => {
      const id = await makeTag(app, 'হারিয়ে গেল');
      const seen = await walk(app, kept.cursor);
      expect(seen.ids).toEqual([id]);
      return seen;
    });
    await withApp(databaseUrl(adminUrl, copy), async (app) => {
      const refused = async () => (await app.request('get', `/v1/changes?after=${lost.cursor}`).expect(410)).body.code;
      expect(await refused()).toBe('cursor-expired');
      expect((await walk(app, kept.cursor)).ids).toEqual([]);
      const id = await makeTag(app, 'আবার লেখা');
      expect(await refused()).toBe('cursor-expired');
      expect((await walk(app, kept.cursor)).ids).toEqual([id]);
      expect((await walk(app)).ids).toEqual(expect.arrayContaining([...kept.ids, id]));
    });
  });

  it('misses nothing where transactions are counted anew, as in a cluster into which a dump was restored', async () => {
    await withApp(original.url, async (app) => {
      const before = await walk(app);
      await app.sql("UPDATE events SET tx_id = '99999999999'");
      const id = await makeTag(app, 'নতুন ঘরে');
      expect((await walk(app, before.cursor)).ids).toEqual([id]);
    });
  });
});
