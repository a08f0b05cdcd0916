import { cutWords } from './cut.ts';
import { dictionaryOf } from './dictionaries.ts';
import { oneWay } from './loanwords.ts';
import type { Alternative, Clause, RawTerm, Slot } from './query-parts.ts';

/** Words and phrases that mean the same: each finds the others. */
export type AliasGroup = readonly string[];

export type Aliases = {
  /** Clauses whose words are a member of a group are met by its other members too. */
  widen(clauses: readonly Clause<RawTerm>[]): Clause<RawTerm>[];
};

type Member = readonly Slot<RawTerm>[];

const dictionary = dictionaryOf(undefined);

const memberOf = (text: string): Member =>
  cutWords(text).map((word) => ({ terms: word.script === 'other' ? [{ word: word.key, dictionary }] : word.terms }));

/** Foreign words are compared as typed, so that aliases can be looked up before PostgreSQL has stemmed anything. */
const nameOf = (term: RawTerm) => (typeof term === 'string' ? term : `${term.word}`);

const meets = (slot: Slot<RawTerm> | undefined, other: Slot<RawTerm>) =>
  slot?.terms.some((term) => other.terms.some((one) => nameOf(one) === nameOf(term))) === true;

/** What finds others, and what they are. */
type Pair = { member: Member; others: readonly Member[] };

const pairsOf = (group: AliasGroup): Pair[] => {
  const members = group.map(memberOf).filter((member) => member.length > 0);
  return members.map((member) => ({ member, others: members.filter((other) => other !== member) }));
};

let known: readonly Pair[] | undefined;

/** Made when first asked for, as the forms of all verbs are made with it. */
function knownPairs(): readonly Pair[] {
  known ??= oneWay.map(([from, to]) => ({ member: memberOf(from), others: to.map(memberOf) }));
  return known;
}

/** Pairs by the terms that they begin with. */
function byFirstTerm(pairs: readonly Pair[]): ReadonlyMap<string, readonly Pair[]> {
  const found = new Map<string, Pair[]>();
  for (const pair of pairs)
    for (const term of pair.member[0]?.terms ?? []) {
      const name = nameOf(term);
      const same = found.get(name);
      if (same === undefined) found.set(name, [pair]);
      else same.push(pair);
    }
  return found;
}

/** A slot of a query, and the clause that it is in. */
type Place = { slot: Slot<RawTerm>; clause: number; first: boolean; last: boolean };

const placesOf = (clauses: readonly Clause<RawTerm>[]): Place[] =>
  clauses.flatMap(({ alternatives: [way] }, clause) =>
    (way?.slots ?? []).map((slot, index, { length }) => ({
      slot,
      clause,
      first: index === 0,
      last: index === length - 1,
    })),
  );

/** Ways without those that find no more than another of one word. */
function distinct(ways: readonly Alternative<RawTerm>[]): Alternative<RawTerm>[] {
  const singles = ways.map(({ slots: [slot, next] }) =>
    slot === undefined || next !== undefined ? undefined : slot.terms.map(nameOf),
  );
  return ways.filter((_, index) => {
    const names = singles[index];
    return (
      names === undefined ||
      !singles.some((other, at) => other !== undefined && at < index && names.every((name) => other.includes(name)))
    );
  });
}

const wayOf = (member: Member): Alternative<RawTerm> => ({ slots: member, titleOnly: false });

export function openAliases(groups: readonly AliasGroup[]): Aliases {
  const groupsOf = byFirstTerm([...groups.flatMap(pairsOf), ...knownPairs()]);
  return {
    widen(clauses) {
      const more = clauses.map((): Alternative<RawTerm>[] => []);
      const places = placesOf(clauses);
      for (const [index, { slot, first }] of places.entries()) {
        for (const { member, others } of new Set(slot.terms.flatMap((term) => groupsOf.get(nameOf(term)) ?? []))) {
          const met = places.slice(index, index + member.length);
          if (!first || !met.at(-1)?.last || !member.every((one, at) => meets(met[at]?.slot, one))) continue;
          const touched = [...new Set(met.map(({ clause }) => clause))];
          // A negative or a title's word stands alone: what it is part of with its neighbours is asked otherwise.
          if (touched.length > 1 && touched.some((clause) => clauses[clause]?.negative || clauses[clause]?.titleOnly))
            continue;
          for (const clause of touched) more[clause]?.push(...others.map(wayOf));
        }
      }
      return clauses.map((clause, index) => ({
        ...clause,
        alternatives: distinct([...clause.alternatives.map((way) => withSpellings(way)), ...(more[index] ?? [])]),
      }));
    },
  };

  /** Inside of a phrase a word is met by its aliases of one word. */
  function withSpellings(way: Alternative<RawTerm>): Alternative<RawTerm> {
    if (way.slots.length === 1) return way;
    const slots = way.slots.map((slot) => {
      const groupsOfSlot = new Set(slot.terms.flatMap((term) => groupsOf.get(nameOf(term)) ?? []));
      const single = [...groupsOfSlot].filter(({ member }) => member.length === 1).flatMap(({ others }) => others);
      const spelled = single.filter((other) => other.length === 1).flatMap(([other]) => other?.terms ?? []);
      return { ...slot, terms: [...new Set([...slot.terms, ...spelled])] };
    });
    return { ...way, slots };
  }
}
