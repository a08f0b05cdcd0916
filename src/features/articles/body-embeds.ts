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

/**
 * The URL of an allowed player, always https and as `URL` writes it, so that every reader finds the same host in it;
 * else the host that was asked for, to be named, null when there is none.
 */
export function embedUrl(written: string): { url: string } | { refused: string | null } {
  const address = written.trim();
  const source = address.startsWith('//') ? `https:${address}` : address;
  if (!/^https?:\/\//i.test(source) || !URL.canParse(source)) return { refused: null };
  const url = new URL(source);
  url.protocol = 'https:';
  const allowed = embedHosts.find(({ host, path }) => url.host === host && `${url.pathname}/`.startsWith(`${path}/`));
  if (!allowed || url.username !== '' || url.password !== '') return { refused: url.host };
  url.hostname = allowed.servedAs ?? allowed.host;
  return { url: url.href };
}
