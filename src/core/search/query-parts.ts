import type { ForeignWord } from './dictionaries.ts';

/** One place in a phrase: any of its terms. `whole` is the marked term of the word as it was typed. */
export type Slot<T> = { terms: readonly T[]; whole?: string };

/** One way to meet a clause: its slots one after another. One that is `titleOnly` is looked for in titles alone. */
export type Alternative<T> = { slots: readonly Slot<T>[]; titleOnly: boolean };

/** What a text must meet in one of several ways, or must not. `titleOnly`: asked of the title, by `title:`. */
export type Clause<T> = { negative: boolean; titleOnly: boolean; alternatives: readonly Alternative<T>[] };

/** All of its clauses must hold. At least one is not negative. */
export type SearchQuery<T> = { clauses: readonly Clause<T>[] };

/** A term of a query before PostgreSQL has stemmed its foreign words. */
export type RawTerm = string | ForeignWord;
