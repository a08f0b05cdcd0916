import { describe, expect, it } from '@jest/globals';
import { spellings } from '../../../src/core/search/bangla/spellings.ts';
import { wordKey } from '../../../src/core/search/key.ts';

describe('spellings', () => {
  it('have the key of the one that stands for them, alone and inside of words', () => {
    for (const [spelling, first] of spellings) {
      expect(wordKey(spelling)).toBe(wordKey(first));
      expect(wordKey(`${spelling}লয়`)).toBe(wordKey(`${first}লয়`));
    }
  });
});
