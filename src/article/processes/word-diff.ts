import { diffArrays } from 'diff';

/** A piece of text that both versions share, or that only one of them has. */
export type DiffPart = { kind: 'same' | 'removed' | 'added'; text: string };

/** `html`: each tag and each character reference counts as a word, and a block ends with an element. */
export type DiffText = { text: string; html: boolean };

/** If more blocks differ, everything between the first and the last of them counts as changed. */
const changedBlocksMax = 400;
/** The same for words. All paragraphs of a text share this limit, since the cost grows with the square of what differs. */
const changedWordsMax = 400;
/** The most comparisons of one diff: the number of differing pieces times the number of all pieces compared. */
const comparisonsMax = 5_000_000;
/** The text after this many blocks counts as one block. */
const blocksMax = 10_000;
/** The most UTF-16 units of changed paragraphs that are split into words, both versions together. */
const unitsMax = 120_000;
/** The time of `Intl.Segmenter` grows with the square of its input. A longer run without a space counts as one word. */
const runMax = 200;

const segmenter = new Intl.Segmenter('bn', { granularity: 'word' });

const blockEnd = /<\/(?:p|h[1-6]|li|ul|ol|dl|dt|dd|tr|table|figure|figcaption|blockquote|pre|div)>\s*|<br>|\n+/g;
const tokenOfHtml = /<[^<>"]*(?:"[^"]*"[^<>"]*)*>|&[#\w]{1,32};|\s+|[^\s<&]+|[<&]/g;
const tokenOfText = /\s+|\S+/g;

/** Splits the text into blocks. Joined, they are the text again. */
function blocksOf({ text, html }: DiffText): string[] {
  const ends = html ? blockEnd : /\n+/g;
  const blocks: string[] = [];
  let from = 0;
  for (const { index, 0: end } of text.matchAll(ends)) {
    blocks.push(text.slice(from, index + end.length));
    from = index + end.length;
    if (blocks.length === blocksMax) break;
  }
  return from < text.length ? [...blocks, text.slice(from)] : blocks;
}

/**
 * Returns a function that splits a text into words, spaces, punctuation and tags. Each run of letters is segmented once and
 * cached.
 */
function wordsBy(): (text: string, html: boolean) => string[] {
  const known = new Map<string, string[]>();
  const wordsOfRun = (run: string): string[] => {
    if (run.length > runMax || run.startsWith('<') || run.startsWith('&') || /^\s/.test(run)) return [run];
    const before = known.get(run);
    if (before !== undefined) return before;
    const words = Array.from(segmenter.segment(run), ({ segment }) => segment);
    known.set(run, words);
    return words;
  };
  return (text, html) => (text.match(html ? tokenOfHtml : tokenOfText) ?? []).flatMap(wordsOfRun);
}

type Hunk = { same: string[] } | { removed: string[]; added: string[] };

/** The lengths of the common start and the common end. Only the rest has to be compared, which costs less. */
function trimmed(before: string[], after: string[]): { head: number; tail: number } {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { head, tail };
}

/**
 * The two lists as hunks, in order: what is the same, and what was replaced by what. If there are more than `editsMax`
 * edits, the whole middle counts as replaced.
 */
function hunksOf(before: string[], after: string[], editsMax: number): { hunks: Hunk[]; edits: number } {
  const { head, tail } = trimmed(before, after);
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  const maxEditLength = Math.floor(Math.min(editsMax, comparisonsMax / (removed.length + added.length + 1)));
  const changes = diffArrays(removed, added, { maxEditLength }) ?? [];
  const hunks: Hunk[] = [{ same: before.slice(0, head) }];
  let edits = changes.length === 0 ? maxEditLength : 0;
  if (changes.length === 0) hunks.push({ removed, added });
  for (const { value, ...change } of changes) {
    const last = hunks.at(-1);
    const changed = change.added || change.removed;
    if (changed) edits += value.length;
    if (!changed) hunks.push({ same: value });
    else if (last !== undefined && 'removed' in last) last[change.added ? 'added' : 'removed'].push(...value);
    else hunks.push(change.added ? { removed: [], added: value } : { removed: value, added: [] });
  }
  return { hunks: [...hunks, { same: before.slice(before.length - tail) }], edits };
}

/** Drops empty parts. Between two `same` parts, puts everything removed first, then everything added. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed !== '') result.push({ kind: 'removed', text: removed });
    if (added !== '') result.push({ kind: 'added', text: added });
    [removed, added] = ['', ''];
  };
  for (const { kind, text } of parts) {
    if (text === '') continue;
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else {
      flush();
      const last = result.at(-1);
      if (last?.kind === 'same') last.text += text;
      else result.push({ kind, text });
    }
  }
  flush();
  return result;
}

const partsOf = (hunk: Hunk): DiffPart[] =>
  'same' in hunk
    ? [{ kind: 'same', text: hunk.same.join('') }]
    : [
        { kind: 'removed', text: hunk.removed.join('') },
        { kind: 'added', text: hunk.added.join('') },
      ];

const unitsOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0);

/** If the number of paragraphs stayed the same, each was edited by itself, and they are compared in pairs. */
const pairsOf = (removed: string[], added: string[]): [string, string][] =>
  removed.length === added.length
    ? removed.map((old, index) => [old, added[index] ?? ''])
    : [[removed.join(''), added.join('')]];

/**
 * A word-by-word diff. The `same` and `removed` parts together are the old text, the `same` and `added` parts the new one,
 * character for character; a letter is never separated from its combining signs. Where very much changed, it compares whole
 * paragraphs.
 */
export function wordDiff(before: DiffText, after: DiffText): DiffPart[] {
  const wordsOf = wordsBy();
  const left = { units: unitsMax, edits: changedWordsMax ** 2 };
  const wordParts = ([old, now]: [string, string]): DiffPart[] => {
    const { hunks, edits } = hunksOf(wordsOf(old, before.html), wordsOf(now, after.html), Math.sqrt(left.edits));
    left.edits = Math.max(0, left.edits - edits ** 2);
    return hunks.flatMap(partsOf);
  };
  const blockParts = (hunk: Hunk): DiffPart[] => {
    if ('same' in hunk) return partsOf(hunk);
    left.units -= unitsOf(hunk.removed) + unitsOf(hunk.added);
    return left.units < 0 ? partsOf(hunk) : pairsOf(hunk.removed, hunk.added).flatMap(wordParts);
  };
  return joined(hunksOf(blocksOf(before), blocksOf(after), changedBlocksMax).hunks.flatMap(blockParts));
}
