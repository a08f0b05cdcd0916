import { wordKey } from '../key.ts';

/** How Latin letters are called. Initials and abbreviations are written with these, joined, apart or with dots. */
const names: ReadonlyMap<string, string> = new Map(
  `এ=a বি=b সি=c ডি=d ই=e এফ=f জি=g এইচ=h আই=i জে=j কে=k এল=l এম=m এন=n ও=o পি=p কিউ=q আর=r এস=s টি=t ইউ=u ভি=v
  ডব্লিউ=w ডাব্লিউ=w এক্স=x ওয়াই=y জেড=z`
    .split(/\s+/)
    .flatMap((pair) => {
      const [name = '', letter = ''] = pair.split('=');
      return [[wordKey(name), letter] as const];
    }),
);
const nameOf = new Map([...names].map(([name, letter]) => [letter, name] as const));
const longest = Math.max(...[...names.keys()].map((name) => name.length));

/** Letters of Bangla stand for names as well: আ ক ম. */
const ownLetter = /^[\u0985-\u09B9]$/;
export const isLetterName = (key: string): boolean =>
  (key.length === 1 && ownLetter.test(key)) || (key.length <= longest && names.has(key));

const lastEndings: ReadonlySet<string> = new Set('র ের কে তে য় এর ই ও রা দের'.split(' ').map(wordKey));

/** Whether a key is the name of a letter, or one with an ending: সির of এইচ এস সির. */
export function isLastLetterName(key: string): boolean {
  if (ownLetter.test(key)) return true;
  for (let length = Math.min(longest, key.length); length > 0; length -= 1)
    if (names.has(key.slice(0, length))) return length === key.length || lastEndings.has(key.slice(length));
  return false;
}

/** The Latin letters of a key that is their names and nothing else: hsc of এইচএসসি. Longer names are tried first. */
export function latinOf(key: string): string | undefined {
  if (key === '') return '';
  for (let length = Math.min(longest, key.length); length > 0; length -= 1) {
    const letter = names.get(key.slice(0, length));
    const rest = letter === undefined ? undefined : latinOf(key.slice(length));
    if (rest !== undefined) return letter + rest;
  }
  return undefined;
}

/** The names of some Latin letters, joined: এইচএসসি of hsc. */
export const lettersNamed = (latin: string): string => [...latin].map((letter) => nameOf.get(letter) ?? '').join('');
