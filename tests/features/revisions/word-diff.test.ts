import { describe, expect, it } from '@jest/globals';
import { type DiffPart, wordDiff } from '../../../src/article/processes/word-diff.ts';

const words = [
  'উজানের',
  'ঢলে',
  'ক্ষ্যাপা',
  'নদী',
  'বাড়ছে।',
  'র‌্যাব',
  '২০টি',
  '<br>',
  '</p>\n<p>',
  '&amp;',
  '🙂',
  'উদ্‌যাপন,',
  '(আজ)',
];

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const textOf = (random: () => number, count: number) =>
  Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(' ');

const edited = (random: () => number, text: string) =>
  text
    .split(' ')
    .flatMap((word) => (random() < 0.05 ? [] : random() < 0.05 ? [word, 'নতুন'] : [word]))
    .join(' ');

const textBefore = (parts: DiffPart[]) => parts.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text])).join('');
const textAfter = (parts: DiffPart[]) => parts.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [text])).join('');

/** The time that the process itself took: other tests run beside this one. */
function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1_000;
}

describe('the diff of two texts', () => {
  it('gives both texts again, whatever they are, and no part begins with a sign or a joiner', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = numbers(seed);
      const from = textOf(random, 5 + (seed % 80));
      const to = seed % 3 === 0 ? textOf(random, 40) : edited(random, from);
      for (const html of [true, false]) {
        const parts = wordDiff({ text: from, html }, { text: to, html });
        expect(textBefore(parts)).toBe(from);
        expect(textAfter(parts)).toBe(to);
        expect(parts.filter(({ text }) => /^[\p{M}\u200c\u200d]/u.test(text))).toEqual([]);
        expect(parts.filter(({ kind }, index) => kind === parts[index - 1]?.kind)).toEqual([]);
      }
    }
  });

  it('says nothing of empty texts', () => {
    const empty = { text: '', html: true };
    expect(wordDiff(empty, empty)).toEqual([]);
    expect(wordDiff(empty, { text: 'ক', html: true })).toEqual([{ kind: 'added', text: 'ক' }]);
    expect(wordDiff({ text: 'ক', html: true }, empty)).toEqual([{ kind: 'removed', text: 'ক' }]);
  });

  it('finds the one word that was changed in a text of a megabyte', () => {
    const text = `<p>${'উজানের ঢলে নদীর পানি বাড়ছে।</p>\n<p>'.repeat(10_000)}</p>`;
    const at = text.indexOf('পানি', text.length / 2);
    const to = `${text.slice(0, at)}স্রোত${text.slice(at + 'পানি'.length)}`;
    const parts = wordDiff({ text, html: true }, { text: to, html: true });
    expect(parts.map(({ kind, text: part }) => (kind === 'same' ? 'same' : part))).toEqual([
      'same',
      'পানি',
      'স্রোত',
      'same',
    ]);
  });

  const random = numbers(7);
  const megabyte = (make: () => string) => {
    const pieces: string[] = [];
    for (let units = 0; units < 350_000; ) {
      const piece = make();
      pieces.push(piece);
      units += piece.length;
    }
    return pieces.join('');
  };
  const some = () => `${words[Math.floor(random() * words.length)]}${Math.floor(random() * 1e6)} `;

  it.each([
    ['unlike texts', megabyte(some), megabyte(some)],
    ['one long word', 'ক'.repeat(350_000), `${'ক'.repeat(349_999)}খ`],
    ['a line for each letter', 'ক\n'.repeat(175_000), 'খ\n'.repeat(175_000)],
    [
      'lines that come again',
      megabyte(() => (random() < 0.5 ? 'ক\n' : 'খ\n')),
      megabyte(() => (random() < 0.5 ? 'ক\n' : 'খ\n')),
    ],
    ['unclosed tags', '<"'.repeat(175_000), '<'.repeat(350_000)],
    ['unclosed references', '&'.repeat(350_000), '&a'.repeat(175_000)],
  ])('stays quick for a megabyte against a megabyte: %s', (_, from, to) => {
    let parts: DiffPart[] = [];
    const ms = cpuMs(() => {
      parts = wordDiff({ text: from, html: true }, { text: to, html: true });
    });
    expect(textBefore(parts) === from && textAfter(parts) === to).toBe(true);
    expect(ms).toBeLessThan(600);
  });
});
