import { createHmac } from 'node:crypto';

type Part = Record<string, unknown> | string;
type Signature = (signed: string) => string;

const encode = (part: Part): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** A JWT with any header and payload (a string is not even JSON), signed in any way; no library would make such a token. */
export function forgeToken(header: Part, payload: Part, sign: Signature): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${sign(signed)}`;
}

export const hmac =
  (secret: string | Buffer, hash = 'sha256'): Signature =>
  (signed) =>
    createHmac(hash, secret).update(signed).digest('base64url');

export const unsigned: Signature = () => '';

/** Header and payload of a JWT, unverified. */
export function readToken(token: string): { header: Record<string, unknown>; payload: Record<string, unknown> } {
  const [header = '', payload = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header), payload: JSON.parse(payload) };
}
