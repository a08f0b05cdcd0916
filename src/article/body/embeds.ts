import { addressForm } from '../../core/web-address.ts';
import { bareUrl } from './urls.ts';

/**
 * The players and posts that an iframe may show: the host exactly, and the start of the path by whole segments. One with
 * `servedAs` is stored as that host: the same player, without cookies until it is started.
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

/** Set on every iframe, whatever was written. */
export const embedAttributes: readonly (readonly [string, string])[] = [
  ['sandbox', 'allow-scripts allow-same-origin allow-popups allow-presentation'],
  ['loading', 'lazy'],
  ['referrerpolicy', 'strict-origin-when-cross-origin'],
];

const youtube: ReadonlySet<string> = new Set(['www.youtube.com', 'youtube.com', 'm.youtube.com']);

/** The film of a page of YouTube, as its address is copied from the browser or from "Share". */
function filmOf({ host, pathname, searchParams }: URL): string | undefined {
  if (host === 'youtu.be') return /^\/([\w-]{11})$/.exec(pathname)?.[1];
  if (!youtube.has(host)) return undefined;
  const named = pathname === '/watch' ? `/live/${searchParams.get('v')}` : pathname;
  return /^\/(?:shorts|live)\/([\w-]{11})$/.exec(named)?.[1];
}

/** The player of a film whose page was given, from the second where it is to start; any other URL as it is. */
function playerOf(url: URL): URL {
  const film = filmOf(url);
  if (film === undefined) return url;
  const start = /^(\d{1,6})s?$/.exec(url.searchParams.get('t') ?? '')?.[1];
  return new URL(`https://www.youtube.com/embed/${film}${start === undefined ? '' : `?start=${start}`}`);
}

/**
 * The URL of an allowed player, always https, as `URL` writes it and in the one form of addresses, so that every reader
 * finds the same host and path in it;
 * else the host that was asked for, to be named, null when there is none, with the path that its players have, if any.
 */
export function embedUrl(written: string): { url: string } | { refused: string | null } {
  const address = bareUrl(written);
  const source = addressForm(address.startsWith('//') ? `https:${address}` : address, '');
  if (source === null || !URL.canParse(source)) return { refused: null };
  const given = new URL(source);
  // Whoever serves the player may decode what looks like one part of its path, and find a way out of it.
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
