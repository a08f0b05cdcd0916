import type { TextFault } from './text.ts';

/** What the caller must change in a refused text. */
export const textFaultWords = {
  'null-character': 'Leave out the character U+0000.',
  'lone-surrogate': 'Send well-formed Unicode: half of a surrogate pair stands alone.',
  'combining-marks': 'Use at most 8 combining marks in a row.',
  'tag-character': 'Leave out tag characters (U+E0000 to U+E007F) outside of a flag.',
} as const satisfies Readonly<Record<TextFault, string>>;
