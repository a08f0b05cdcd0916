import { createHmac } from 'node:crypto';

/** The headers of Standard Webhooks: whoever knows a secret can tell that we sent this body under this id, and when. */

const secretPrefix = 'whsec_';

const keyOf = (secret: string) =>
  Buffer.from(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret, 'base64');

const signature = (secret: string, signed: string) =>
  `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`;

/** With one signature for each secret: after a rotation the one before signs too. `at` is in milliseconds. */
export function signedHeaders(
  id: string,
  body: string,
  at: number,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => signature(secret, `${id}.${timestamp}.${body}`)).join(' '),
  };
}
