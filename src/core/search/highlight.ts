import type { StemOf } from './dictionaries.ts';
import { type Hit, hitsIn } from './hits.ts';
import type { SearchQuery } from './query-parts.ts';

/** A passage is looked for in this many code units of a text. */
export const highlightedMax = 20_000;
/** code units of a passage without its marks */
const passageMax = 240;
/** of which this many stand before its first hit */
const leadMax = 60;

/** A title as HTML with the words that meet the query in `<mark>`, their endings included; `null` when none does. */
export function highlightTitle(
  text: string,
  query: SearchQuery<string>,
  stemOf: StemOf,
  language?: string,
): string | null {
  const clauses = query.clauses.filter(({ negative }) => !negative);
  const hits = hitsIn(text, clauses, stemOf, language);
  return hits.length === 0 ? null : marked(text, 0, text.length, hits);
}

/**
 * The passage of a text that meets the most of the query, the first of several, as HTML with its words in `<mark>`; `null`
 * when none does. Takes text without markup.
 */
export function highlightPassage(
  text: string,
  query: SearchQuery<string>,
  stemOf: StemOf,
  language?: string,
): string | null {
  const head = headOf(text);
  const clauses = query.clauses.filter(({ negative, titleOnly }) => !negative && !titleOnly);
  const hits = hitsIn(head, clauses, stemOf, language);
  const first = bestOf(hits);
  if (first === undefined) return null;
  const from = cutBefore(head, Math.max(0, first.start - leadMax), first.start);
  const to = cutAfter(head, Math.max(from + passageMax, first.end), first.end);
  const html = marked(head, from, to, hits).trim();
  return `${from > 0 ? '…' : ''}${html}${to < text.length ? '…' : ''}`;
}

const headOf = (text: string) => (text.length <= highlightedMax ? text : text.slice(0, letterAt(text, highlightedMax)));

/** The hit at which the passage with the most clauses begins. */
function bestOf(hits: readonly Hit[]): Hit | undefined {
  const inside = new Map<number, number>();
  let best = hits[0];
  let most = 1;
  let next = 0;
  for (const [index, hit] of hits.entries()) {
    for (let last = hits[next]; last !== undefined && last.end <= hit.start + passageMax - leadMax; last = hits[next]) {
      inside.set(last.clause, (inside.get(last.clause) ?? 0) + 1);
      next += 1;
    }
    if (inside.size > most) [best, most] = [hit, inside.size];
    // A hit longer than a passage was never counted.
    if (next === index) next += 1;
    else leave(inside, hit.clause);
  }
  return best;
}

function leave(inside: Map<number, number>, clause: number): void {
  const left = (inside.get(clause) ?? 0) - 1;
  if (left > 0) inside.set(clause, left);
  else inside.delete(clause);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** The characters from one place to another as HTML, with what was hit in `<mark>`. */
function marked(text: string, from: number, to: number, hits: readonly Hit[]): string {
  let html = '';
  let at = from;
  for (const hit of hits) {
    if (hit.start < at || hit.end > to) continue;
    html += `${escaped(text.slice(at, hit.start))}<mark>${escaped(text.slice(hit.start, hit.end))}</mark>`;
    at = hit.end;
  }
  return html + escaped(text.slice(at, to));
}

/** The next word that begins after a place; at a letter where there is no space before the hit. */
function cutBefore(text: string, at: number, hit: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, hit).search(/\s/);
  return space >= 0 ? at + space + 1 : letterAt(text, at);
}

/** The last word that ends before a place; at a letter where there is no space after the hit. */
function cutAfter(text: string, at: number, hit: number): number {
  if (at >= text.length) return text.length;
  const space = text.slice(hit, at + 1).search(/\s\S*$/);
  return space >= 0 ? hit + space : Math.max(hit, letterAt(text, at));
}

const around = 64;
const letters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * The beginning of the letter, with its signs, that a place is in. `Intl.Segmenter` is slow, so it is shown the neighbourhood
 * alone.
 */
function letterAt(text: string, at: number): number {
  const from = Math.max(0, at - around);
  const segment = letters.segment(text.slice(from, at + around)).containing(at - from);
  return segment === undefined ? at : from + segment.index;
}
