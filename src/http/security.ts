/** The security headers of every answer, as names and values. Our own HTML pages relax the policy for themselves. */
export const securityHeaders = (options: { hstsSeconds: number }): [name: string, value: string][] =>
  Object.entries({
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ...(options.hstsSeconds > 0
      ? { 'Strict-Transport-Security': `max-age=${options.hstsSeconds}; includeSubDomains` }
      : {}),
  });
