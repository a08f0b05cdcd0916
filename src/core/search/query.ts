import { invalidInput } from '../errors.ts';
import type { Aliases } from './aliases.ts';
import { isTypedTold, typedTerms } from './bangla/context.ts';
import { lettersOf } from './bangla/stem.ts';
import { type CutWord, cutWords } from './cut.ts';
import { dictionaryOf, type StemOf } from './dictionaries.ts';
import { amountAlternatives, brokenAlternatives, counterAlternatives, decimalAlternatives } from './numbers.ts';
import { otherWritings } from './other-writings.ts';
import { isOnePhrase } from './phrases.ts';
import type { Clause, RawTerm, SearchQuery, Slot } from './query-parts.ts';
import { wholeMark } from './terms.ts';
import { joinedAlternatives, letterAlternatives, splitAlternatives } from './widened.ts';

export const queryWordsMax = 12;
export const queryTermsMax = 64;

const fault = (detail: string) => invalidInput([{ in: 'query', pointer: '/q', detail }], detail);

/** What was typed between two spaces, or between quotes. */
type Unit = { negative: boolean; titleOnly: boolean; quoted: boolean; text: string };

const unitPattern = /(?<=^|\s)(-)?(?:(title|শিরোনাম):(?=\S))?(?:"([^"]*)"|\u201C([^\u201D]*)\u201D|(\S+))/giu;

/** An ending that was typed apart from its number: ৫ টি, ৪৯ তম. */
const endingApart = /(?<=[\d\u09E6-\u09EF]) (?=(?:ট[িা]র?|টিকে|টিতে|তম(?:ের)?)(?:\s|$))/gu;

const unitsOf = (text: string): Unit[] =>
  [...text.replaceAll(endingApart, '').matchAll(unitPattern)].map(([, minus, title, straight, curly, word = '']) => ({
    negative: minus !== undefined,
    titleOnly: title !== undefined,
    quoted: straight !== undefined || curly !== undefined,
    text: straight ?? curly ?? word,
  }));

/** A clause while it is read: the words of its first way, in order. */
type ReadClause = { unit: Unit; words: readonly CutWord[] };

function readUnit(unit: Unit): ReadClause[] {
  const words = cutWords(unit.text);
  if (words.length === 0) return [];
  if (unit.quoted || unit.negative) return [{ unit, words }];
  const groups: CutWord[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && isOnePhrase(unit.text, last, word)) group.push(word);
    else groups.push([word]);
  }
  return groups.map((group) => ({ unit, words: group }));
}

/** Words that only tie others together. They need not be in the text unless they are all that is asked. */
const ties: ReadonlySet<string> = new Set(['ও', 'এবং', 'এর', 'র']);
/** What is put before a name, and left out as often: ড. ইউনূস is also মুহাম্মদ ইউনূস. */
const beforeNames: ReadonlySet<string> = new Set(['ড', 'ডা', 'মো', 'মি', 'জনাব']);

/** The word of a clause that is one word and nothing else. */
const plainWord = ({ unit, words: [word, next] }: ReadClause): string =>
  unit.quoted || unit.negative || unit.titleOnly || next !== undefined ? '' : (word?.key ?? '');

const isTie = (clause: ReadClause, next: ReadClause | undefined): boolean => {
  const word = plainWord(clause);
  return ties.has(word) || (beforeNames.has(word) && next !== undefined && lettersOf(plainWord(next)) > 1);
};

function withoutTies(clauses: readonly ReadClause[]): readonly ReadClause[] {
  const rest = clauses.filter((clause, index) => !isTie(clause, clauses[index + 1]));
  return rest.some(({ unit }) => !unit.negative) ? rest : clauses;
}

/** Words as their neighbours tell them. */
function told(clauses: readonly ReadClause[]): readonly ReadClause[] {
  const word = (clause: ReadClause | undefined) =>
    clause !== undefined && plainWord(clause) !== '' ? clause.words[0] : undefined;
  return clauses.map((clause, index) => {
    const one = word(clause);
    if (one === undefined || !isTypedTold(one.key)) return clause;
    const terms = typedTerms(one, word(clauses[index - 1]), word(clauses[index + 1]));
    return { ...clause, words: [{ ...one, terms }] };
  });
}

/**
 * What a caller asks for: words, "quoted phrases", -negatives and title:words. `null` when nothing is left after folding, or
 * only negatives. A query without a language is read as Bangla and as English: each word by its letters.
 */
export function parseQuery(text: string, aliases: Aliases, language?: string): SearchQuery<RawTerm> | null {
  const read = told(withoutTies(unitsOf(text).flatMap(readUnit)));
  if (!read.some(({ unit }) => !unit.negative)) return null;
  if (read.flatMap(({ words }) => words).length > queryWordsMax)
    throw fault(`A search may have ${queryWordsMax} words at most; leave some out.`);
  const dictionary = dictionaryOf(language);
  const clauses = aliases.widen(read.map((clause) => firstWay(clause, dictionary)));
  if (termsIn(clauses) > queryTermsMax)
    throw fault(
      `With their spellings and readings these words are more than ${queryTermsMax} terms; leave some words out.`,
    );
  return { clauses: widened(clauses, read) };
}

const slotOf = (word: CutWord, text: string, dictionary: string): Slot<RawTerm> => ({
  terms: [
    ...(word.script === 'other' ? [{ word: word.key, dictionary }] : word.terms),
    ...otherWritings(word, text.slice(word.start, word.end), dictionary),
  ],
  whole: wholeMark + word.key,
});

const firstWay = ({ unit, words }: ReadClause, dictionary: string): Clause<RawTerm> => ({
  negative: unit.negative,
  titleOnly: unit.titleOnly,
  alternatives: [{ slots: words.map((word) => slotOf(word, unit.text, dictionary)), titleOnly: false }],
});

const termsIn = (clauses: readonly Clause<unknown>[]) =>
  clauses
    .flatMap(({ alternatives }) => alternatives)
    .flatMap(({ slots }) => slots)
    .reduce((sum, { terms }) => sum + terms.length, 0);

/** Words joined that were typed apart, and apart that were typed joined, as long as the terms last. */
function widened(clauses: readonly Clause<RawTerm>[], read: readonly ReadClause[]): Clause<RawTerm>[] {
  const wide = clauses.map((clause) => ({ ...clause, alternatives: [...clause.alternatives] }));
  const positive = read.map(({ unit, words }) => (unit.negative ? [] : words));
  const quoted = read.map(({ unit }) => unit.quoted);
  const dotted = read.map(({ unit, words: [left, right] }) => unit.text.slice(left?.end, right?.start) === '.');
  const more = [
    ...amountAlternatives(positive, quoted),
    ...brokenAlternatives(positive, quoted, dotted),
    ...decimalAlternatives(positive, quoted, dotted),
    ...counterAlternatives(positive, quoted),
    ...letterAlternatives(positive, quoted),
    ...joinedAlternatives(positive, quoted),
    ...splitAlternatives(positive),
  ];
  let terms = termsIn(clauses);
  for (const { of, alternative } of more) {
    const cost = of.length * termsIn([{ negative: false, titleOnly: false, alternatives: [alternative] }]);
    if (terms + cost > queryTermsMax) continue;
    terms += cost;
    for (const index of of) wide[index]?.alternatives.push(alternative);
  }
  return wide;
}

/** The query with its foreign words stemmed. */
export const stemmedQuery = (query: SearchQuery<RawTerm>, stemOf: StemOf): SearchQuery<string> => ({
  clauses: query.clauses.map((clause) => ({
    ...clause,
    alternatives: clause.alternatives.map((alternative) => ({
      ...alternative,
      slots: alternative.slots.map((slot) => ({
        ...slot,
        terms: [...new Set(slot.terms.map((term) => (typeof term === 'string' ? term : stemOf(term))))],
      })),
    })),
  })),
});
