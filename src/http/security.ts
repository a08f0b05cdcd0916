import type { ServerResponse } from 'node:http';

/** Sets the security headers of every answer. Our own HTML pages relax the policy for themselves. */
export function securityHeaders(options: { hstsSeconds: number }): (res: ServerResponse) => void {
  const fixed = Object.entries({
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ...(options.hstsSeconds > 0
      ? { 'Strict-Transport-Security': `max-age=${options.hstsSeconds}; includeSubDomains` }
      : {}),
  });
  return (res) => {
    for (const [name, value] of fixed) res.setHeader(name, value);
  };
}
