import { shortName } from './bangla/compounds.ts';
import { otherWriting } from './bangla/counts.ts';
import { latinOf, lettersNamed } from './bangla/letters.ts';
import { nounStems } from './bangla/stem.ts';
import type { CutWord } from './cut.ts';
import type { RawTerm } from './query-parts.ts';

const lettersMax = 5;
const lettersMin = 2;

/** Capitals, three letters, or letters without a vowel: IT, ipl, bgmp. */
const abbreviation = /^(?:[A-Z]{2,5}|[a-z]{3}|[b-df-hj-np-tv-z]{2,5})$/;

function latinTerms({ key, terms }: CutWord, dictionary: string): RawTerm[] {
  for (const name of [key, ...terms]) {
    const latin = latinOf(name);
    if (latin !== undefined && latin.length >= lettersMin && latin.length <= lettersMax)
      return [{ word: latin, dictionary }];
  }
  return [];
}

/**
 * What a word of a query is written as besides: HSC as এইচএসসি, ৫ as পাঁচ, and the other way round; মুশফিকুর as মুশফিক. Only queries have them, so
 * that a text has no more terms.
 */
export function otherWritings(word: CutWord, typed: string, dictionary: string): RawTerm[] {
  if (word.script === 'other') return abbreviation.test(typed) ? [...nounStems(lettersNamed(word.key))] : [];
  if (word.script === 'number' && word.terms.length > 1) return [];
  const others = word.terms.flatMap((term) => otherWriting(term) ?? shortName(term) ?? []);
  return word.script === 'number' || others.length > 0 ? others : latinTerms(word, dictionary);
}
