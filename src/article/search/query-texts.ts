import type { Clause, SearchQuery } from '../../core/search/query-parts.ts';
import { type Asked, clauseText, type Form, fits, nowhere, quoted } from './lexemes.ts';
import { askedBits } from './neighbours.ts';

/** What a query asks of PostgreSQL, as texts of `tsquery`. */

const isPhrase = ({ alternatives }: Clause<string>) => alternatives.some(({ slots }) => slots.length > 1);
/** But for a title that has it as one word. */
const isOnlyPhrase = ({ alternatives, negative }: Clause<string>) =>
  !negative && alternatives.every(({ slots, titleOnly }) => slots.length > 1 || titleOnly);

/**
 * `ways`: what an index alone can answer, as rows of conditions; a candidate meets all of one row. `exact`: what an index cannot
 * answer, where positions have to be looked at besides.
 * `neighbours`: bits of which a row has to have all of one way, where positions are looked at; null where bits tell nothing.
 * `isPhrase`: positions decide, so that most candidates may fail. Elsewhere they only matter where a word is in no other way.
 * `isJoint`: several words have to meet.
 */
export type QueryTexts = {
  ways: readonly (readonly string[])[];
  exact: string | null;
  neighbours: readonly (readonly number[])[] | null;
  isPhrase: boolean;
  isJoint: boolean;
};

type TextOf = (clauses: readonly Clause<string>[], between?: '&' | '|') => string;

/** A clause with only those of its alternatives that are looked for in titles alone, or with only the others. */
const narrowed = (clause: Clause<string>, titleOnly: boolean): Clause<string> => ({
  ...clause,
  alternatives: clause.alternatives.filter((way) => way.titleOnly === titleOnly),
});
const isPossible = ({ alternatives }: Clause<string>) => alternatives.length > 0;

/**
 * Words that meet as they were typed are one row, and what titles may have in their place another, since `(a|ab) & (b|ab)` is
 * `(a & b) | ab`: the scan of an index skips further ahead in short conditions. So more than two words are each a condition of
 * its own. Where the two cannot be told apart, the words are asked for together and then each alone, though that finds the same.
 */
function waysOf(clauses: readonly Clause<string>[], textOf: TextOf): string[][] {
  const wanted = clauses.filter(({ negative }) => !negative);
  const hasNegative = wanted.length < clauses.length;
  const alone = (of: readonly Clause<string>[]) => of.map((clause) => textOf([clause]));
  const typed = clauses.map((clause) => (clause.negative ? clause : narrowed(clause, false)));
  const inTitles = wanted.map((clause) => narrowed(clause, true)).filter(isPossible);
  if (wanted.length > 1 && inTitles.length > 0 && typed.every(isPossible))
    return [
      typed.length > 2 && !hasNegative ? alone(typed) : [textOf(typed)],
      [textOf(inTitles, '|'), textOf(clauses)],
    ];
  return [[textOf(clauses), ...(wanted.length > 1 ? alone(wanted) : [])]];
}

/** The texts of a query; with `titleAlone`, every word that it wants in the title. */
export function queryTexts({ clauses }: SearchQuery<string>, titleAlone = false): QueryTexts {
  const textOf = (between: Form['between'], of: readonly Clause<string>[]) =>
    of.map((clause) => clauseText(clause, { between, weights: '', titleAlone: titleAlone && !clause.negative }));
  const known = clauses.filter((clause) => !(clause.negative && isPhrase(clause)));
  const phrases = clauses.filter(isPhrase);
  return {
    ways: waysOf(known, (of, between = '&') => textOf('&', of).join(between)),
    exact: phrases.length > 0 ? textOf('<->', phrases).join('&') : null,
    neighbours: askedBits(phrases),
    isPhrase: phrases.some(isOnlyPhrase),
    isJoint: clauses.length > 1 || (clauses[0]?.alternatives[0]?.slots.length ?? 0) > 1,
  };
}

/** The words of a clause as they were typed, which a title has beside its terms. */
function wholeText({ alternatives }: Clause<string>): string {
  const ways = alternatives.flatMap(({ slots }) => {
    const wholes = slots.flatMap(({ whole }) => (whole === undefined || !fits(whole) ? [] : [quoted(whole)]));
    return wholes.length === slots.length ? [`(${wholes.join('<->')})`] : [];
  });
  return ways.length === 0 ? nowhere : `(${ways.join('|')})`;
}

/** The texts by which articles are ranked, of what is wanted alone: `head` asks title, kicker, excerpt and byline. */
export function rankTexts({ clauses }: SearchQuery<string>) {
  const wanted = clauses.filter(({ negative }) => !negative);
  const textOf = (asked: Asked) => wanted.map((clause) => clauseText(clause, asked)).join('&');
  return {
    whole: wanted.map(wholeText).join('&'),
    title: textOf({ between: '<->', weights: '', titleAlone: true }),
    head: textOf({ between: '<->', weights: ':AB', titleAlone: false }),
    near: textOf({ between: '&', weights: '', titleAlone: false }),
  };
}
