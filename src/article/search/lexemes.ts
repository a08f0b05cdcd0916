import type { Alternative, Clause, SearchQuery } from '../../core/search/query-parts.ts';
import type { Term } from '../../core/search/terms.ts';

/** Words as PostgreSQL keeps and asks for them: the texts of `tsvector` and `tsquery`, made of our own terms alone. */

/** The mark of a term of the title, which is in the vector once more so that an index can tell it from the body's. */
const titleMark = '^';

/** PostgreSQL refuses a term of 2 KB and a vector of 1 MB. What is beyond these is not found. */
const termBytesMax = 1_000;
const vectorBytesMax = 600_000;
/** PostgreSQL keeps no position above this one. */
const positionMax = 16_383;

const quoted = (term: string) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

const fits = (term: string) => term.length * 3 <= termBytesMax || Buffer.byteLength(term) <= termBytesMax;

/** A field of an article: its terms, and PostgreSQL's weight of them. */
export type FieldTerms = { terms: readonly Term[]; weight: 'A' | 'B' | ''; isTitle: boolean };

/** Between two fields, so that no phrase reaches from one into the next. */
const gap = 2;

/** The text of a vector: the fields one after another, and the keys, which have no position. */
export function vectorText(fields: readonly FieldTerms[], keys: readonly string[]): string {
  const places = new Map<string, string>();
  let bytes = 0;
  let before = 0;
  const add = (term: string, place: string) => {
    const known = places.get(term);
    if (known === undefined) {
      if (!fits(term)) return;
      bytes += Buffer.byteLength(term) + 8;
      places.set(term, place);
    } else if (known.length < 1_500) {
      bytes += 2;
      places.set(term, `${known},${place}`);
    }
  };
  for (const { terms, weight, isTitle } of fields) {
    let last = 0;
    for (const { term, position } of terms) {
      if (bytes > vectorBytesMax) break;
      last = Math.max(last, position);
      const place = `${Math.min(before + position, positionMax)}${weight}`;
      add(term, place);
      if (isTitle && !term.startsWith('=')) add(titleMark + term, place);
    }
    before += last + gap;
  }
  let text = keys.map(quoted).join(' ');
  for (const [term, place] of places) text += ` ${quoted(term)}:${place}`;
  return text;
}

/** What an article without the term has too, so that a term that is too long is found nowhere. */
const nowhere = "'@nowhere'";

type Form = { mark: string; between: '<->' | '&'; weights: '' | ':AB' };

const slotText = (terms: readonly string[], { mark, weights }: Form) =>
  `(${terms.map((term) => (fits(term) ? quoted(mark + term) + weights : nowhere)).join('|')})`;

const isPhrase = ({ alternatives }: Clause<string>) => alternatives.some(({ slots }) => slots.length > 1);
const isOnlyPhrase = ({ alternatives, negative }: Clause<string>) =>
  !negative && alternatives.every(({ slots }) => slots.length > 1);

const wayText = ({ slots }: Alternative<string>, form: Form) =>
  `(${slots.map(({ terms }) => slotText(terms, form)).join(form.between)})`;

type Asked = Omit<Form, 'mark'> & { titleAlone: boolean };

function clauseText(clause: Clause<string>, { titleAlone, between, weights }: Asked): string {
  const ways = clause.alternatives.map((way) => {
    const mark = titleAlone || clause.titleOnly || way.titleOnly ? titleMark : '';
    return wayText(way, { mark, between, weights });
  });
  return `${clause.negative ? '!' : ''}(${ways.join('|')})`;
}

/**
 * `candidates`: what an index alone can answer. `each`: the parts of it that are wanted, where they are several. `exact`: what
 * an index cannot answer, where positions have to be looked at besides.
 * `isPhrase`: positions decide, so that most candidates may fail. Elsewhere they only matter where a word is in no other way.
 * `isJoint`: several words have to meet.
 */
export type QueryTexts = {
  candidates: string;
  each: readonly string[];
  exact: string | null;
  isPhrase: boolean;
  isJoint: boolean;
};

/** The texts of a query; with `titleAlone`, every word that it wants in the title. */
export function queryTexts({ clauses }: SearchQuery<string>, titleAlone = false): QueryTexts {
  const textOf = (between: Form['between'], of: readonly Clause<string>[]) =>
    of
      .map((clause) => clauseText(clause, { between, weights: '', titleAlone: titleAlone && !clause.negative }))
      .join('&');
  const known = clauses.filter((clause) => !(clause.negative && isPhrase(clause)));
  const wanted = clauses.filter(({ negative }) => !negative);
  const phrases = clauses.filter(isPhrase);
  return {
    candidates: textOf('&', known),
    each: wanted.length > 1 ? wanted.map((clause) => textOf('&', [clause])) : [],
    exact: phrases.length > 0 ? textOf('<->', phrases) : null,
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

/** Any of these keys, as a part of a query's text. */
export const anyKey = (keys: readonly string[]) => `(${keys.map(quoted).join('|')})`;
