import type { Hook } from './webhooks.ts';

/** The requests by which caches drop what has one of some keys, as their makers document them. */

export type Sent = {
  readonly url: string;
  readonly method: 'POST' | 'PURGE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** How many keys one request names, and how many characters they have in a header. */
const keysMax = { fastly: 256, cloudflare: 30, varnish: 500 } as const;
const charactersMax = 4_000;

/** Cuts keys into parts of at most `max` keys and so many characters. */
function partsOf(keys: readonly string[], max: number): string[][] {
  const parts: string[][] = [];
  let size = charactersMax;
  for (const key of keys) {
    const last = parts.at(-1);
    size += key.length + 1;
    if (last === undefined || last.length >= max || size > charactersMax) {
      parts.push([key]);
      size = key.length + 1;
    } else last.push(key);
  }
  return parts;
}

type Purger = Pick<Hook, 'type' | 'url' | 'serviceId' | 'zoneId'>;

const below = (url: string, path: string) => `${url.replace(/\/+$/, '')}${path}`;

/** `token`: what the API of a CDN asks for; Varnish asks who is calling. */
export function purgesOf({ type, url, serviceId, zoneId }: Purger, token: string, keys: readonly string[]): Sent[] {
  if (type === 'webhook') return [];
  const parts = partsOf(keys, keysMax[type]);
  if (type === 'fastly')
    return parts.map((part) => ({
      url: below(url, `/service/${encodeURIComponent(serviceId ?? '')}/purge`),
      method: 'POST',
      headers: { 'Fastly-Key': token, 'Surrogate-Key': part.join(' '), Accept: 'application/json' },
      body: '',
    }));
  if (type === 'cloudflare')
    return parts.map((part) => ({
      url: below(url, `/client/v4/zones/${encodeURIComponent(zoneId ?? '')}/purge_cache`),
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ tags: part }),
    }));
  return parts.map((part) => ({ url, method: 'PURGE', headers: { 'xkey-purge': part.join(' ') }, body: '' }));
}
