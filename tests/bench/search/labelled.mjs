// The labelled sets of tests/fixtures/search, and how a search is judged by them.
import { readFileSync } from 'node:fs';

const folder = new URL('../../fixtures/search/', import.meta.url);
const rowsOf = (name) =>
  readFileSync(new URL(`${name}.txt`, folder), 'utf8')
    .normalize('NFC')
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith('#'));

/** Pairs of a query and a text. */
export const readPairs = (name) => rowsOf(name).map((row) => row.split(' = '));

/** The lines of a set and the queries on them. Throws where a label names no line, or two lines have one id. */
export function readSet(name) {
  const rows = rowsOf(name);
  const lines = rows
    .filter((row) => !row.startsWith('?'))
    .map((row) => ({ id: row.slice(0, row.indexOf(' ')), text: row.slice(row.indexOf(' ') + 1) }));
  const ids = new Set(lines.map(({ id }) => id));
  if (ids.size < lines.length) throw new Error(`${name}: two lines have one id`);
  const queries = rows
    .filter((row) => row.startsWith('?'))
    .map((row) => {
      const [kind = '', query = '', labels = ''] = row.slice(1).split(' | ');
      const relevant = labels.split(' ').filter((id) => id !== '');
      const unknown = relevant.filter((id) => !ids.has(id));
      if (unknown.length > 0) throw new Error(`${name}: ${query} names ${unknown.join(' ')}`);
      return { kind: kind.trim(), query: query.trim(), relevant: new Set(relevant) };
    });
  return { name, lines, queries };
}

/**
 * The sets by what is known of them. `tuned`: the rules were mended by their faults. `untouched`: written after the rules were
 * fixed, and nothing is tuned on it; these two are the whole. `learned`: further sets that were untouched once, and in no sum.
 */
export const readSets = () => ({
  tuned: ['tuned', 'second', 'former'].map(readSet),
  untouched: [readSet('thirteenth')],
  learned: [
    'third',
    'fourth',
    'fifth',
    'sixth',
    'seventh',
    'eighth',
    'ninth',
    'tenth',
    'eleventh',
    'twelfth',
    'fourteenth',
    'fifteenth',
  ].map(readSet),
});

/** Recall, precision and F1 of the answers to some queries, counted over all their lines together. */
export function judge(answers) {
  const sum = { hit: 0, found: 0, relevant: 0 };
  for (const { relevant, found } of answers) {
    sum.relevant += relevant.size;
    sum.found += found.size;
    sum.hit += [...found].filter((id) => relevant.has(id)).length;
  }
  const recall = sum.relevant === 0 ? 1 : sum.hit / sum.relevant;
  const precision = sum.found === 0 ? 1 : sum.hit / sum.found;
  return { recall, precision, f1: recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision) };
}

/** The figures of a search for each kind of query, and for all together as `all`. `answers`: `{ kind, relevant, found }`. */
export function judgeByKind(answers) {
  const kinds = [...new Set(answers.map(({ kind }) => kind))].sort();
  return new Map([
    ...kinds.map((kind) => [kind, judge(answers.filter((answer) => answer.kind === kind))]),
    ['all', judge(answers)],
  ]);
}
