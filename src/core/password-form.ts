/**
 * The one spelling of a password, in which it is measured, hashed and compared: NFC, every space of Unicode as U+0020
 * (RFC 8265 4.2.2), and ত + hasanta + ZWJ as ৎ, since keyboards differ in both. Nothing else of it is changed.
 */
export function passwordForm(typed: string): string {
  return typed
    .replace(/\p{Zs}/gu, ' ')
    .normalize('NFC')
    .replaceAll('\u09A4\u09CD\u200D', '\u09CE');
}

/** The spelling in which passwords were hashed before there was that one. */
export const formerPasswordForm = (typed: string): string => typed.normalize('NFC');
