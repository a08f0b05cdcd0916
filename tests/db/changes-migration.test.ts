import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId } from '../../src/core/ids.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { outside } from '../support/outside.ts';
import { makeTestDir } from '../support/postgres.ts';

const { migrate, migrationsFolder, readMigrations } = outside;

let database: TestDatabase;
let folder = '';
beforeEach(async () => {
  [database, folder] = await Promise.all([emptyDatabase(), makeTestDir()]);
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const numbering = '20261128140000_changes';

/** Applies the migrations up to this one. */
async function apply(isApplied: (name: string) => boolean): Promise<void> {
  for (const { name } of await readMigrations(migrationsFolder))
    if (isApplied(name)) await cp(join(migrationsFolder, name), join(folder, name), { recursive: true });
  await migrate({ url: database.url, poolMax: 1, prepare: true }, folder);
}

const record = (type: string, keys: string) =>
  directly(
    database.url,
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data) VALUES ($1, $2, $3, $4, 1, $5, '{}')`,
    [newId(), type, type.split('.')[0], newId(), keys],
  );

const world = async () => ({
  changes: await directly(
    database.url,
    `SELECT e.type, c.position::int, c.public_position::int AS public FROM changes c JOIN events e ON e.seq = c.event_seq ORDER BY 2`,
  ),
  head: await directly(database.url, 'SELECT position::int, public_position::int AS public FROM changes_head'),
  unnumbered: await directly(database.url, 'SELECT * FROM unnumbered'),
});

it('what was recorded before there were positions has them in the order of writing, and what comes goes on from there', async () => {
  await apply((name) => name < numbering);
  await record('user.created', '{}');
  await record('article.published', '{latest}');
  await record('tag.created', '{}');
  await apply((name) => name <= numbering);
  const before = [
    { type: 'user.created', position: 1, public: null },
    { type: 'article.published', position: 2, public: 1 },
    { type: 'tag.created', position: 3, public: 2 },
  ];
  expect(await world()).toEqual({ changes: before, head: [{ position: 3, public: 2 }], unnumbered: [] });
  await record('tag.updated', '{}');
  expect((await world()).unnumbered).toHaveLength(1);
  await directly(database.url, 'SELECT number_events(500)');
  expect(await world()).toEqual({
    changes: [...before, { type: 'tag.updated', position: 4, public: 3 }],
    head: [{ position: 4, public: 3 }],
    unnumbered: [],
  });
});

it('a newsroom without events begins with position one', async () => {
  await apply((name) => name <= numbering);
  expect((await world()).head).toEqual([{ position: 0, public: 0 }]);
  await record('tag.created', '{}');
  await directly(database.url, 'SELECT number_events(500)');
  expect((await world()).changes).toEqual([{ type: 'tag.created', position: 1, public: 1 }]);
});
