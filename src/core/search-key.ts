/**
 * The words of a text as search compares them: spellings, vowel lengths, digits and joiners that readers do not tell apart
 * are folded together. Takes cleaned text. The result is only compared and never shown.
 */
export function searchWords(text: string): string[] {
  const folded = text
    .normalize('NFKC')
    .replaceAll(/[\u200C\u200D]/g, '')
    .replaceAll('\u09A1\u09BC', '\u09DC')
    .replaceAll('\u09A2\u09BC', '\u09DD')
    .replaceAll('\u09AF\u09BC', '\u09DF')
    .replaceAll(/[\u09E6-\u09EF]/g, (digit) => String(digit.charCodeAt(0) - 0x09e6))
    .replaceAll(/(?<=\d),(?=\d)/g, '')
    .replaceAll(/(?<=[\u0980-\u09FF])['\u2018\u2019\u02BC](?=[\u0980-\u09FF])/g, '')
    .replaceAll('\u0981', '')
    .replaceAll('\u09C0', '\u09BF')
    .replaceAll('\u09C2', '\u09C1')
    .replaceAll('\u0988', '\u0987')
    .replaceAll('\u098A', '\u0989')
    .replaceAll('\u09A3', '\u09A8')
    .toLowerCase();
  const words = folded.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  return [...new Set(words.map((word) => withoutSuffix(word).replace(/\u09A4\u09CD$/, '\u09CE')))];
}

/** Bangla appends counting words and ordinal endings to digits: ২৫৮টি and ৭০ম are compared as the numbers alone. */
const withoutSuffix = (word: string): string => /^(\d+)[\u0980-\u09FF]+$/.exec(word)?.[1] ?? word;
