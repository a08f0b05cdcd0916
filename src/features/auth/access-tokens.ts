import { hash } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { invalidToken } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { readSigned } from '../../http/signed-token.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The claims of an access token: its user, its session, and the user's epoch when it was made. */
export type AccessClaims = { userId: string; sessionId: string; epoch: number };

export type AccessTokens = {
  readonly lifetimeS: number;
  sign(claims: AccessClaims): string;
  /** Also when the token ends. Throws `invalid-token` for anything but a token of ours that is valid now. */
  verify(token: string): AccessClaims & { endsAt: number };
};

/** RFC 9068: the header names the type of the token, so that a token of another type is not accepted. */
const tokenType = 'at+jwt';
const lifetimeS = 15 * 60;
/** The clocks of two machines may differ by this much. */
const leewayS = 60;

/** The largest value of the column: a larger epoch belongs to no user. */
const epochMax = 2_147_483_647;

/** A header with more members, such as embedded keys or critical extensions (`crit`), is not one of ours. */
const verified = z.object({
  header: z.strictObject({ typ: z.literal(tokenType), kid: z.string(), alg: z.string() }),
  payload: z.object({
    sub: z.uuid(),
    sid: z.uuid(),
    ver: z.int().min(1).max(epochMax),
    iat: z.number(),
    exp: z.number(),
    jti: z.string(),
  }),
});

type Verified = AccessClaims & { iat: number; exp: number };

const rememberedMax = 1_000;

export function openAccessTokens(
  keys: SigningKeys,
  names: { issuer: string; audience: string },
  clock: Clock,
): AccessTokens {
  const now = () => Math.floor(clock() / 1000);
  const readAnew = (token: string): Verified => {
    for (const { key, algorithm, kid } of keys.accepted) {
      const read = readSigned(verified, token, key, {
        algorithms: [algorithm],
        issuer: names.issuer,
        audience: names.audience,
        clockTolerance: leewayS,
        clockTimestamp: now(),
        // When it ends is looked at below, each time.
        ignoreExpiration: true,
      });
      if (read === undefined || read.header.kid !== kid) continue;
      const { sub, sid, ver, iat, exp } = read.payload;
      return { userId: sub, sessionId: sid, epoch: ver, iat, exp };
    }
    throw invalidToken();
  };
  // Signatures are verified once. By the digest, so that no token stays in memory.
  const remembered = new Map<string, Verified>();
  const readOnce = (token: string): Verified => {
    const digest = hash('sha256', token, 'base64url');
    const known = remembered.get(digest) ?? readAnew(token);
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(digest, known);
    return known;
  };
  return {
    lifetimeS,
    sign({ userId, sessionId, epoch }) {
      const { key, algorithm, kid } = keys.signing;
      const payload = {
        sub: userId,
        sid: sessionId,
        ver: epoch,
        iat: now(),
        exp: now() + lifetimeS,
        jti: newId(),
        iss: names.issuer,
        aud: names.audience,
      };
      return jwt.sign(payload, key, { algorithm, header: { alg: algorithm, typ: tokenType, kid } });
    },
    verify(token) {
      const { iat, exp, ...claims } = readOnce(token);
      if (now() >= exp + leewayS || iat > now() + leewayS || exp - iat > lifetimeS) throw invalidToken();
      return { ...claims, endsAt: exp * 1000 };
    },
  };
}
