import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { identityKey } from '../../dist/modules/core/identity-key.js';
import { newId } from '../../dist/modules/core/ids.js';
import { slugify } from '../../dist/modules/core/slug.js';
import { openPasswords } from '../../dist/modules/features/auth/passwords.js';
import { copyRows } from './copy.mjs';
import { chance, sourceNames, storyOf, tagNames } from './words.mjs';

// Fills an empty, migrated database with a newsroom of any size.

export const deskEmail = 'desk@khobor.example';
export const deskPassword = 'a password of the benchmark';

const articleColumns = [
  'id',
  'language',
  'slug',
  'slug_derived',
  'kicker',
  'title',
  'excerpt',
  'body',
  'body_format',
  'body_html',
  'cover',
  'source_id',
  'status',
  'published_at',
  'first_published_at',
  'expires_at',
  'created_by_id',
  'updated_by_id',
  'created_at',
  'updated_at',
];
const tagColumns = ['article_id', 'tag_id', 'position', 'listed_at'];

const yearMs = 365.25 * 86_400_000;
const years = 6;
const chunkRows = 2_000;
/** From here on it is quicker to make the indexes when all rows are in. */
const manyRows = 50_000;

/** A UUID v7 of that instant. */
const idAt = (ms) => {
  const hex = `${Math.floor(ms).toString(16).padStart(12, '0')}7${randomBytes(10).toString('hex').slice(1)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** One tag is on a quarter of all articles, most are rare, and the last twenty are on some five each. */
const tagAt = (random, articles) =>
  random() < 100 / 3 / articles ? 180 + Math.floor(random() * 20) : Math.floor(180 * random() ** 4);

const stateAt = (random) => {
  const draw = random();
  if (draw < 0.03) return 'draft';
  if (draw < 0.04) return 'review';
  if (draw < 0.05) return 'archived';
  if (draw < 0.052) return 'scheduled';
  return draw < 0.06 ? 'expired' : 'published';
};

function rowsOf(index, { articles, endMs, userId, tagIds, sourceIds }) {
  const random = chance(index + 1);
  const language = random() < 0.9 ? 'bn' : 'en';
  const story = storyOf(index, language, random);
  const state = stateAt(random);
  const createdMs = endMs - years * yearMs * (1 - (index + random()) / articles);
  const publishedMs = state === 'scheduled' ? endMs + 30 * 86_400_000 : createdMs + 600_000;
  const publishedAt = state === 'draft' || state === 'review' ? null : new Date(publishedMs).toISOString();
  const created = new Date(createdMs).toISOString();
  const id = idAt(createdMs);
  const cover = JSON.stringify({ url: `/media/${index}.jpg`, alt: story.title, width: 1200, height: 675 });
  const source = random() < 0.1 ? null : sourceIds[Math.floor(sourceIds.length * random() ** 3)];
  const article = [
    id,
    language,
    `${slugify(story.title)}-${story.slugEnd}`,
    true,
    story.kicker,
    story.title,
    story.excerpt,
    story.html,
    'html',
    story.html,
    random() < 0.7 ? cover : null,
    source,
    state === 'scheduled' || state === 'expired' ? 'published' : state,
    publishedAt,
    publishedAt,
    state === 'expired' ? new Date(publishedMs + 3_600_000).toISOString() : null,
    userId,
    userId,
    created,
    new Date(createdMs + 900_000 * random()).toISOString(),
  ];
  const listedAt = state === 'archived' ? null : publishedAt;
  const tags = new Set();
  while (tags.size < 3) tags.add(tagAt(random, articles));
  return { article, tags: [...tags].map((tag, position) => [id, tagIds[tag], position, listedAt]) };
}

const labelRows = (names) => names.map((name) => [newId(), slugify(name), name, identityKey(name)]);

/** Takes the indexes off that no constraint needs; gives what makes them again. */
async function dropIndexes(client) {
  const { rows } = await client.query(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
     WHERE i.indrelid IN ('articles'::regclass, 'article_tags'::regclass)
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

/** Without triggers and foreign keys where the user may (the rows are right already), else with them. */
const hurry = (client) => client.query('SET session_replication_role = replica').catch(() => undefined);

export async function seed(url, articles, progress = () => {}) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const userId = newId();
    await copyRows(
      client,
      'users',
      ['id', 'email', 'name', 'role', 'password_hash'],
      [[userId, deskEmail, 'রিনা আখতার', 'editor', await openPasswords().hash(deskPassword)]],
    );
    const [tags, sources] = [labelRows(tagNames), labelRows(sourceNames)];
    await copyRows(client, 'tags', ['id', 'slug', 'name', 'identity_key'], tags);
    await copyRows(client, 'sources', ['id', 'slug', 'name', 'identity_key'], sources);
    const newsroom = {
      articles,
      endMs: Date.now() - 3_600_000,
      userId,
      tagIds: tags.map(([id]) => id),
      sourceIds: sources.map(([id]) => id),
    };
    await hurry(client);
    const indexes = articles >= manyRows ? await dropIndexes(client) : [];
    for (let from = 0; from < articles; from += chunkRows) {
      const count = Math.min(chunkRows, articles - from);
      const rows = Array.from({ length: count }, (_, index) => rowsOf(from + index, newsroom));
      await copyRows(
        client,
        'articles',
        articleColumns,
        rows.map(({ article }) => article),
      );
      await copyRows(
        client,
        'article_tags',
        tagColumns,
        rows.flatMap((row) => row.tags),
      );
      progress((from + count) / articles, 'articles');
    }
    await client.query(`SET maintenance_work_mem = '512MB'`);
    for (const [index, definition] of indexes.entries()) {
      await client.query(definition);
      progress((index + 1) / indexes.length, 'indexes');
    }
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}
