import type { Fault } from '../core/errors.ts';
import { pointerTo } from './pointer.ts';

/** The part of a request target after `?`, undecoded; empty without one. */
export function searchOf(target: string): string {
  const at = target.indexOf('?');
  return at === -1 ? '' : target.slice(at + 1);
}

const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** The keys of a query string with one value each, and the faults of the string itself. */
export type ReadQuery = { values: Record<string, string>; faults: Fault[] };

export const noQuery: ReadQuery = { values: {}, faults: [] };

const once = 'Give it once; where several values are allowed they are one comma list.';

/**
 * Reads a query string into plain keys and strings. A key that is repeated, an empty value and a broken percent-encoding
 * are faults; keys with brackets or dots are ordinary unknown keys, which the route's schema refuses.
 */
export function readQuery(search: string): ReadQuery {
  const values = new Map<string, string>();
  const faults: Fault[] = [];
  for (const part of search.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    try {
      const key = decode(at === -1 ? part : part.slice(0, at));
      const value = at === -1 ? '' : decode(part.slice(at + 1));
      const pointer = pointerTo([key]);
      if (values.has(key)) faults.push({ in: 'query', pointer, detail: once });
      else if (value === '') faults.push({ in: 'query', pointer, detail: 'Give it a value or leave it out.' });
      values.set(key, value);
    } catch {
      faults.push({ in: 'query', pointer: '', detail: 'Percent-encode the query as UTF-8.' });
    }
  }
  return { values: Object.fromEntries(values), faults };
}
