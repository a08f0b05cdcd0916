import type { IncomingMessage } from 'node:http';

/**
 * The caller's address. With `trustedProxies` of n, each of the n nearest proxies has appended the address it saw to
 * `X-Forwarded-For`, so the n-th entry from the right counts; all that stands before it was written by the caller.
 */
export function clientAddress(req: IncomingMessage, trustedProxies: number): string {
  const direct = req.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return direct;
  const header = req.headers['x-forwarded-for'];
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((entry) => entry.trim());
  const entry = entries.filter((text) => text !== '').at(-trustedProxies);
  return entry !== undefined && /^[0-9a-f.:]{2,45}$/i.test(entry) ? entry : direct;
}
