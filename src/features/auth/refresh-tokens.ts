import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '../../core/ids.ts';

/** The claims of a refresh token: its family (the session) and its number in the family. */
export type RefreshClaims = { sessionId: string; generation: number };

export type RefreshTokens = {
  make(claims: RefreshClaims): string;
  /** Undefined for a token that was not made here. */
  read(token: string): RefreshClaims | undefined;
  hash(token: string): string;
  /** The hashes of the token with these claims, one for each secret: the previous secret may have made it. */
  hashes(claims: RefreshClaims): string[];
};

/** Token n of a family is an HMAC of family and n, so it can be given again without being stored. */
export function openRefreshTokens(secret: string, previousSecret: string | undefined): RefreshTokens {
  const sealed = (key: string, { sessionId, generation }: RefreshClaims) =>
    createHmac('sha256', key).update(`khobor refresh ${sessionId} ${generation}`).digest();
  const known = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const tokenOf = (key: string, claims: RefreshClaims) =>
    `${claims.sessionId}.${claims.generation}.${sealed(key, claims).toString('base64url')}`;
  const hash = (token: string) => createHash('sha256').update(token).digest('base64url');
  return {
    make: (claims) => tokenOf(secret, claims),
    read(token) {
      const [sessionId = '', number = '', mac = '', ...rest] = token.split('.');
      if (!isId(sessionId) || !/^[1-9][0-9]{0,8}$/.test(number) || !/^[\w-]{43}$/.test(mac) || rest.length > 0)
        return undefined;
      const claims = { sessionId, generation: Number(number) };
      const given = Buffer.from(mac, 'base64url');
      return known.some((key) => timingSafeEqual(given, sealed(key, claims))) ? claims : undefined;
    },
    hash,
    hashes: (claims) => known.map((key) => hash(tokenOf(key, claims))),
  };
}
