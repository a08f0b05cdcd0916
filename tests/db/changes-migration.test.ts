import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId } from '../../src/core/ids.ts';
import { type OlderDatabase, openOlderDatabase } from '../support/older-database.ts';

let older: OlderDatabase;
beforeEach(async () => {
  older = await openOlderDatabase();
});
afterEach(() => older.drop());

const numbering = '20261128140000_changes';

const record = (type: string, keys: string) =>
  older.query(
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data) VALUES ($1, $2, $3, $4, 1, $5, '{}')`,
    [newId(), type, type.split('.')[0], newId(), keys],
  );

const world = async () => ({
  changes: await older.query(
    `SELECT e.type, c.position::int, c.public_position::int AS public FROM changes c JOIN events e ON e.seq = c.event_seq ORDER BY 2`,
  ),
  head: await older.query('SELECT position::int, public_position::int AS public FROM changes_head'),
  unnumbered: await older.query('SELECT * FROM unnumbered'),
});

it('what was recorded before there were positions has them in the order of writing, and what comes goes on from there', async () => {
  await older.apply((name) => name < numbering);
  await record('user.created', '{}');
  await record('article.published', '{latest}');
  await record('tag.created', '{}');
  await older.apply((name) => name <= numbering);
  const before = [
    { type: 'user.created', position: 1, public: null },
    { type: 'article.published', position: 2, public: 1 },
    { type: 'tag.created', position: 3, public: 2 },
  ];
  expect(await world()).toEqual({ changes: before, head: [{ position: 3, public: 2 }], unnumbered: [] });
  await record('tag.updated', '{}');
  expect((await world()).unnumbered).toHaveLength(1);
  await older.query('SELECT number_events(500)');
  expect(await world()).toEqual({
    changes: [...before, { type: 'tag.updated', position: 4, public: 3 }],
    head: [{ position: 4, public: 3 }],
    unnumbered: [],
  });
});

it('a newsroom without events begins with position one', async () => {
  await older.apply((name) => name <= numbering);
  expect((await world()).head).toEqual([{ position: 0, public: 0 }]);
  await record('tag.created', '{}');
  await older.query('SELECT number_events(500)');
  expect((await world()).changes).toEqual([{ type: 'tag.created', position: 1, public: 1 }]);
});
