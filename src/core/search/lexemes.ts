import type { Alternative, SearchQuery } from './query-parts.ts';
import type { Term } from './terms.ts';

/** PostgreSQL keeps no position above this one. */
const positionMax = 16_383;

const quoted = (term: string) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Terms as the text of a `tsvector`, for `::tsvector`. */
export function tsvectorText(terms: readonly Term[]): string {
  const positions = new Map<string, number[]>();
  for (const { term, position } of terms) {
    const known = positions.get(term);
    if (known === undefined) positions.set(term, [Math.min(position, positionMax)]);
    else known.push(Math.min(position, positionMax));
  }
  return [...positions].map(([term, at]) => `${quoted(term)}:${at.join(',')}`).join(' ');
}

/** One way to meet a clause, as the text of a `tsquery`. */
export const wayText = ({ slots }: Alternative<string>): string =>
  slots.map(({ terms }) => `(${terms.map(quoted).join('|')})`).join('<->');

/** The clauses as the text of a `tsquery`, for `::tsquery`: of a title with the ways that are for titles alone, or without. */
export function tsqueryText({ clauses }: SearchQuery<string>, of: 'title' | 'any'): string {
  return clauses
    .map(({ negative, alternatives }) => {
      const ways = alternatives.filter(({ titleOnly }) => of === 'title' || !titleOnly).map(wayText);
      return `${negative ? '!' : ''}(${ways.join('|')})`;
    })
    .join('&');
}
