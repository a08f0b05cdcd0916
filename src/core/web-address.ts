/** Addresses of the web as they are stored: http or https, or root-relative for what lies below the public address. */

/** Neither in an address as people copy it nor safe in one: blanks, controls, quotes, brackets and backslashes. */
const unfit = /[\u0000-\u0020\u007f"<>\\^`{|}]/;
/** What RFC 3986 has no place for behind the host, and a percent sign that encodes nothing. */
const unencoded = /%(?![0-9a-f]{2})|[^\w\-.~:/?@!$&'()*+,;=%]/giu;

const encoded = (text: string) => text.replace(unencoded, (character) => encodeURIComponent(character));

function hostOf(scheme: string, host: string): string {
  return /^[\x21-\x7e]*$/.test(host) ? host : new URL(`${scheme}${host}`).host;
}

/**
 * The one spelling of an address: percent-encoded as RFC 3986 has it, a host in letters of its own in ASCII, and without
 * the public address where it begins with that. What is no address comes back as it is: ask `isWebAddress`.
 */
export function cleanAddress(raw: string, publicUrl: string): string {
  const trimmed = raw.trim();
  const below = trimmed.startsWith(`${publicUrl}/`) ? trimmed.slice(publicUrl.length) : '//';
  const value = below.startsWith('//') ? trimmed : below;
  if (!isWebAddress(value)) return value;
  const [, scheme = '', host = '', rest = ''] = /^(?:(https?:\/\/)([^/?#]*))?(.*)$/i.exec(value) ?? [];
  const [before = '', ...fragment] = rest.split('#');
  const behind = fragment.length > 0 ? `#${encoded(fragment.join('#'))}` : '';
  return `${scheme}${hostOf(scheme, host)}${encoded(before)}${behind}`;
}

export function isWebAddress(value: string): boolean {
  if (!value.isWellFormed() || unfit.test(value)) return false;
  if (value.startsWith('/')) return !value.startsWith('//');
  return /^https?:\/\/[^/?#@]+([/?#]|$)/i.test(value) && URL.canParse(value);
}
