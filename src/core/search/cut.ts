import { partTerms } from './bangla/compounds.ts';
import { isTold, termsBeside } from './bangla/context.ts';
import { ordinalOf } from './bangla/counts.ts';
import { banglaTerms, isVerbTerm } from './bangla/stem.ts';
import { wordKey } from './key.ts';
import { wordBounds } from './scan.ts';

/**
 * A word as search knows it. `terms` are those of our own rules, `parts` what a compound names besides; a word of another
 * script has none before it is stemmed.
 */
type Piece = {
  key: string;
  script: 'bangla' | 'number' | 'other';
  terms: readonly string[];
  parts: readonly string[];
};

/** A word in a text: where it stands among the words, and which characters it is. */
export type CutWord = Piece & { position: number; start: number; end: number };

/** Signs that are read as words beside a number. */
const signs: ReadonlyMap<string, string> = new Map([
  ['%', 'শতাংশ'],
  ['৳', 'টাকা'],
  ['$', 'ডলার'],
]);

/** Endings that follow a number, Latin letters, a hyphen or a closing quote, and are no words: ২০টি, WHO-এর, ‘পদ্মা’য়. */
const endings: ReadonlySet<string> = new Set(
  `টি টা টির টাকে টিকে টিতে টার টায় খানা জন জনের জনকে জনে ম য় র্থ ষ্ঠ তম তমের শে ই ঠা লা রা এর র ের কে তে এ ে ও রই এও এরও দের গুলো গুলোর গুলোতে সহ য়ের য়ে
  ই এরা এদের টিও টাও জনও জনই`
    .split(/\s+/)
    .map(wordKey),
);

/** Those of them that are written apart from their number as often: ৪৯ তম, ৫ টি. */
const endingsApart: ReadonlySet<string> = new Set('টি টা টির টিকে টিতে তম তমের'.split(' ').map(wordKey));

/** What may stand between a word and an ending that belongs to it. */
const hyphen = /^['\u2018\u2019\u201D"]?[-\u2010-\u2013]?$/;

/** What an apostrophe parts from a name: Dhaka's, তারেক’র. */
const apartEnding = /(?<=[\p{L}\p{M}])['\u2019](?:s|র|এর|ের|কে|তে|ে|\u09AF\u09BC|রা|দের)$/iu;

function pieceOf(key: string): Piece {
  if (/[\u0980-\u09FF]/.test(key)) return { key, script: 'bangla', terms: banglaTerms(key), parts: partTerms(key) };
  if (/^\d+$/.test(key)) return { key, script: 'number', terms: [key], parts: [] };
  return { key, script: 'other', terms: [], parts: [] };
}

/** code points of a key: what is longer is no word, and PostgreSQL takes no lexeme above 2,046 bytes */
const keyMax = 80;

function piecesOf(raw: string): readonly Piece[] {
  const sign = signs.get(raw);
  const whole = wordKey(sign ?? raw.slice(0, 4 * keyMax).replace(apartEnding, ''));
  const key = whole.length > keyMax ? [...whole].slice(0, keyMax).join('') : whole;
  const parts = key.match(/[\u0980-\u09FF]+|\d+(?![a-z\d])|[^\u0980-\u09FF\s\p{P}\p{S}]+/gu) ?? [];
  return parts.flatMap((part, index) =>
    index > 0 && endings.has(part) ? [] : [withEnding(pieceOf(part), parts[index + 1] ?? '')],
  );
}

/** ২য় is also the word for it, and ৫জন names জন. */
function withEnding(piece: Piece, ending: string): Piece {
  if (piece.script !== 'number' || !endings.has(ending)) return piece;
  const ordinal = ordinalOf(piece.key, ending);
  return {
    ...piece,
    terms: ordinal === undefined ? piece.terms : [...piece.terms, ordinal],
    parts: ending.startsWith('জন') ? ['জন'] : [],
  };
}

/** Words of which the pieces are remembered, at some 400 bytes each. */
const rememberedMax = 30_000;
const remembered = new Map<string, readonly Piece[]>();

function pieces(raw: string): readonly Piece[] {
  const known = remembered.get(raw);
  if (known !== undefined) return known;
  const made = piecesOf(raw);
  if (remembered.size >= rememberedMax) remembered.clear();
  // A slice of a text keeps the whole text in memory, so a copy is kept.
  if (raw.length <= keyMax) remembered.set(`${raw} `.slice(0, -1), made);
  return made;
}

/** After an owner these are "than" and "instead of" (আগের চেয়ে, চিনির বদলে), and else of a verb (পদত্যাগ চেয়ে). First they may be both. */
const afterOwners: ReadonlySet<string> = new Set(['চেয়ে', 'বদলে'].map(wordKey));

function termsAfter({ key, terms }: Piece, before: CutWord | undefined): readonly string[] {
  if (before === undefined || !afterOwners.has(key)) return terms;
  const isOwned = before.key.endsWith('র');
  return terms.filter((term) => isVerbTerm(term) !== isOwned);
}

/** Sentences end here, and no phrase goes over it. */
const sentenceEnd = /[\u0964\u0965\u09F7!?\n;]/;
const space = 0x20;

/**
 * The words of a cleaned text in order. An ending that is written apart with a hyphen or a quote belongs to the word before
 * it and is none of its own. A new sentence leaves a gap in the positions.
 */
export function cutWords(text: string): CutWord[] {
  const words: CutWord[] = [];
  const bounds = wordBounds(text);
  let position = 0;
  let before = 0;
  let last: CutWord | undefined;
  let told = false;
  for (let at = 0; at < bounds.length; at += 2) {
    const start = bounds[at] ?? 0;
    const end = bounds[at + 1] ?? 0;
    const found = pieces(text.slice(start, end));
    if (last?.script === 'number' && isEndingApart(found, text, before, start, end)) {
      last.terms = withEnding(last, found[0]?.key ?? '').terms;
      last.end = end;
      before = end;
      continue;
    }
    if (last !== undefined && !(start === before + 1 && text.charCodeAt(before) === space)) {
      const between = text.slice(before, start);
      if (last.end === before && isEnding(found, between)) {
        last.end = end;
        before = end;
        continue;
      }
      if (sentenceEnd.test(between)) position += 1;
    }
    before = end;
    for (let part = 0; part < found.length; part += 1) {
      const piece = found[part];
      if (piece === undefined) break;
      position += 1;
      const terms = termsAfter(piece, last);
      last = { key: piece.key, script: piece.script, terms, parts: piece.parts, position, start, end };
      told ||= isTold(piece.key);
      words.push(last);
    }
  }
  return told ? words.map((word, index) => besideOthers(text, words, word, index)) : words;
}

/** A word as its neighbours tell it, where they are of one sentence. What it might be else, it is not then. */
function besideOthers(text: string, words: readonly CutWord[], word: CutWord, index: number): CutWord {
  // কুয়াশায় ঢাকা-চট্টগ্রাম মহাসড়কে: with a hyphen it is with the next
  if (!isTold(word.key) || /[-\u2010-\u2013]/.test(text.charAt(word.end))) return word;
  const [left, right] = [words[index - 1], words[index + 1]];
  const before = left?.position === word.position - 1 ? left : undefined;
  const after = right?.position === word.position + 1 ? right : undefined;
  const terms = termsBeside(word, before, after);
  return terms === undefined ? word : { ...word, terms, parts: [] };
}

const isEnding = (found: readonly Piece[], between: string) =>
  between !== '' && hyphen.test(between) && found.length === 1 && endings.has(found[0]?.key ?? '');

/** Not the টি of ২০ টি-টোয়েন্টি. */
const isEndingApart = (found: readonly Piece[], text: string, before: number, start: number, end: number) =>
  found.length === 1 &&
  endingsApart.has(found[0]?.key ?? '') &&
  start === before + 1 &&
  text.charCodeAt(before) === space &&
  !/[-\u2010-\u2013]/.test(text.charAt(end));
