import { describe, expect, it } from '@jest/globals';
import { keyWithoutSlug, readLabelRef, shownLabel } from '../../src/core/label-ref.ts';

const id = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';

describe('a reference to a tag or source', () => {
  it.each([
    ['কৃষি', 'কৃষি'],
    ['c-2', 'c-2'],
    ['C', 'c'],
    ['নদী ও জলবায়ু', 'নদী-ও-জলবায়ু'],
    ['«নদী», জলবায়ু!', 'নদী-জলবায়ু'],
    ['snake_case', 'snake-case'],
    ['Qur’an', 'quran'],
    ['Qur´an', 'quran'],
    ['জামায়া\u200Cত', 'জামায়াত'],
    ['C#', '\nc#'],
    ['Ｃ＋＋', '\nc++'],
    ['R&D', '\nr&d'],
    ['🌊', '\n🌊'],
    ['a/b', '\na/b'],
    ['user@example', '\nuser@example'],
    ['১০%', '\n১০%'],
    ['C＃', '\nc#'],
  ])('reads %j as %j', (text, called) => {
    expect(readLabelRef(text)).toEqual({ called });
  });

  it.each(['', '\u200D', '’', '!!!', 'latest', 'a\u0000', 'C#\u0000', '\ud800'])('is not %j', (text) => {
    expect(readLabelRef(text)).toBeNull();
  });

  it('reads an id as an id', () => {
    expect(readLabelRef(id)).toEqual({ id });
  });

  it('is shown as it was called', () => {
    const shown = ['C#', 'কৃষি', 'নদী ও জলবায়ু'].map((text) => shownLabel(readLabelRef(text) ?? { id }));
    expect([...shown, shownLabel({ id })]).toEqual(['c#', 'কৃষি', 'নদী-ও-জলবায়ু', id]);
  });

  it('keeps the key of a name only where no slug stands for it', () => {
    expect(['C', 'C++', 'নদী ও জলবায়ু', 'R&D', 'Latest'].map(keyWithoutSlug)).toEqual([null, 'c++', null, 'r&d', null]);
  });
});
