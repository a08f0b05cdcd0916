import type { Alternative, Clause, SearchQuery } from './query-parts.ts';

/** What is wanted and excluded at once. An index would look through all that is wanted to find nothing. */

type Excluded = { terms: ReadonlySet<string>; titleOnly: boolean };

/** The words that are excluded alone. A word that is only excluded beside others may still be found. */
const excludedIn = (clauses: readonly Clause<string>[]): Excluded[] =>
  clauses.flatMap(({ negative, titleOnly, alternatives }) =>
    alternatives.flatMap(({ slots: [slot, next] }) =>
      negative && slot !== undefined && next === undefined ? [{ terms: new Set(slot.terms), titleOnly }] : [],
    ),
  );

/** Whether each text that meets this way has an excluded word: all terms of one of its places are excluded. */
const isExcluded = ({ slots, titleOnly }: Alternative<string>, excluded: readonly Excluded[]) =>
  excluded.some(
    (word) => (!word.titleOnly || titleOnly) && slots.some(({ terms }) => terms.every((term) => word.terms.has(term))),
  );

/** The query without the ways that exclude themselves; null if nothing can be found then. */
export function possibleQuery({ clauses }: SearchQuery<string>): SearchQuery<string> | null {
  const excluded = excludedIn(clauses);
  if (excluded.length === 0) return { clauses };
  const possible = clauses.map((clause) => ({
    ...clause,
    alternatives: clause.negative
      ? clause.alternatives
      : clause.alternatives.filter(
          (way) => !isExcluded({ ...way, titleOnly: clause.titleOnly || way.titleOnly }, excluded),
        ),
  }));
  return possible.every(({ alternatives }) => alternatives.length > 0) ? { clauses: possible } : null;
}
