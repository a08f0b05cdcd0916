import { randomUUID } from 'node:crypto';
import express from 'express';
import pg from 'pg';

// What writes are measured against: bare Express 5 with express.json, and one transaction of plain statements that leaves
// the same rows and answers with as much: no account, no checks, no cleaning, no log.

const { DATABASE_URL, DATABASE_POOL_MAX, PORT, BENCH_ACTOR } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_MAX) });

async function transaction(work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work((name, text, values) => client.query({ name, text, values }));
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}

const insertArticle = `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, published_at,
    first_published_at, source_id, source_item_id, item_version, created_by_id, updated_by_id)
  VALUES ($1, 'bn', $2, true, $3, $4, 'html', $4, $5, $6, $6, $7, $8, $9, $10, $10)`;
const insertTags = `INSERT INTO article_tags (article_id, tag_id, position) VALUES ($1, $2, 0), ($1, $3, 1), ($1, $4, 2)`;
const insertRevision = `INSERT INTO revisions (article_id, version, step, snapshot, changed, actor_id) VALUES ($1, $2, $3, $4, $5, $6)`;
const insertEvent = `INSERT INTO events (id, type, subject_type, subject_id, version, actor_id, request_id, keys, data)
  VALUES ($1, $2, 'article', $3, $4, $5, $6, $7, $8)`;
const insertItem = `INSERT INTO source_items (source_id, item_id, version, killed, digest) VALUES ($1, $2, $3, false, $4)
  ON CONFLICT (source_id, item_id) DO UPDATE SET version = EXCLUDED.version, digest = EXCLUDED.digest`;

const keysOf = (id) => [`a:${id}`, 'latest', 'latest:l:bn', 'redirects'];

async function recorded(query, { id, version, step, type, row, changed }) {
  await query('revision', insertRevision, [id, version, step, JSON.stringify(row), changed, BENCH_ACTOR]);
  const data = JSON.stringify({ slug: row.slug, status: row.status, changed });
  await query('event', insertEvent, [randomUUID(), type, id, version, BENCH_ACTOR, randomUUID(), keysOf(id), data]);
}

const shown = ({ id, version, title, slug, body, status, tags }) => ({
  ...{
    id,
    language: 'bn',
    slug,
    kicker: null,
    title,
    excerpt: null,
    body,
    bodyFormat: 'html',
    bodyHtml: body,
    cover: null,
  },
  ...{ byline: null, deskInitials: null, source: null, sourceUrl: null, sourceItemId: null, status, version },
  tags: tags.map((tag) => ({ id: tag, slug: 'কোনো-একটি-বিষয়', name: 'কোনো একটি বিষয়' })),
  ...{ publishedAt: null, expiresAt: null, firstPublishedAt: null, modifiedAt: null, corrections: [], storyId: id },
  ...{ translations: [], createdBy: { id: BENCH_ACTOR, name: 'ডেস্ক', initials: null }, createdAt: new Date() },
  ...{
    updatedBy: { id: BENCH_ACTOR, name: 'ডেস্ক', initials: null },
    updatedAt: new Date(),
    deletedAt: null,
    notes: [],
    warnings: [],
  },
});

async function create(query, body, { sourceId = null, itemId = null } = {}) {
  const id = randomUUID();
  const row = { ...body, id, slug: `${body.title.replaceAll(' ', '-')}`, status: body.status ?? 'draft', version: 1 };
  const at = row.status === 'published' ? new Date() : null;
  const values = [id, row.slug, row.title, row.body, row.status, at, sourceId, itemId, itemId && 1, BENCH_ACTOR];
  await query('article', insertArticle, values);
  await query('tags', insertTags, [id, ...body.tags]);
  await recorded(query, { id, version: 1, step: 'create', type: 'article.created', row: shown(row), changed: [] });
  return shown(row);
}

const selectArticle = `SELECT a.*, (SELECT array_agg(t.tag_id ORDER BY t.position) FROM article_tags t WHERE t.article_id = a.id) AS tags
  FROM articles a WHERE a.id = $1 FOR UPDATE`;
const updateArticle = `UPDATE articles SET title = $2, body = $3, body_html = $3, status = $4, published_at = $5, first_published_at = $5,
  item_version = $6, version = version + 1, updated_by_id = $7, updated_at = now() WHERE id = $1 RETURNING version`;

async function change(query, id, patch, { step, type, itemVersion = null }) {
  const { rows } = await query('select', selectArticle, [id]);
  const row = { ...rows[0], ...patch, tags: rows[0].tags ?? [] };
  const at = row.status === 'published' ? (row.published_at ?? new Date()) : null;
  const values = [id, row.title, row.body, row.status, at, itemVersion ?? row.item_version, BENCH_ACTOR];
  const { rows: written } = await query('update', updateArticle, values);
  const { version } = written[0];
  await recorded(query, { id, version, step, type, row: shown({ ...row, version }), changed: Object.keys(patch) });
  return shown({ ...row, version });
}

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.get('/v1/latest', (_req, res) => void res.json({ data: [] }));
app.post('/v1/articles', async (req, res) => {
  res.status(201).json(await transaction((query) => create(query, req.body)));
});
app.patch('/v1/articles/:id', async (req, res) => {
  const how = { step: 'update', type: 'article.updated' };
  res.json(await transaction((query) => change(query, req.params.id, req.body, how)));
});
app.post('/v1/articles/:id/publish', async (req, res) => {
  const how = { step: 'publish', type: 'article.published' };
  res.json(await transaction((query) => change(query, req.params.id, { status: 'published' }, how)));
});
app.put('/v1/sources/:source/items/:item', async (req, res) => {
  const { source, item } = req.params;
  const { itemVersion, ...body } = req.body;
  const written = await transaction(async (query) => {
    const sought = 'SELECT id FROM articles WHERE source_id = $1 AND source_item_id = $2';
    const { rows } = await query('item', sought, [source, item]);
    const how = { step: 'update', type: 'article.updated', itemVersion };
    const result =
      rows.length === 0
        ? await create(query, body, { sourceId: source, itemId: item })
        : await change(query, rows[0].id, { title: body.title, body: body.body }, how);
    await query('remember', insertItem, [source, item, itemVersion, 'digest']);
    return result;
  });
  res.json(written);
});
app.listen(Number(PORT), '127.0.0.1');
