import fc from 'fast-check';

/** Every code point but halves of pairs. */
const codePoint = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/** Texts of any letters. `fc.string` of them makes tables of all Unicode first, half a second for each test file. */
export const anyText = (lengths: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.array(codePoint, lengths).map((letters) => letters.join(''));
