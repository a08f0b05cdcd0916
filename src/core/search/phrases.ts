import type { CutWord } from './cut.ts';

const isShort = ({ key }: CutWord) => [...key].length <= 3;
const isLetter = ({ key }: CutWord) => [...key].length <= 2;

/**
 * Whether two words that were typed without a space are one thing, to be found in order: ঢাকা-১৭, আ.লীগ, ৫.৭, ১০লাখ. Two
 * whole words with a hyphen are two: ভারত-পাকিস্তান.
 */
export function isOnePhrase(text: string, left: CutWord, right: CutWord): boolean {
  if (left.start === right.start) return true;
  const between = text.slice(left.end, right.start);
  const hasNumber = left.script === 'number' || right.script === 'number';
  if (between === '.') return hasNumber || isShort(left) || isShort(right);
  return /^[-\u2010-\u2013]$/.test(between) && (hasNumber || isLetter(left) || isLetter(right));
}
