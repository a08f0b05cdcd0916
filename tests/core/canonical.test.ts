import { describe, expect, it } from '@jest/globals';
import { canonical } from '../../src/core/canonical.ts';

describe('the canonical text of a value', () => {
  it.each([
    [
      { a: 1, b: [{ c: 'ঘাট', d: null }] },
      { b: [{ c: 'ঘাট' }], a: 1 },
    ],
    [null, undefined],
    [{ a: { y: 2, x: 1 } }, { a: { x: 1, y: 2 }, b: null }],
  ])('is the same for %j and %j', (one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each([
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: '1' }, { a: 1 }],
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    [['a,b'], ['a', 'b']],
    [{}, []],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }],
  ])('is another for %j and %j', (one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });
});
