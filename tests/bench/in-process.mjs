import { lookBeforeNew } from '../../dist/modules/article/change/looks.js';
import { writeArticle } from '../../dist/modules/article/change/writes.js';
import { newId } from '../../dist/modules/core/ids.js';
import { slugify } from '../../dist/modules/core/slug.js';
import { openDb } from '../../dist/modules/db/client.js';
import { qualify } from '../../dist/modules/db/sql.js';

// The two statements of a create, without HTTP: in a transaction of Prisma's, in one of the pool's beside it, and against
// plain statements of bare pg that leave the same rows.

const atOnce = 10;

const contentOf = (title, slug, body, tagIds) => ({
  ...{
    language: 'bn',
    slug,
    slugDerived: true,
    kicker: null,
    title,
    excerpt: null,
    body,
    bodyFormat: 'html',
    bodyHtml: body,
  },
  ...{ cover: null, byline: null, deskInitials: null, sourceId: null, sourceUrl: null, sourceItemId: null, tagIds },
  ...{ status: 'draft', publishedAt: null, expiresAt: null, firstPublishedAt: null, deletedAt: null, modifiedAt: null },
  ...{ corrections: [], storyId: null, itemVersion: null },
});

async function create(tx, { actorId, body, tags, title }) {
  const id = newId();
  const slug = slugify(title);
  const { now } = await lookBeforeNew(tx, slug, { source: null, tags: tags.map((tag) => ({ id: tag })) });
  const event = {
    ...{
      type: 'article.created',
      subjectType: 'article',
      subjectId: id,
      version: 1,
      actorId,
      keyId: null,
      requestId: newId(),
    },
    ...{ keys: [], data: { slug, status: 'draft', changed: [] }, further: false, isPublic: false },
  };
  const write = {
    ...{ id, before: null, content: contentOf(title, slug, body, tags), version: 1, actorId, now, derivedBase: null },
    ...{ revision: { step: 'create', note: null, changed: [] }, due: { rows: [], changed: false }, events: [event] },
    ...{ story: null, takesSlug: true, dropsDraft: false, entry: null },
  };
  const viewer = { audience: 'desk', actorId, publicUrl: 'https://news.example' };
  return writeArticle(tx, write, { viewer, answers: true });
}

const plain = {
  article: `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, created_by_id, updated_by_id)
    VALUES ($1, 'bn', $2, true, $3, $4, 'html', $4, 'draft', $5, $5) RETURNING *`,
  tags: 'INSERT INTO article_tags (article_id, tag_id, position) VALUES ($1, $2, 0), ($1, $3, 1), ($1, $4, 2)',
  revision: `INSERT INTO revisions (article_id, version, step, snapshot, changed, actor_id) VALUES ($1, 1, 'create', $2, '{}', $3)`,
  event: `INSERT INTO events (id, type, subject_type, subject_id, version, actor_id, request_id, keys, data)
    VALUES ($1, 'article.created', 'article', $2, 1, $3, $4, '{}', '{}')`,
};

async function createPlainly(client, { actorId, body, tags, title }) {
  const id = newId();
  const send = (name, values) => client.query({ name: `plain-${name}`, text: plain[name], values });
  const { rows } = await send('article', [id, slugify(title), title, body, actorId]);
  await send('tags', [id, ...tags]);
  await send('revision', [id, JSON.stringify(rows[0]), actorId]);
  await send('event', [newId(), id, actorId, newId()]);
}

async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** How many creates a second each of the three ways makes, ten at once: the medians of some rounds. */
export async function inProcessSpeeds(url, { actorId, body, tags, title, rounds, count, median }) {
  const db = openDb({ url, poolMax: atOnce + 4, prepare: true }, () => {});
  const words = qualify(db.schema);
  const txOf = (client) => {
    const read = async ({ name, text }, values = []) => (await client.query({ name, text: words(text), values })).rows;
    // COMMIT comes after it, as of any statement of the pool.
    return { read, readLast: read, turn() {}, pass() {}, recorded() {} };
  };
  const ways = {
    prisma: (made) => db.transaction((tx) => create(tx, made)),
    pool: (made) => inTransaction(db.pool, (client) => create(txOf(client), made)),
    plain: (made) => inTransaction(db.pool, (client) => createPlainly(client, made)),
  };
  const speed = async (way) => {
    let left = count;
    const began = performance.now();
    const run = async () => {
      while (left-- > 0) await way({ actorId, body, tags, title: title('ঘাটের খবর') });
    };
    await Promise.all(Array.from({ length: atOnce }, run));
    return (1000 * count) / (performance.now() - began);
  };
  const seen = { prisma: [], pool: [], plain: [] };
  for (const way of Object.values(ways)) await speed(way);
  for (let round = 0; round < rounds; round += 1)
    for (const [name, way] of Object.entries(ways)) seen[name].push(await speed(way));
  await db.close();
  return Object.fromEntries(Object.entries(seen).map(([name, speeds]) => [name, median(speeds)]));
}
