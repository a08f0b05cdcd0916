/** The text with its character at `index` (from the end if below zero) made another one, whatever it was. */
export function withCharacterChanged(text: string, index: number): string {
  const at = index < 0 ? text.length + index : index;
  return `${text.slice(0, at)}${text.charAt(at) === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}
