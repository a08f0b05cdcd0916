import { addressForm } from '../../core/web-address.ts';

/**
 * Stands for the public URL in stored HTML and in the snapshots of revisions, so that both are always shown with the
 * current address. It is a bidi control, which text cleaning always removes, so it occurs nowhere else.
 */
export const publicUrlPlaceholder = '\u202A';

const scheme = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Stored HTML as it is shown. `publicUrl` as for `renderBody`. In SQL: `replace(body_html, chr(8234), $1)`, where `$1` is
 * the public URL without a slash at its end.
 */
export function expandPublicUrl(html: string, publicUrl: string): string {
  return html.replaceAll(publicUrlPlaceholder, withoutEndSlash(publicUrl));
}

export function withoutEndSlash(publicUrl: string): string {
  return publicUrl.replace(/\/$/, '');
}

/**
 * An http or https URL in its canonical form. A URL that is root-relative or lies below `publicUrl` (no slash at its end)
 * becomes `publicUrlPlaceholder` and its path; a protocol-relative one becomes https. Null for any other.
 */
export function cleanUrl(written: string, publicUrl: string): string | null {
  const bare = bareUrl(written);
  const url = bare.startsWith('//') ? `https:${bare}` : bare;
  const form = addressForm(url, publicUrl);
  return form?.startsWith('/') ? publicUrlPlaceholder + form : form;
}

/** As `cleanUrl`, but for `href`: fragments, mail addresses and telephone numbers are allowed too. */
export function cleanLink(written: string, publicUrl: string): string | null {
  const url = bareUrl(written);
  return /^(?:#|(?:mailto|tel):.)/i.test(url) ? url : cleanUrl(url, publicUrl);
}

function withoutEndCommas(text: string): string {
  let end = text.length;
  while (text[end - 1] === ',') end -= 1;
  return text.slice(0, end);
}

/**
 * `kept`: the valid candidates of a `srcset`, joined by ", ". `typed`: their addresses as written. `removed`: the addresses
 * of the others.
 */
export function cleanSrcset(written: string, publicUrl: string): { kept: string; typed: string[]; removed: string[] } {
  const kept: string[] = [];
  const typed: string[] = [];
  const removed: string[] = [];
  // A comma may be part of a URL. It separates two candidates only if it stands before a space or after a descriptor.
  for (const candidate of written.split(/,\s+|(?<=\s[\d.]{1,12}[wxh]),/)) {
    const [address = '', descriptor, ...rest] = withoutEndCommas(candidate.trimEnd()).trim().split(/\s+/);
    if (address === '') continue;
    const url = cleanUrl(address, publicUrl);
    const isSized = descriptor === undefined || /^\d{1,6}(?:\.\d{1,4})?[wxh]$/.test(descriptor);
    if (url === null || !isSized || rest.length > 0) {
      removed.push(address);
      continue;
    }
    kept.push(descriptor ? `${url} ${descriptor}` : url);
    typed.push(address);
  }
  return { kept: kept.join(', '), typed, removed };
}

/** The name of a refused URL in a warning: its scheme (as "javascript:"), "relative" or "malformed". */
export function urlKind(written: string): string {
  const url = bareUrl(written);
  const named = scheme.exec(url)?.[0].toLowerCase();
  if (named === undefined) return 'relative';
  return named === 'http:' || named === 'https:' ? 'malformed' : named;
}

/** Browsers ignore tabs and line breaks anywhere in a URL, and control characters and spaces around it. */
export function bareUrl(written: string): string {
  return written.replace(/[\t\n\r]/g, '').trim();
}
