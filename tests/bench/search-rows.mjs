import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { entryKeys, monthOf, periodsOf } from '../../dist/modules/article/search/keys.js';
import { indexTerms } from '../../dist/modules/core/search/terms.js';
import { copyRows } from './copy.mjs';
import { chance } from './words.mjs';

// Articles of 3,000 characters in a vocabulary as uneven as that of a language, and their entries of the search.

const day = 86_400_000;
const years = 6;
const chunkRows = 1_000;
const wordsInBody = 440;
const wordsInTitle = 8;

const consonants = [...'কগচজটডতদনপবভমযরলশসহ'];
const vowels = ['', 'া', 'ি', 'ে', 'ো', 'ু'];
const unstemmed = (word) => word;

/** So many words, the same for all rules of the language. */
function vocabularyOf(size) {
  const random = chance(7);
  const one = (list) => list[Math.floor(random() * list.length)];
  const words = new Set();
  while (words.size < size) {
    const word =
      Array.from(
        { length: 1 + Math.floor(random() * (words.size < 3_000 ? 2 : 3)) },
        () => one(consonants) + one(vowels),
      ).join('') + one(consonants.slice(0, 4));
    words.add(word);
  }
  return [...words];
}

const known = new Map();
/** What the rules of this program make of a word. */
function termsOf(word) {
  const before = known.get(word);
  if (before !== undefined) return before;
  const terms = [...new Set(indexTerms(word, unstemmed).map(({ term }) => term))];
  known.set(word, terms);
  return terms;
}

const size = 150_000;
export const vocabulary = vocabularyOf(size + 8);
/** Words whose places in time and beside each other are known. */
export const planted = {
  /** In 30 % of the older half and in none of the newer. */
  onlyOld: vocabulary[size],
  /** Each in 20 %, never both. */
  apart: [vocabulary[size + 1], vocabulary[size + 2]],
  /** Both in 25 %, never one after the other. */
  strangers: [vocabulary[size + 3], vocabulary[size + 4]],
  /** In ten articles of all. */
  rare: vocabulary[size + 5],
};

/** A draw of words by Zipf's law, from a table of equally likely places. */
function drawing() {
  const places = new Int32Array(1 << 20);
  let total = 0;
  for (let rank = 0; rank < size; rank += 1) total += 1 / (rank + 12);
  let place = 0;
  let sum = 0;
  for (let rank = 0; rank < size; rank += 1) {
    sum += 1 / (rank + 12);
    const end = Math.round((sum / total) * places.length);
    while (place < end) places[place++] = rank;
  }
  return (random) => places[Math.floor(random() * places.length)];
}
const draw = drawing();

const commonest = 60;
/** How likely each of the commonest words is in a whole body, for bodies that are shortened. */
const shares = Array.from({ length: commonest }, (_, rank) => {
  let total = 0;
  for (let one = 0; one < size; one += 1) total += 1 / (one + 12);
  return 1 - (1 - 1 / (rank + 12) / total) ** wordsInBody;
});

/** The words of a body: all, or of a short one the commonest as often as in a whole one, and some of the others. */
function bodyOf(random, short) {
  if (!short) return Array.from({ length: wordsInBody }, () => vocabulary[draw(random)]);
  const body = [];
  for (let rank = 0; rank < commonest; rank += 1) if (random() < shares[rank]) body.push(vocabulary[rank]);
  for (let one = 0; one < 40; one += 1) body.push(vocabulary[draw(random)]);
  return body;
}

const plantedWords = (index, share, random) => [
  ...(share < 0.5 && random() < 0.6 ? [planted.onlyOld] : []),
  ...(index % 5 === 0 ? [planted.apart[0]] : index % 5 === 1 ? [planted.apart[1]] : []),
  ...(random() < 0.25 ? [planted.strangers[0], vocabulary[0], vocabulary[1], planted.strangers[1]] : []),
  ...(index % 100_000 === 77 ? [planted.rare] : []),
];

const idAt = (ms) => {
  const hex = `${Math.floor(ms).toString(16).padStart(12, '0')}7${randomBytes(10).toString('hex').slice(1)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const stateAt = (random) => {
  const share = random();
  return share < 0.03 ? 'draft' : share < 0.04 ? 'review' : share < 0.05 ? 'archived' : 'published';
};

function vectorOf(title, body, keys) {
  const places = new Map();
  const add = (term, place) => {
    const known = places.get(term);
    if (known === undefined) places.set(term, place);
    else places.set(term, `${known},${place}`);
  };
  for (const [index, word] of title.entries()) {
    for (const term of termsOf(word)) {
      add(term, `${index + 1}A`);
      add(`^${term}`, `${index + 1}A`);
    }
    add(`=${word}`, `${index + 1}A`);
  }
  for (const [index, word] of body.entries())
    for (const term of termsOf(word)) add(term, `${title.length + 2 + index}`);
  let text = '';
  for (const [term, place] of places) text += `'${term}':${place} `;
  return text + keys.map((key) => `'${key}'`).join(' ');
}

export function rowsOf(index, { articles, endMs, userId, tagIds, sourceIds, short }) {
  const random = chance(index + 1);
  const share = index / articles;
  const createdMs = endMs - years * 365.25 * day * (1 - share);
  const words = (count) => Array.from({ length: count }, () => vocabulary[draw(random)]);
  const title = words(wordsInTitle);
  const body = bodyOf(random, short);
  body.splice(Math.floor(random() * body.length), 0, ...plantedWords(index, share, random));
  const state = stateAt(random);
  const language = random() < 0.9 ? 'bn' : 'en';
  const publishedAt = state === 'draft' || state === 'review' ? null : new Date(createdMs + 600_000);
  const source = random() < 0.1 ? null : sourceIds[Math.floor(sourceIds.length * random() ** 3)];
  const tags = new Set();
  while (tags.size < 3) tags.add(tagIds[Math.floor(tagIds.length * random() ** 4)]);
  const id = idAt(createdMs);
  const at = publishedAt?.toISOString() ?? null;
  const created = new Date(createdMs).toISOString();
  const keys = [
    entryKeys.state(state),
    entryKeys.language(language),
    entryKeys.author(userId),
    ...(source === null ? [] : [entryKeys.source(source)]),
    ...[...tags].map(entryKeys.tag),
    ...(publishedAt === null ? [entryKeys.undated] : periodsOf(monthOf(publishedAt))),
  ];
  const shown = title.join(' ');
  return {
    article: [
      id,
      language,
      `${title.slice(0, 3).join('-')}-${index}`,
      true,
      shown,
      '<p>…</p>',
      'html',
      '<p>…</p>',
      source,
      state,
      at,
      at,
      userId,
      userId,
      created,
      created,
    ],
    tags: [...tags].map((tag, position) => [id, tag, position, state === 'published' ? at : null]),
    entry: [id, 1, 1, at, null, vectorOf(title, body, keys)],
  };
}

const articleColumns =
  'id,language,slug,slug_derived,title,body,body_format,body_html,source_id,status,published_at,first_published_at,created_by_id,updated_by_id,created_at,updated_at'.split(
    ',',
  );
const entryColumns = ['article_id', 'rules', 'version', 'published_at', 'expires_at', 'terms'];

/** Adds so many articles to a newsroom of the benchmark that has users, tags and sources. */
export async function seedSearch(url, { articles, short }, progress) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const ids = async (text) => (await client.query(text)).rows.map(({ id }) => id);
    const [userId] = await ids('SELECT id FROM users LIMIT 1');
    const newsroom = {
      articles,
      short,
      endMs: Date.now() - 3_600_000,
      userId,
      tagIds: await ids('SELECT id FROM tags ORDER BY slug'),
      sourceIds: await ids('SELECT id FROM sources ORDER BY slug'),
    };
    await client.query('SET session_replication_role = replica');
    const { rows: indexes } = await client.query(
      `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
       WHERE i.indrelid IN ('articles'::regclass, 'article_tags'::regclass, 'search_entries'::regclass)
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    );
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    for (let from = 0; from < articles; from += chunkRows) {
      const rows = Array.from({ length: Math.min(chunkRows, articles - from) }, (_, index) =>
        rowsOf(from + index, newsroom),
      );
      await copyRows(
        client,
        'articles',
        articleColumns,
        rows.map(({ article }) => article),
      );
      await copyRows(
        client,
        'article_tags',
        ['article_id', 'tag_id', 'position', 'listed_at'],
        rows.flatMap(({ tags }) => tags),
      );
      await copyRows(
        client,
        'search_entries',
        entryColumns,
        rows.map(({ entry }) => entry),
      );
      progress((from + rows.length) / articles, 'articles');
    }
    await client.query(`SET maintenance_work_mem = '1GB'`);
    for (const [index, { definition }] of indexes.entries()) {
      await client.query(definition);
      progress((index + 1) / indexes.length, 'indexes');
    }
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}
