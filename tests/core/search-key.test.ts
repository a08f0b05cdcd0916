import { describe, expect, it } from '@jest/globals';
import { searchWords } from '../../src/core/search-key.ts';

const same = (a: string, b: string) => expect(searchWords(a)).toEqual(searchWords(b));

describe('searchWords', () => {
  it('takes both spellings of a letter for one', () => {
    same('আবহাওয়া'.normalize('NFC'), 'আবহাও\u09DFা');
    same('বা\u09DCি', 'বা\u09A1\u09BCি');
  });

  it('takes digits, grouping commas and counting words for the number', () => {
    expect(searchWords('১,১৫০টি নৌকা')).toEqual(['1150', 'নৌকা']);
    same('৭০ম আসর', '70 আসর');
  });

  it('folds what readers do not tell apart, and keeps what they do', () => {
    same('চাঁদের নদী', 'চাদের নদি');
    same('ঊষা', 'উষা');
    same('কারণ', 'কারন');
    expect(searchWords('শাল')).not.toEqual(searchWords('সাল'));
  });

  it('drops joiners and apostrophes inside of words, and splits at the other signs', () => {
    same('র\u200D্যালি', 'র্যালি');
    same('ক\u2019জন', 'কজন');
    expect(searchWords('‘বৃষ্টি’: আজ-কাল। শেষ')).toEqual(['বৃষ্টি', 'আজ', 'কাল', 'শেষ']);
  });

  it('takes a final ত with hasanta for ৎ, ignores case, and names a word once', () => {
    same('হঠাত্', 'হঠাৎ');
    expect(searchWords('Dhaka DHAKA dhaka')).toEqual(['dhaka']);
    expect(searchWords(' … ! ')).toEqual([]);
  });
});
