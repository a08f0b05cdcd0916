import { type CutWord, cutWords } from './cut.ts';
import { dictionaryOf, type ForeignWord, type StemOf } from './dictionaries.ts';
import type { SearchQuery } from './query-parts.ts';
import { termsOf, withJoined } from './terms.ts';

/** A passage is looked for in this much of a text. */
export const highlightedMax = 20_000;
/** code units of a passage without its marks */
const passageMax = 240;
/** of which this much stands before its first hit */
const leadMax = 60;

/** Characters of a text that meet a clause. */
type Hit = { start: number; end: number; clause: number };

export type HighlightOptions = { language?: string | undefined; field: 'title' | 'body' };

/**
 * The foreign words of a text that may meet the query, for PostgreSQL to stem: those that begin as one of the query's. A stem
 * begins as its word does.
 */
export function foreignCandidates(text: string, query: SearchQuery<string>, language?: string): ForeignWord[] {
  const dictionary = dictionaryOf(language);
  const heads = new Set(
    query.clauses
      .flatMap(({ alternatives }) => alternatives)
      .flatMap(({ slots }) => slots)
      .flatMap(({ terms }) => terms.map((term) => term.slice(0, 2))),
  );
  const head = text.slice(0, highlightedMax);
  const words = withJoined(head, cutWords(head)).filter(
    ({ key, script }) => script === 'other' && heads.has(key.slice(0, 2)),
  );
  return [...new Set(words.map(({ key }) => key))].map((word) => ({ word, dictionary }));
}

function hitsIn(text: string, query: SearchQuery<string>, stemOf: StemOf, options: HighlightOptions): Hit[] {
  const dictionary = dictionaryOf(options.language);
  const byTerm = new Map<string, CutWord[]>();
  const wanted = new Set<string>();
  const clauses = query.clauses.filter(
    ({ negative, titleOnly }) => !negative && (!titleOnly || options.field === 'title'),
  );
  for (const { alternatives } of clauses)
    for (const { slots } of alternatives) for (const { terms } of slots) for (const term of terms) wanted.add(term);
  for (const word of withJoined(text, cutWords(text))) {
    for (const term of termsOf(word, stemOf, dictionary)) {
      if (!wanted.has(term)) continue;
      const known = byTerm.get(term);
      if (known === undefined) byTerm.set(term, [word]);
      else known.push(word);
    }
  }
  if (byTerm.size === 0) return [];
  const hits: Hit[] = [];
  for (const [clause, { alternatives }] of clauses.entries())
    for (const { slots } of alternatives) {
      for (const start of wordsOf(slots[0]?.terms, byTerm)) {
        const row = [start];
        for (const slot of slots.slice(1)) {
          const next = wordsOf(slot.terms, byTerm).find((word) => word.position === start.position + row.length);
          if (next !== undefined) row.push(next);
        }
        if (row.length === slots.length) hits.push(...row.map(({ start, end }) => ({ start, end, clause })));
      }
    }
  return hits.sort((a, b) => a.start - b.start || b.end - a.end);
}

const wordsOf = (terms: readonly string[] | undefined, byTerm: ReadonlyMap<string, readonly CutWord[]>) =>
  (terms ?? []).flatMap((term) => byTerm.get(term) ?? []);

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

/** A title as HTML with the words that meet the query in `<mark>`; `null` when none does. */
export function highlightTitle(
  text: string,
  query: SearchQuery<string>,
  stemOf: StemOf,
  language?: string,
): string | null {
  const hits = hitsIn(text, query, stemOf, { language, field: 'title' });
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
  const head = text.slice(0, highlightedMax);
  const hits = hitsIn(head, query, stemOf, { language, field: 'body' });
  const first = bestOf(hits);
  if (first === undefined) return null;
  const from = cutBefore(head, Math.max(0, first.start - leadMax), first.start);
  const to = cutAfter(head, Math.max(from + passageMax, first.end), first.end);
  const html = marked(head, from, to, hits).trim();
  return `${from > 0 ? '…' : ''}${html}${to < text.length ? '…' : ''}`;
}

/** The hit at which the passage with the most clauses begins. */
function bestOf(hits: readonly Hit[]): Hit | undefined {
  let best: Hit | undefined;
  let most = 0;
  let end = 0;
  const counts = new Map<number, number>();
  for (const [index, hit] of hits.entries()) {
    for (let next = hits[end]; next !== undefined && next.end <= hit.start + passageMax - leadMax; next = hits[end]) {
      counts.set(next.clause, (counts.get(next.clause) ?? 0) + 1);
      end += 1;
    }
    if (index === end || counts.size > most)
      [best, most] = best !== undefined && counts.size <= most ? [best, most] : [hit, counts.size];
    const left = (counts.get(hit.clause) ?? 0) - 1;
    if (left > 0) counts.set(hit.clause, left);
    else counts.delete(hit.clause);
    if (end === index) end += 1;
  }
  return best;
}

/** The next word that begins after a place, or at a letter where there is no space before the hit. */
function cutBefore(text: string, at: number, hit: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, hit).search(/\s/);
  return space >= 0 ? at + space + 1 : letterAt(text, at);
}

/** The last word that ends before a place, or at a letter where there is no space after the hit. */
function cutAfter(text: string, at: number, hit: number): number {
  if (at >= text.length) return text.length;
  const space = text.slice(hit, at + 1).search(/\s\S*$/);
  return space >= 0 ? hit + space : Math.max(hit, letterAt(text, at));
}

const around = 64;
const letters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The beginning of the letter, with its signs, that a place is in. `Intl.Segmenter` is slow, so it sees the neighbourhood alone. */
function letterAt(text: string, at: number): number {
  const from = Math.max(0, at - around);
  const segment = letters.segment(text.slice(from, at + around)).containing(at - from);
  return segment === undefined ? at : from + segment.index;
}
