import { openCursors } from '../../dist/modules/core/page.js';
import { qualify } from '../../dist/modules/db/sql.js';
import { articleLists } from '../../dist/modules/features/articles/articles.lists.js';
import { articleReading } from '../../dist/modules/features/articles/articles.service.js';
import { latestService } from '../../dist/modules/features/latest/latest.service.js';
import { deskStatements } from './desk.mjs';

// What readers and staff cause, as the program's own services put it together: nothing here is a copy of a statement.

const publicUrl = 'https://news.example';
const cursors = openCursors('of the benchmark');
const editor = {
  userId: '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11',
  name: 'রিনা আখতার',
  role: 'editor',
  sessionId: null,
  key: null,
};

/** The first statement that a call of a service sends, with its values. */
async function sentBy(call) {
  const sent = [];
  const db = {
    read: async (statement, values) => {
      sent.push({ ...statement, text: qualify('public')(statement.text), values: [...values] });
      return [];
    },
  };
  // Without a row the services say that there is nothing, which is no matter here.
  await call(db).catch(() => undefined);
  const [first] = sent;
  if (first === undefined) throw new Error('the service sent no statement');
  return first;
}

const latest = (query) => sentBy((db) => latestService({ db, cursors, publicUrl, itemsMax: 100 }).list(query));
const articles = (query, actor = null) =>
  sentBy((db) =>
    articleLists({ db, cursors, words: null, publicUrl, timeZone: 'Asia/Dhaka' }).list(actor, {
      limit: pageItems,
      ...query,
    }),
  );
const article = (segment) => sentBy((db) => articleReading({ db, latest: null, publicUrl }).get(null, segment, {}));

const pageItems = 20;

/** The statements to explain, on a database of the benchmark. `client` finds the rows that they are about. */
export async function statementsFor(client) {
  const rowsOf = async (text, values = []) => (await client.query(text, values)).rows;
  const isPublic = `status = 'published' AND deleted_at IS NULL AND published_at <= now() AND expires_at IS NULL`;
  const instant = `to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const [{ count }] = await rowsOf(`SELECT count(*)::int FROM articles WHERE ${isPublic}`);
  const page = Math.min(10_000, Math.floor(count / pageItems));
  const [deep] = await rowsOf(
    `SELECT ${instant} AS at, id::text, slug FROM articles WHERE ${isPublic} ORDER BY published_at DESC, id DESC OFFSET $1 LIMIT 1`,
    [(page - 1) * pageItems - 1],
  );
  const byUse = `SELECT t.slug FROM article_tags at JOIN tags t ON t.id = at.tag_id GROUP BY t.slug ORDER BY count(*)`;
  const tags = (await rowsOf(byUse)).map(({ slug }) => ({ slug }));
  const sources = (
    await rowsOf(`SELECT s.slug FROM articles a JOIN sources s ON s.id = a.source_id GROUP BY s.slug ORDER BY count(*)`)
  ).map(({ slug }) => ({ slug }));
  const [rareTag, commonTag, nextTag] = [tags[0], tags.at(-1), tags.at(-2)];
  const after = cursors.seal('latest', [deep.at, deep.id]);
  const ofReaders = [
    ['latest', await latest({})],
    ['latest by the most common tag', await latest({ tag: [commonTag] })],
    ['latest by the rarest tag', await latest({ tag: [rareTag] })],
    ['latest by the most common source', await latest({ source: [sources.at(-1)] })],
    ['latest by the rarest source', await latest({ source: [sources[0]] })],
    ['latest by language bn', await latest({ language: ['bn'] })],
    ['latest by language en', await latest({ language: ['en'] })],
    ['latest by two tags', await latest({ tag: [commonTag, nextTag] })],
    ['latest by a common and a rare tag', await latest({ tag: [commonTag, rareTag] })],
    [`latest, page ${page}`, await latest({ after })],
    [`latest by the most common tag, from the row of page ${page}`, await latest({ tag: [commonTag], after })],
    ['article by slug', await article(deep.slug)],
    ['article by id', await article(deep.id)],
    ['articles by publishedAt', await articles({ sort: '-publishedAt' })],
    ['articles by publishedAt, oldest first', await articles({ sort: 'publishedAt' })],
    ['articles by title', await articles({ sort: 'title' })],
    ['articles by title, descending', await articles({ sort: '-title' })],
    ['articles of staff by updatedAt', await articles({ sort: '-updatedAt' }, editor)],
    ['articles of staff by title', await articles({ sort: 'title' }, editor)],
    ['articles of staff by publishedAt', await articles({ sort: '-publishedAt' }, editor)],
    ['articles of staff by publishedAt, oldest first', await articles({ sort: 'publishedAt' }, editor)],
  ].map(([name, statement]) => ({ name, statement, limit: pageItems }));
  return [...ofReaders, ...(await deskStatements(client, sentBy))];
}
