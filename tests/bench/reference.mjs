import express from 'express';
import pg from 'pg';

// What the figures are measured against: the same two answers (bench.mjs compares them) by bare Express 5 and one named
// statement each, whose JSON PostgreSQL makes, written as one would by hand for speed: no log, no ETag, no checks, no cursor.

const cover = (
  prefix,
) => `CASE WHEN a.cover IS NULL THEN NULL ELSE json_build_object('url', CASE WHEN a.cover->>'url' LIKE '/%'
  THEN ${prefix} || (a.cover->>'url') ELSE a.cover->>'url' END, 'alt', a.cover->>'alt', 'caption', a.cover->>'caption',
  'credit', a.cover->>'credit', 'width', (a.cover->>'width')::int, 'height', (a.cover->>'height')::int) END`;
const source = `CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'creditLine', s.credit_line) END`;
const tags = `(SELECT coalesce(json_agg(json_build_object('id', t.id, 'slug', t.slug, 'name', t.name) ORDER BY at.position), '[]')
  FROM article_tags at JOIN tags t ON t.id = at.tag_id WHERE at.article_id = a.id)`;
const isPublic = `a.status = 'published' AND a.deleted_at IS NULL AND a.published_at <= now() AND (a.expires_at IS NULL OR a.expires_at > now())`;

const translations = `(SELECT coalesce(json_agg(json_build_object('language', b.language, 'id', b.id, 'slug', b.slug, 'title', b.title)
  ORDER BY b.language, b.id), '[]') FROM articles b WHERE b.id <> a.id AND (b.story_id = coalesce(a.story_id, a.id)
  OR (b.id = a.story_id AND b.story_id IS NULL)) AND ${isPublic.replaceAll('a.', 'b.')})`;

const latest = `SELECT json_build_object('data', coalesce(json_agg(x.item ORDER BY x.published_at DESC, x.id DESC), '[]'))::text AS body FROM (
  SELECT a.published_at, a.id, json_build_object('id', a.id, 'slug', a.slug, 'title', a.title, 'kicker', a.kicker, 'excerpt', a.excerpt,
    'cover', ${cover('$1::text')}, 'source', ${source}, 'tags', ${tags}, 'language', a.language, 'publishedAt', a.published_at) AS item
  FROM articles a LEFT JOIN sources s ON s.id = a.source_id WHERE ${isPublic}
  ORDER BY a.published_at DESC, a.id DESC LIMIT 20) x`;

const article = `SELECT json_build_object('id', a.id, 'language', a.language, 'slug', a.slug, 'kicker', a.kicker, 'title', a.title,
    'excerpt', a.excerpt, 'body', a.body, 'bodyFormat', a.body_format, 'bodyHtml', a.body_html, 'cover', ${cover('$2::text')},
    'byline', a.byline, 'deskInitials', a.desk_initials, 'source', ${source}, 'sourceUrl', a.source_url, 'sourceItemId', a.source_item_id,
    'tags', ${tags}, 'status', 'published', 'publishedAt', a.published_at, 'expiresAt', a.expires_at,
    'firstPublishedAt', a.first_published_at, 'modifiedAt', a.modified_at, 'corrections', a.corrections,
    'storyId', coalesce(a.story_id, a.id), 'translations', ${translations}, 'version', a.version)::text AS body
  FROM articles a LEFT JOIN sources s ON s.id = a.source_id WHERE a.slug = $1 AND ${isPublic}`;

const { DATABASE_URL, DATABASE_POOL_MAX, PORT, PUBLIC_URL } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_MAX) });

const sendJson = (res, text) => {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(text);
};

const app = express();
app.disable('x-powered-by');
app.get('/v1/latest', async (_req, res) => {
  const { rows } = await pool.query({ name: 'latest', text: latest, values: [PUBLIC_URL] });
  sendJson(res, rows[0].body);
});
app.get('/v1/articles/:slug', async (req, res) => {
  const { rows } = await pool.query({ name: 'article', text: article, values: [req.params.slug, PUBLIC_URL] });
  if (rows.length === 0) return void res.sendStatus(404);
  sendJson(res, rows[0].body);
});
app.listen(Number(PORT), '127.0.0.1');
