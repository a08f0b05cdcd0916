import fc from 'fast-check';

/** Any code point but surrogates. */
const codePoint = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/** Texts of any code points. `fc.string` would first build tables of all Unicode: half a second for each test file. */
export const anyText = (lengths: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.array(codePoint, lengths).map((letters) => letters.join(''));
