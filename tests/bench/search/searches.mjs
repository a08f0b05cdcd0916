// The searches that are compared: Khobor's, and what PostgreSQL offers without a Bangla dictionary.

import { vectorText } from '../../../dist/modules/article/search/lexemes.js';
import { queryTexts } from '../../../dist/modules/article/search/query-texts.js';
import { openStems } from '../../../dist/modules/article/search/stems.js';
import { aliasSeed } from '../../../dist/modules/core/search/alias-seed.js';
import { openAliases } from '../../../dist/modules/core/search/aliases.js';
import { cutWords } from '../../../dist/modules/core/search/cut.js';
import { parseQuery, stemmedQuery } from '../../../dist/modules/core/search/query.js';
import { indexTerms } from '../../../dist/modules/core/search/terms.js';

const aliases = openAliases(aliasSeed);

/** The words of a text as their keys, which the other searches may have instead of the text. */
export const keyText = (text) =>
  cutWords(text)
    .map(({ key }) => key)
    .join(' ');

/** What a query asks for, for searches that know no more than words, phrases and what must not be there. */
const unitsOf = (query) =>
  [...query.matchAll(/(-)?(?:"([^"]*)"|(\S+))/g)].map(([, minus, quoted, word]) => ({
    not: minus !== undefined,
    text: quoted ?? word,
  }));

const units = (asKey) => (query) =>
  unitsOf(query).map(({ not, text }) => ({ not, text: asKey ? keyText(text) : text }));

/** One condition a word or phrase, all of which must hold. */
const everyUnit = (condition, asKey) => (query) => {
  const parts = units(asKey)(query);
  return {
    where: parts.map(({ not }, index) => `${not ? 'NOT ' : ''}(${condition(`$${index + 2}::text`)})`).join(' AND '),
    values: parts.map(({ text }) => text),
  };
};

const escapedLike = (value) =>
  `'%' || replace(replace(replace(${value}, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`;

const websearch = (column, asKey) => (query) => ({
  where: `to_tsvector('simple', ${column}) @@ websearch_to_tsquery('simple', $2)`,
  values: [
    units(asKey)(query)
      .map(({ not, text }) => `${not ? '-' : ''}"${text}"`)
      .join(' '),
  ],
});

/** pg_trgm's own threshold for a word in a text. */
const similar = 0.6;

/** By name: a query as a condition on a table of lines, and its values. */
export const searches = {
  Khobor: (query, stemOf) => {
    const parsed = parseQuery(query, aliases, 'bn');
    if (parsed === null) return { where: 'false', values: [] };
    const { ways, exact } = queryTexts(stemmedQuery(parsed, stemOf), true);
    const candidates = ways.map((way) => `(${way.join('&')})`).join('|');
    return { where: 'terms @@ $2::tsquery AND terms @@ $3::tsquery', values: [candidates, exact ?? candidates] };
  },
  'simple, text': websearch('text', false),
  'simple, key': websearch('key', true),
  'trigram, text': everyUnit((value) => `word_similarity(${value}, text) >= ${similar}`, false),
  'trigram, key': everyUnit((value) => `word_similarity(${value}, key) >= ${similar}`, true),
  'ILIKE, text': everyUnit((value) => `text ILIKE ${escapedLike(value)}`, false),
  'ILIKE, key': everyUnit((value) => `key ILIKE ${escapedLike(value)}`, true),
};

/** Puts the lines of some sets into a table, and answers `find(search, set, query)`: the ids of the lines that are found. */
export async function openLines(client, sets) {
  const lines = sets.flatMap(({ name, lines }) => lines.map((line) => ({ ...line, set: name })));
  const stems = openStems();
  const read = async ({ text }, values) => (await client.query(text, values)).rows;
  const vectorOf = (text) =>
    stems.with(read, (stemOf) => {
      const terms = indexTerms(text, stemOf, { language: 'bn', wholes: true });
      return vectorText([{ terms, weight: '', isTitle: true }], []);
    });
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  await client.query('CREATE TEMPORARY TABLE lines (set text, id text, text text, key text, terms tsvector)');
  for (const { set, id, text } of lines)
    await client.query('INSERT INTO lines VALUES ($1, $2, $3, $4, $5::tsvector)', [
      set,
      id,
      text,
      keyText(text),
      await vectorOf(text),
    ]);
  return async (search, set, query) => {
    const { where, values } = await stems.with(read, (stemOf) => searches[search](query, stemOf));
    const { rows } = await client.query(`SELECT id FROM lines WHERE set = $1 AND ${where}`, [set, ...values]);
    return new Set(rows.map(({ id }) => id));
  };
}
