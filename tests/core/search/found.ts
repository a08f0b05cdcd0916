import { aliasSeed } from '../../../src/core/search/alias-seed.ts';
import { openAliases } from '../../../src/core/search/aliases.ts';
import type { ForeignWord, StemOf } from '../../../src/core/search/dictionaries.ts';
import { parseQuery, stemmedQuery } from '../../../src/core/search/query.ts';
import type { SearchQuery } from '../../../src/core/search/query-parts.ts';
import { indexTerms } from '../../../src/core/search/terms.ts';
import { meetsClause } from './meets-clause.ts';

/** Stands in for PostgreSQL's English dictionary. */
export const stemOf = ({ word }: ForeignWord): string => word.replace(/(?<=..{2})(?:ing|ed|s)$/, '');

export const aliases = openAliases(aliasSeed);

/** The words that are handed out for PostgreSQL to stem, each once. */
export function handedOut(work: (stemOf: StemOf) => unknown): ForeignWord[] {
  const words = new Map<string, ForeignWord>();
  work((one) => {
    words.set(`${one.dictionary} ${one.word}`, one);
    return one.word;
  });
  return [...words.values()];
}

/** A query as it would be asked, or `null`. */
export function asked(query: string): SearchQuery<string> | null {
  const parsed = parseQuery(query.normalize('NFC'), aliases);
  return parsed === null ? null : stemmedQuery(parsed, stemOf);
}

/** The terms of a text and where they are. */
export function positionsOf(text: string): Map<string, Set<number>> {
  const positions = new Map<string, Set<number>>();
  for (const { term, position } of indexTerms(text.normalize('NFC'), stemOf))
    positions.set(term, (positions.get(term) ?? new Set()).add(position));
  return positions;
}

/** Whether a query finds a title. */
export function finds(query: string, title: string): boolean {
  const parts = asked(query);
  const positions = positionsOf(title);
  return parts?.clauses.every((clause) => meetsClause(clause, positions, true) !== clause.negative) ?? false;
}
