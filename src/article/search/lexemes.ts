import type { Alternative, Clause } from '../../core/search/query-parts.ts';
import type { Term } from '../../core/search/terms.ts';

/** Words as PostgreSQL keeps and asks for them: the texts of `tsvector` and `tsquery`, made of our own terms alone. */

/** The mark of a term of the title, which is in the vector once more so that an index can tell it from the body's. */
export const titleMark = '^';

/** PostgreSQL refuses a term of 2 KB and a vector of 1 MB. What is beyond these is not found. */
const termBytesMax = 1_000;
const vectorBytesMax = 600_000;
/** PostgreSQL keeps no position above this one. */
export const positionMax = 16_383;

export const quoted = (term: string) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export const fits = (term: string) => term.length * 3 <= termBytesMax || Buffer.byteLength(term) <= termBytesMax;

/** A field of an article: its terms, and PostgreSQL's weight of them. */
export type FieldTerms = { terms: readonly Term[]; weight: 'A' | 'B' | ''; isTitle: boolean };

/** Between two fields, so that no phrase reaches from one into the next. */
const gap = 2;

/** Fields one after another: each with how many places are before it. */
export function placed(fields: readonly FieldTerms[]): (FieldTerms & { before: number })[] {
  let before = 0;
  return fields.map((field) => {
    const one = { ...field, before };
    before += field.terms.reduce((last, { position }) => Math.max(last, position), 0) + gap;
    return one;
  });
}

/** The text of a vector: the fields one after another, and the keys, which have no position. */
export function vectorText(fields: readonly FieldTerms[], keys: readonly string[]): string {
  const places = new Map<string, string>();
  let bytes = 0;
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
  for (const { terms, weight, isTitle, before } of placed(fields)) {
    for (const { term, position } of terms) {
      if (bytes > vectorBytesMax) break;
      const place = `${Math.min(before + position, positionMax)}${weight}`;
      add(term, place);
      if (isTitle && !term.startsWith('=')) add(titleMark + term, place);
    }
  }
  let text = keys.map(quoted).join(' ');
  for (const [term, place] of places) text += ` ${quoted(term)}:${place}`;
  return text;
}

/** What no article has, so that a term that is too long is found nowhere. */
export const nowhere = "'@nowhere'";

export type Form = { mark: string; between: '<->' | '&'; weights: '' | ':AB' };

const slotText = (terms: readonly string[], { mark, weights }: Form) =>
  `(${terms.map((term) => (fits(term) ? quoted(mark + term) + weights : nowhere)).join('|')})`;

const wayText = ({ slots }: Alternative<string>, form: Form) =>
  `(${slots.map(({ terms }) => slotText(terms, form)).join(form.between)})`;

export type Asked = Omit<Form, 'mark'> & { titleAlone: boolean };

/** A clause as a part of a query's text; with `titleAlone`, its words are asked of the title. */
export function clauseText(clause: Clause<string>, { titleAlone, between, weights }: Asked): string {
  const ways = clause.alternatives.map((way) => {
    const mark = titleAlone || clause.titleOnly || way.titleOnly ? titleMark : '';
    return wayText(way, { mark, between, weights });
  });
  return `${clause.negative ? '!' : ''}(${ways.join('|')})`;
}

/** Any of these keys, as a part of a query's text. */
export const anyKey = (keys: readonly string[]) => `(${keys.map(quoted).join('|')})`;
