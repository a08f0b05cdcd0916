/**
 * The canonical spelling of a password, which is measured, hashed and compared: NFC, every Unicode space as U+0020
 * (RFC 8265 4.2.2), and ত + hasanta + ZWJ as ৎ, because keyboards differ in both. Nothing else is changed.
 */
export function passwordForm(typed: string): string {
  return typed
    .replace(/\p{Zs}/gu, ' ')
    .normalize('NFC')
    .replaceAll('\u09A4\u09CD\u200D', '\u09CE');
}

/** The spelling in which passwords were hashed before `passwordForm` existed. */
export const formerPasswordForm = (typed: string): string => typed.normalize('NFC');
