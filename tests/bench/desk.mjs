import { openCursors } from '../../dist/modules/core/page.js';
import { articleLists } from '../../dist/modules/features/articles/articles.lists.js';
import { eventService } from '../../dist/modules/features/events/events.service.js';
import { redirectService } from '../../dist/modules/features/redirects/redirects.service.js';

// The lists of the desk: an editor's own articles, the trash, the record of changes. Their rows are planted on top of the
// benchmark's, since its articles are nobody's.

const cursors = openCursors('of the benchmark');
const timeZone = 'Asia/Dhaka';
export const deskEditorId = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
const editor = {
  userId: deskEditorId,
  name: 'রিনা আখতার',
  role: 'editor',
  sessionId: null,
  key: null,
};

// What a filter of the desk finds is little and may be sorted; readers' lists sort no more than a page.
const sortedMax = 5_000;

const planting = [
  `INSERT INTO users (id, email, name, role, password_hash) VALUES ('${editor.userId}', 'rina@khobor.example', '${editor.name}', 'editor', 'none') ON CONFLICT DO NOTHING`,
  `UPDATE articles SET created_by_id = '${editor.userId}', updated_by_id = '${editor.userId}'
    WHERE id IN (SELECT id FROM articles ORDER BY md5(id::text) LIMIT 5000)`,
  `UPDATE articles SET deleted_at = now() WHERE id IN (SELECT id FROM articles ORDER BY md5(id::text) DESC LIMIT 2000)`,
  `INSERT INTO slug_history (slug, article_id) SELECT 'old-' || id, id FROM articles ORDER BY md5(id::text) LIMIT 20000`,
  `INSERT INTO events (id, type, subject_type, subject_id, version, actor_id, keys, data)
    SELECT gen_random_uuid(), (ARRAY['article.created', 'article.updated', 'article.published'])[1 + i % 3], 'article', md5((i % 100000)::text)::uuid, 1,
      CASE WHEN i % 1000 = 0 THEN '${editor.userId}'::uuid END, '{}', '{}' FROM generate_series(1, 1000000) i`,
  'VACUUM ANALYZE articles',
  'ANALYZE slug_history, events',
];

/** Puts the desk's rows there, once for each database. */
export async function plantDesk(client) {
  const { rows } = await client.query('SELECT 1 FROM events LIMIT 1');
  if (rows.length > 0) return;
  for (const sql of planting) await client.query(sql);
}

/** Those statements, as the program's own services put them together. `sentBy` gives what a service sends. */
export async function deskStatements(client, sentBy) {
  await plantDesk(client);
  const [{ id }] = (await client.query('SELECT id::text FROM articles LIMIT 1')).rows;
  const parts = { cursors, publicUrl: 'https://news.example', timeZone };
  const desk = (query) => sentBy((db) => articleLists({ db, ...parts }).list(editor, { limit: 20, ...query }));
  const events = (query) => sentBy((db) => eventService({ db, cursors, timeZone }).list({ limit: 20, ...query }));
  return [
    ['desk: created by me', await desk({ createdBy: 'me' })],
    ['desk: changed by me', await desk({ updatedBy: 'me' })],
    ['desk: one story', await desk({ story: id })],
    ['desk: drafts', await desk({ status: ['draft'] })],
    ['desk: scheduled by publishedAt', await desk({ status: ['scheduled'], sort: 'publishedAt' })],
    ['desk: expired', await desk({ status: ['expired'] })],
    ['desk: the trash', await desk({ status: ['trash'] })],
    ['events', await events({})],
    ['events of one thing', await events({ subject: id })],
    ['events of one actor', await events({ actor: editor.userId })],
    ['events of one type', await events({ type: ['article.published'] })],
    ['redirects', await sentBy((db) => redirectService({ db, cursors }).list({ limit: 20 }))],
  ].map(([name, statement]) => ({ name, statement, limit: sortedMax }));
}
