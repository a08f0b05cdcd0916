import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * The caller's address, for rate limits and the log. With `trustedProxies` of n, each of the n nearest proxies has appended
 * the address it saw to `X-Forwarded-For`, so the n-th entry from the right counts; a caller can forge all those before it.
 */
export function clientAddress(req: IncomingMessage, trustedProxies: number): string {
  const direct = req.socket.remoteAddress ?? 'unknown';
  const header = trustedProxies === 0 ? '' : (req.headers['x-forwarded-for'] ?? '');
  const entries = String(header)
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return networkOf(entries.at(-trustedProxies) ?? '') ?? networkOf(direct) ?? direct;
}

/** Scheme, host and port as the caller used them. Behind a trusted proxy, the scheme is the one of `X-Forwarded-Proto`. */
export function originOf(req: IncomingMessage, trustedProxies: number): string {
  const forwarded = trustedProxies === 0 ? '' : String(req.headers['x-forwarded-proto'] ?? '');
  const scheme = forwarded.split(',').at(-1)?.trim() === 'https' ? 'https' : 'http';
  return `${scheme}://${req.headers.host || `localhost:${req.socket.localPort}`}`;
}

/** An IPv4 address without its port; for IPv6 the /64 network, because one household or machine has all of it. */
function networkOf(entry: string): string | undefined {
  const [, bare = entry] = /^\[([^\]]+)\](?::\d+)?$/.exec(entry) ?? /^([\d.]+):\d+$/.exec(entry) ?? [];
  const [address = ''] = bare.split('%');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  if (!/^(0:){5}ffff:/.test(groups.join(':'))) return `${groups.slice(0, 4).join(':')}::/64`;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
