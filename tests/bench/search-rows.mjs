import pg from 'pg';
import { entryKeys, monthOf, periodsOf } from '../../dist/modules/article/search/keys.js';
import { placed, vectorText } from '../../dist/modules/article/search/lexemes.js';
import { neighbourBits, neighboursText } from '../../dist/modules/article/search/neighbours.js';
import { indexTerms, rulesVersion } from '../../dist/modules/core/search/terms.js';
import { copyRows } from './copy.mjs';
import { planted, vocabulary, wordsInBody, wordsInTitle, wordsOf } from './search-words.mjs';
import { chance } from './words.mjs';

// Articles of 3,000 characters in a vocabulary as uneven as that of a language, and their entries of the search. Some
// thousand bodies and titles are read by the program; the database puts each article together from one of each, with keys
// and dates of its own, since a million read one by one take hours.

const day = 86_400_000;
const years = 6;
const preparedBodies = 10_000;
const preparedTitles = 50_000;
const chunkRows = 5_000;
const connections = 2;

const unstemmed = ({ word }) => word;

const field = (words, options) => ({
  terms: indexTerms(words.join(' '), unstemmed, options),
  weight: options?.wholes ? 'A' : '',
  isTitle: options?.wholes === true,
});
/** After a title of eight words, a body begins at the tenth place. */
const afterTitle = { terms: [], weight: '', isTitle: false };
/** The texts of an entry's vector and of its neighbours. */
const textsOf = (fields) => [vectorText(fields, []), neighboursText(placed(fields))];
const bodyTexts = (words) => textsOf([afterTitle, field(words)]);

/** What is planted in an article, by a number of four bits. */
const plants = [
  [planted.onlyOld],
  [planted.apart[0]],
  [planted.apart[1]],
  [planted.strangers[0], vocabulary[0], vocabulary[1], planted.strangers[1]],
  [planted.rare],
];
const plantedVectors = Array.from({ length: 1 << plants.length }, (_, bits) => [
  bits,
  ...bodyTexts(plants.flatMap((words, bit) => (bits & (1 << bit) ? words : []))),
]);

/** What articles are put together from. Of no use once they are. */
const partsSql = `
  CREATE UNLOGGED TABLE part_bodies (n int PRIMARY KEY, terms tsvector STORAGE EXTERNAL NOT NULL, neighbours bit(${neighbourBits}) NOT NULL);
  CREATE UNLOGGED TABLE part_titles (n int PRIMARY KEY, title text NOT NULL, terms tsvector NOT NULL, neighbours bit(${neighbourBits}) NOT NULL);
  CREATE UNLOGGED TABLE part_plants (n int PRIMARY KEY, terms tsvector NOT NULL, neighbours bit(${neighbourBits}) NOT NULL);
  CREATE UNLOGGED TABLE part_months (n int PRIMARY KEY, keys text[] NOT NULL);
  CREATE UNLOGGED TABLE part_labels (kind text, n int, id uuid NOT NULL, key text NOT NULL, PRIMARY KEY (kind, n));
  CREATE FUNCTION part_chance(row_number bigint, salt bigint) RETURNS float8 IMMUTABLE PARALLEL SAFE LANGUAGE sql
    RETURN (hashint8extended(row_number, salt) & 1048575) / 1048576.0::float8;`;
const dropPartsSql = `DROP TABLE IF EXISTS part_bodies, part_titles, part_plants, part_months, part_labels;
  DROP FUNCTION IF EXISTS part_chance`;

const arrayOf = (texts) => `{${texts.map((text) => `"${text}"`).join(',')}}`;

/** Copies rows that are made as they are sent. */
async function copyMade(client, table, columns, { count, row, progress }) {
  for (let from = 0; from < count; from += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => row(from + index));
    await copyRows(client, table, columns, rows);
    progress?.((from + rows.length) / count);
  }
}

async function prepareParts(client, { endMs, startMs }, progress) {
  await client.query(dropPartsSql);
  await client.query(partsSql);
  const body = (n) => [n, ...bodyTexts(wordsOf(chance(n + 1), wordsInBody))];
  const title = (n) => {
    const words = wordsOf(chance(-n - 1), wordsInTitle);
    return [n, words.join(' '), ...textsOf([field(words, { wholes: true })])];
  };
  await copyMade(client, 'part_bodies', ['n', 'terms', 'neighbours'], { count: preparedBodies, row: body, progress });
  await copyMade(client, 'part_titles', ['n', 'title', 'terms', 'neighbours'], { count: preparedTitles, row: title });
  await copyRows(client, 'part_plants', ['n', 'terms', 'neighbours'], plantedVectors);
  const first = monthOf(new Date(startMs));
  const months = Array.from({ length: monthOf(new Date(endMs)) - first + 1 }, (_, index) => first + index);
  await copyRows(
    client,
    'part_months',
    ['n', 'keys'],
    months.map((month) => [month, arrayOf(periodsOf(month))]),
  );
  const { rows } = await client.query(`SELECT 'tag' AS kind, id, row_number() OVER (ORDER BY slug) - 1 AS n FROM tags
    UNION ALL SELECT 'source', id, row_number() OVER (ORDER BY slug) - 1 FROM sources`);
  await copyRows(
    client,
    'part_labels',
    ['kind', 'n', 'id', 'key'],
    rows.map(({ kind, n, id }) => [kind, n, id, entryKeys[kind](id)]),
  );
  await client.query('ANALYZE part_bodies, part_titles, part_plants, part_months, part_labels');
}

const stateKeySql = `CASE r.status ${['draft', 'review', 'archived', 'published']
  .map((state) => `WHEN '${state}' THEN '${entryKeys.state(state)}'`)
  .join(' ')} END`;

/**
 * A chunk of articles, with their tags and entries. $1 and $2: the numbers of the first and the last; $3: how many there will
 * be; $4 and $5: the first and the last instant in ms; $6: who wrote them.
 */
const chunkSql = `WITH d AS MATERIALIZED (
    SELECT i, i / $3::float8 AS share, part_chance(i, 1) AS state, date_trunc('milliseconds',
      to_timestamp(($4::float8 + ($5::float8 - $4::float8) * i / $3::float8) / 1000)) AS created
    FROM generate_series($1::bigint, $2::bigint) i
  ), r AS MATERIALIZED (
    SELECT d.i, d.created, (lpad(to_hex(floor(extract(epoch FROM d.created) * 1000)::bigint), 12, '0') || '7' || left(md5(d.i::text), 3)
        || '8' || right(md5(d.i::text), 15))::uuid AS id,
      CASE WHEN d.state < 0.03 THEN 'draft' WHEN d.state < 0.04 THEN 'review' WHEN d.state < 0.05 THEN 'archived' ELSE 'published' END AS status,
      CASE WHEN d.state < 0.04 THEN NULL ELSE d.created + interval '10 minutes' END AS at,
      CASE WHEN part_chance(d.i, 2) < 0.9 THEN 'bn' ELSE 'en' END AS language,
      CASE WHEN part_chance(d.i, 3) < 0.1 THEN NULL ELSE floor(20 * part_chance(d.i, 4) ^ 3)::int END AS source,
      ARRAY(SELECT DISTINCT floor(200 * part_chance(d.i, 10 + one) ^ 4)::int FROM generate_series(1, 4) one LIMIT 3) AS tags,
      floor(${preparedBodies} * part_chance(d.i, 5))::int AS body, floor(${preparedTitles} * part_chance(d.i, 6))::int AS title,
      CASE WHEN d.share < 0.5 AND part_chance(d.i, 7) < 0.6 THEN 1 ELSE 0 END + CASE d.i % 5 WHEN 0 THEN 2 WHEN 1 THEN 4 ELSE 0 END
        + CASE WHEN part_chance(d.i, 8) < 0.25 THEN 8 ELSE 0 END + CASE WHEN d.i % 100000 = 77 THEN 16 ELSE 0 END AS plants
    FROM d
  ), a AS (
    INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, source_id, status, published_at,
      first_published_at, created_by_id, updated_by_id, created_at, updated_at)
    SELECT r.id, r.language, replace(t.title, ' ', '-') || '-' || r.i, true, t.title, '<p>…</p>', 'html', '<p>…</p>', s.id, r.status,
      r.at, r.at, $6::uuid, $6::uuid, r.created, r.created
    FROM r JOIN part_titles t ON t.n = r.title LEFT JOIN part_labels s ON s.kind = 'source' AND s.n = r.source
  ), g AS (
    INSERT INTO article_tags (article_id, tag_id, position, listed_at)
    SELECT r.id, l.id, x.place - 1, CASE WHEN r.status = 'published' THEN r.at END
    FROM r, unnest(r.tags) WITH ORDINALITY x (n, place) JOIN part_labels l ON l.kind = 'tag' AND l.n = x.n
  )
  INSERT INTO search_entries (article_id, rules, version, published_at, terms, neighbours)
  SELECT r.id, ${rulesVersion}, 1, r.at, t.terms || b.terms || p.terms || array_to_tsvector(ARRAY[${stateKeySql},
      CASE r.language WHEN 'bn' THEN '${entryKeys.language('bn')}' ELSE '${entryKeys.language('en')}' END, $7::text]
    || ARRAY(SELECT l.key FROM part_labels l WHERE (l.kind = 'source' AND l.n = r.source) OR (l.kind = 'tag' AND l.n = ANY (r.tags)))
    || CASE WHEN r.at IS NULL THEN ARRAY['${entryKeys.undated}'] ELSE m.keys || ('${entryKeys.day('')}' || floor(extract(epoch FROM r.at) / 86400)::int)::text END),
    t.neighbours | b.neighbours | p.neighbours
  FROM r JOIN part_titles t ON t.n = r.title JOIN part_bodies b ON b.n = r.body JOIN part_plants p ON p.n = r.plants
    LEFT JOIN part_months m ON m.n = extract(year FROM r.at AT TIME ZONE 'UTC')::int * 12 + extract(month FROM r.at AT TIME ZONE 'UTC')::int - 1`;

async function connected(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Rows are right already, so no trigger looks at them.
    await client.query(`SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB';
      SET max_parallel_maintenance_workers = ${connections}`);
    return await work(client);
  } finally {
    await client.end();
  }
}

async function fillChunks(url, values, progress) {
  const [articles] = values;
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, () =>
      connected(url, async (client) => {
        for (let from = next; from < articles; from = next) {
          next += chunkRows;
          const last = Math.min(from + chunkRows, articles) - 1;
          await client.query({ name: 'chunk', text: chunkSql, values: [from, last, ...values] });
          progress(last / articles);
        }
      }),
    ),
  );
}

/** Indexes that no constraint needs are made when all rows are in. */
const indexesSql = `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
  WHERE i.indrelid IN ('articles'::regclass, 'article_tags'::regclass, 'search_entries'::regclass)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)`;

/** Adds so many articles to a newsroom of the benchmark that has users, tags and sources. */
export const seedSearch = (url, articles, progress) =>
  connected(url, async (client) => {
    const endMs = Date.now() - 3_600_000;
    const startMs = endMs - years * 365.25 * day;
    await prepareParts(client, { endMs, startMs }, (share) => progress(share, 'bodies to put together'));
    const { rows: indexes } = await client.query(indexesSql);
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    // Reading is all that is measured, and 14 GB of log would be written besides.
    await client.query('ALTER TABLE search_entries SET UNLOGGED');
    const [user] = (await client.query('SELECT id FROM users LIMIT 1')).rows;
    const values = [articles, startMs, endMs, user.id, entryKeys.author(user.id)];
    await fillChunks(url, values, (share) => progress(share, 'articles'));
    await client.query(dropPartsSql);
    for (const [index, { definition }] of indexes.entries()) {
      await client.query(definition);
      progress((index + 1) / indexes.length, 'indexes');
    }
    await client.query('VACUUM (ANALYZE)');
  });
