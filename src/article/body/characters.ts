import { cleanMultiline, textFault } from '../../core/text.ts';
import type { Warn } from '../warnings.ts';

/**
 * Five or more combining marks in a row, together with format and control characters, which do not end a row. No Bangla
 * letter carries as many.
 */
const rowOfMarks = /[\p{M}\p{Cf}\u0000-\u0008\u000E-\u001F\u007F-\u009F]{5,}/gu;

/**
 * Cleans a text node or an attribute value, after entities are decoded, by the rules of all stored text: `&#x202A;` is
 * removed just as the character itself is. Leading and trailing spaces and NBSP stay, since they separate words next to a
 * tag. Characters that other texts are refused for are removed here, with a warning.
 */
export function cleanCharacters(value: string, warn: Warn): string {
  return withoutFaults(value, warn).split('\u00A0').map(withOuterSpaces).join('\u00A0');
}

function withoutFaults(value: string, warn: Warn): string {
  switch (textFault(value)) {
    case 'null-character':
      return withoutFaults(value.replaceAll('\u0000', ''), warn);
    case 'lone-surrogate':
      return withoutFaults(value.replace(/\p{Cs}/gu, '\uFFFD'), warn);
    case 'tag-character':
      warn('removed-characters', 'tag characters');
      return withoutFaults(value.replace(/[\u{E0000}-\u{E007F}]/gu, ''), warn);
    case 'combining-marks':
      warn('removed-characters', 'combining marks');
      return value.replace(rowOfMarks, '');
    default:
      return value;
  }
}

/** `cleanMultiline` trims spaces at both ends. The bars protect them. */
function withOuterSpaces(part: string): string {
  return cleanMultiline(`|${part}|`).slice(1, -1);
}
