import { describe, expect, it } from '@jest/globals';
import { readPairs } from '../../bench/search/labelled.mjs';
import { finds } from './found.ts';

describe('pairs of a query and a text', () => {
  it('meet where a reader means the one by the other, all but two at most', () => {
    const pairs = readPairs('pairs');
    expect(pairs.length).toBeGreaterThanOrEqual(100);
    expect(pairs.filter(([query, text]) => !finds(query, text)).length).toBeLessThanOrEqual(2);
  });

  it('do not meet where they only look alike', () => {
    const pairs = readPairs('apart');
    expect(pairs.length).toBeGreaterThanOrEqual(40);
    expect(pairs.filter(([query, text]) => finds(query, text))).toEqual([]);
  });
});
