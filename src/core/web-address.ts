/**
 * Web addresses in the canonical form in which they are stored and shown: an http or https URI (RFC 3986) with its host in
 * ASCII and without dot segments, root-relative if it lies below the public address.
 */

/** Never part of an address as people copy it, and not safe in one: blanks, controls, quotes, brackets and backslashes. */
const unfit = /[\u0000-\u0020\u007f"<>\\^`{|}]/;
/** Characters that RFC 3986 does not allow after the host, and a percent sign that encodes nothing. */
const unencoded = /%(?![0-9A-Fa-f]{2})|[^\w\-.~:/?@!$&'()*+,;=%]/gu;
const parts = /^(https?:\/\/)([^/?#\\]*)([^?#]*)(\?[^#]*)?(?:#(.*))?$/is;
const ownParts = /^()()(\/(?![/\\])[^?#]*)(\?[^#]*)?(?:#(.*))?$/s;
const dotSegment = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;
/** A host in ASCII as RFC 3986 allows it. */
const asciiHost = /^(?:\[[0-9a-f:.]+\]|[\w\-.~!$&'()*+,;=]+)$/i;
/** Not allowed in any other host, not even percent-encoded: a decoder would read it as another part of the address. */
const unfitInHost = /[\u0000-\u0020\u007f"<>\\^`{|}%/?#@:[\]]/;

const encoded = (text: string) => text.replace(unencoded, (character) => encodeURIComponent(character));

/** Normalizes letters as in all text: both spellings of ড় in a path are one address. */
const spelled = (address: string) => address.trim().normalize('NFC').replaceAll('\u09A4\u09CD\u200D', '\u09CE');

function plainHost(host: string): string | null {
  if (asciiHost.test(host)) return host;
  try {
    const plain = decodeURIComponent(host);
    return unfitInHost.test(plain) ? null : plain.normalize('NFC');
  } catch {
    return null;
  }
}

/** A host with its port: percent-decoded, in ASCII, with a letter or a digit in it. Null if it is not a valid host. */
function hostForm(scheme: string, written: string): string | null {
  // Markdown percent-encodes the brackets of an IPv6 address.
  const bracketed = written.replace(/^%5b([0-9a-f:.]+)%5d/i, '[$1]');
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.exec(bracketed) ?? [];
  const plain = plainHost(name);
  if (plain === null || !URL.canParse(`${scheme}${plain}${port}`)) return null;
  const host = asciiHost.test(plain) ? plain : new URL(`${scheme}${plain}`).hostname;
  return asciiHost.test(host) && /[a-z0-9]/i.test(host) ? `${host}${port}` : null;
}

/** Removes dot segments (RFC 3986 6.2.2.3), percent-encoded ones too, as browsers do. */
function withoutDots(path: string): string {
  if (!dotSegment.test(path)) return path;
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const plain = segment.replace(/%2e/gi, '.');
    if (plain !== '.' && plain !== '..') kept.push(segment);
    if (plain === '..' && kept.length > 1) kept.pop();
    if ((plain === '.' || plain === '..') && index === segments.length - 1) kept.push('');
  }
  return kept.join('/');
}

function behindHost(path: string, query: string, fragment: string | undefined): string {
  const clear = withoutDots(encoded(path.replaceAll('\\', '/')));
  return `${clear}${encoded(query)}${fragment === undefined ? '' : `#${encoded(fragment)}`}`;
}

function absoluteForm(address: string): string | null {
  const [, scheme = '', authority = '', path = '', query = '', fragment] = parts.exec(address) ?? [];
  const at = authority.lastIndexOf('@');
  const host = hostForm(scheme, authority.slice(at + 1));
  if (host === null) return null;
  const user = at < 0 ? '' : `${encoded(authority.slice(0, at)).replaceAll('@', '%40')}@`;
  return `${scheme}${user}${host}${behindHost(path, query, fragment)}`;
}

/** A root-relative path. Null if it leads to `//host`, also after its dot segments are removed. */
function ownForm(address: string): string | null {
  const [, , , path, query = '', fragment] = ownParts.exec(address) ?? [];
  if (path === undefined) return null;
  const form = behindHost(path, query, fragment);
  return form.startsWith('//') ? null : form;
}

/**
 * The canonical form of an address, root-relative if it lies below `publicUrl` (which has no slash at its end); null if the
 * text is no address. Idempotent, and the result may also be sent back below the public address.
 */
export function addressForm(written: string, publicUrl: string): string | null {
  if (!written.isWellFormed()) return null;
  const address = spelled(written);
  if (address.startsWith('/')) return ownForm(address);
  const form = absoluteForm(address);
  if (form === null || publicUrl === '') return form;
  const below = form.startsWith(`${publicUrl}/`) ? form.slice(publicUrl.length) : '//';
  return below.startsWith('//') ? form : below;
}

/** Why a text is refused as an address, in a sentence for the caller; undefined if it is accepted. */
export function addressFault(written: string): string | undefined {
  const address = written.trim();
  if (!address.isWellFormed()) return 'Send well-formed Unicode: half of a surrogate pair stands alone.';
  const authority = /^https?:\/\/([^/?#]*)/i.exec(address)?.[1];
  if (authority === undefined && !/^\/(?!\/)/.test(address))
    return 'Use an http or https address, or a path that begins with one /.';
  if (authority?.includes('@')) return 'Leave user and password out of the address.';
  if (authority !== undefined && absoluteForm(`http://${authority}`) === null)
    return 'Name a host that can be one, with a letter or a digit in it, and no port above 65535.';
  if (unfit.test(address))
    return 'Percent-encode blanks (%20), control characters, quotation marks, backslashes and any of < > ^ ` { | }.';
  return addressForm(address, '') === null ? 'Use a path whose dots do not lead to //.' : undefined;
}

/** Keeps the stored address if a change sends its canonical form: it may have been stored before that form existed. */
export const keptAddress = <Sent extends string | null | undefined>(sent: Sent, before: string | null | undefined) =>
  before != null && sent != null && sent === addressForm(before, '') ? before : sent;
