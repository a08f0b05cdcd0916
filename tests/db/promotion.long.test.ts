import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EmbeddedPostgres } from '../../src/embedded/embedded.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { makeTag, walk, withApp } from '../support/followed.ts';
import { outside } from '../support/outside.ts';
import { hastySettings, makeDataDir } from '../support/postgres.ts';
import { exec } from '../support/program.ts';

const { migrate, migrationsFolder, openEmbedded } = outside;

jest.setTimeout(60_000);

const settings = { ...hastySettings, max_connections: '40' };
const folders: string[] = [];
const opened: EmbeddedPostgres[] = [];

async function newFolder(): Promise<string> {
  const folder = await makeDataDir();
  folders.push(folder);
  return folder;
}

async function open(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await openEmbedded({ dataDir, settings });
  opened.push(postgres);
  return postgres;
}

/** A server, and a standby that is a copy of it and goes on from there. */
async function openPair(): Promise<{ primary: EmbeddedPostgres; standby: EmbeddedPostgres }> {
  const [first, second] = [await newFolder(), await newFolder()];
  await (await openEmbedded({ dataDir: first, settings })).stop();
  // No copy function of Node keeps the owner of the files, which is not root.
  await exec('cp', ['-a', `${first}/.`, second]);
  const primary = await open(first);
  const { hostname, port, username, password } = new URL(primary.url);
  const from = `host=${hostname} port=${port} user=${username} password=${password}`;
  await writeFile(join(second, 'postgres/standby.signal'), '');
  // Not one of the settings of the start, which could not be taken back later.
  await appendFile(join(second, 'postgres/postgresql.auto.conf'), `primary_conninfo = '${from}'\n`);
  return { primary, standby: await open(second) };
}

let pair: Awaited<ReturnType<typeof openPair>>;
beforeAll(async () => {
  pair = await openPair();
});
afterAll(async () => {
  for (const postgres of opened) await postgres.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Waits until the standby has replayed what was committed, which the server may write later (`synchronous_commit` is off). */
async function caughtUp(): Promise<void> {
  const [row] = await directly<{ lsn: string }>(pair.primary.url, 'SELECT pg_current_wal_insert_lsn()::text AS lsn');
  await eventually(async () => {
    const text = 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS there';
    expect(await directly(pair.standby.url, text, [row?.lsn])).toEqual([{ there: true }]);
  });
}

/** From now on the standby receives nothing. */
async function cutOff(): Promise<void> {
  await directly(pair.standby.url, "ALTER SYSTEM SET primary_conninfo = ''");
  await directly(pair.standby.url, 'SELECT pg_reload_conf()');
  await eventually(async () =>
    expect(await directly(pair.standby.url, 'SELECT 1 FROM pg_stat_wal_receiver')).toEqual([]),
  );
}

describe('a standby that is promoted before it had everything', () => {
  it('lets followers go on from what it has, and tells those who read what is lost to begin anew, also once others stand there', async () => {
    const { primary, standby } = pair;
    await migrate({ url: primary.url, poolMax: 1, prepare: true }, migrationsFolder);
    const { kept, lost } = await withApp(primary.url, async (app) => {
      await makeTag(app, 'থেকে গেল');
      const before = await walk(app);
      await caughtUp();
      await cutOff();
      await makeTag(app, 'হারিয়ে গেল');
      const after = await walk(app, before.cursor);
      expect(after.ids).toHaveLength(1);
      return { kept: before, lost: after };
    });
    await primary.stop();
    expect(await directly(standby.url, 'SELECT pg_promote() AS promoted')).toEqual([{ promoted: true }]);

    await withApp(standby.url, async (app) => {
      const refused = async () => (await app.request('get', `/v1/changes?after=${lost.cursor}`).expect(410)).body.code;
      expect(await refused()).toBe('cursor-expired');
      expect((await walk(app, kept.cursor)).ids).toEqual([]);
      const ids = [await makeTag(app, 'আবার লেখা'), await makeTag(app, 'আরও লেখা')];
      expect(await refused()).toBe('cursor-expired');
      expect((await walk(app, kept.cursor)).ids).toEqual(ids);
      const all = (await walk(app)).ids;
      expect([...all].sort()).toEqual([...kept.ids, ...ids].sort());
      const positions = await app.sql('SELECT position::int FROM changes ORDER BY 1');
      expect(positions.map(({ position }) => position)).toEqual([1, 2, 3]);
    });
  });
});
