import { addressForm } from '../../core/web-address.ts';
import { bareUrl } from './urls.ts';

/**
 * The players and posts that an iframe may show. The host must match exactly, and `path` the leading segments of the URL's
 * path. An entry with `servedAs` is stored with that host: the same player, which sets no cookies until it is started.
 */
export const embedHosts: readonly { host: string; path: string; servedAs?: string }[] = [
  { host: 'www.youtube-nocookie.com', path: '/embed' },
  { host: 'www.youtube.com', path: '/embed', servedAs: 'www.youtube-nocookie.com' },
  { host: 'youtube.com', path: '/embed', servedAs: 'www.youtube-nocookie.com' },
  { host: 'player.vimeo.com', path: '/video' },
  { host: 'www.facebook.com', path: '/plugins' },
  { host: 'platform.twitter.com', path: '/embed' },
  { host: 'open.spotify.com', path: '/embed' },
  { host: 'w.soundcloud.com', path: '/player' },
  { host: 'www.google.com', path: '/maps/embed' },
  { host: 'datawrapper.dwcdn.net', path: '' },
  { host: 'flo.uri.sh', path: '' },
];

/** Set on every iframe, whatever the caller wrote. */
export const embedAttributes: readonly (readonly [string, string])[] = [
  ['sandbox', 'allow-scripts allow-same-origin allow-popups allow-presentation'],
  ['loading', 'lazy'],
  ['referrerpolicy', 'strict-origin-when-cross-origin'],
];

const youtube: ReadonlySet<string> = new Set(['www.youtube.com', 'youtube.com', 'm.youtube.com']);

/**
 * The id of a YouTube video, from the address of its page as copied from the browser or from "Share". Undefined for any
 * other URL.
 */
function filmOf({ host, pathname, searchParams }: URL): string | undefined {
  if (host === 'youtu.be') return /^\/([\w-]{11})$/.exec(pathname)?.[1];
  if (!youtube.has(host)) return undefined;
  const named = pathname === '/watch' ? `/live/${searchParams.get('v')}` : pathname;
  return /^\/(?:shorts|live)\/([\w-]{11})$/.exec(named)?.[1];
}

/** The player for a YouTube page, starting at the same second. Any other URL is returned as it is. */
function playerOf(url: URL): URL {
  const film = filmOf(url);
  if (film === undefined) return url;
  const start = /^(\d{1,6})s?$/.exec(url.searchParams.get('t') ?? '')?.[1];
  return new URL(`https://www.youtube.com/embed/${film}${start === undefined ? '' : `?start=${start}`}`);
}

/**
 * The URL of an allowed player: always https, as `URL` writes it and in the canonical form of addresses, so that every
 * reader finds the same host and path in it. Otherwise `refused` says for the warning which host was asked for, and below
 * which path its players are, if it has any. It is null if there is no host.
 */
export function embedUrl(written: string): { url: string } | { refused: string | null } {
  const address = bareUrl(written);
  const source = addressForm(address.startsWith('//') ? `https:${address}` : address, '');
  if (source === null || !URL.canParse(source)) return { refused: null };
  const given = new URL(source);
  // The player's server may decode what looks like one path segment, and so leave the allowed path.
  if (/^(?:https?:)?\/\/[^/?#\\]*[/\\][^?#]*%(?:2f|5c|2e)/i.test(address))
    return { refused: `${given.host}: a slash or dot in its path is encoded` };
  if (given.username !== '' || given.password !== '') return { refused: given.host };
  given.protocol = 'https:';
  const url = playerOf(given);
  const known = embedHosts.filter(({ host }) => url.host === host);
  const allowed = known.find(({ path }) => `${url.pathname}/`.startsWith(`${path}/`));
  if (!allowed)
    return { refused: `${url.host}${known.map(({ path }) => `: its players are below ${path}/`).join('')}` };
  url.hostname = allowed.servedAs ?? allowed.host;
  return { url: addressForm(url.href, '') ?? url.href };
}
