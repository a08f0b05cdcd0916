import { cleanText, codePoints, textFault } from './text.ts';
import { textFaultWords } from './text-faults.ts';

/**
 * The id of an item in its source's own system. It is a key, not prose: if it were cleaned like text, two items could
 * become one, and the second would be lost silently.
 */

export const itemIdMax = 255;

const unclean =
  'An id is taken as it is or not at all: leave out tabs, line breaks, no-break spaces, control characters, characters that do not show, and blanks at the ends.';

/** The id, or why it is refused. Canonically equivalent spellings become one; case is kept. */
export function readItemId(raw: string): { id: string } | { fault: string } {
  const fault = textFault(raw);
  if (fault !== undefined) return { fault: textFaultWords[fault] };
  const id = raw.normalize('NFC').replaceAll('\u09A4\u09CD\u200D', '\u09CE');
  if (codePoints(id) > itemIdMax || id === '') return { fault: `Use 1 to ${itemIdMax} characters.` };
  return cleanText(raw) === id ? { id } : { fault: unclean };
}
