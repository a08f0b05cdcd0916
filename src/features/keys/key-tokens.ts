import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { readSigned, saysType } from '../../http/signed-token.ts';
import type { SigningKeys } from '../auth/signing-keys.ts';

/**
 * Long-lived tokens of machines: JWTs of their own type, so that an access token is not accepted as one, nor the reverse.
 */
export type KeyTokens = {
  sign(key: { id: string; userId: string; expiresAt: Date | null }): string;
  /**
   * The id of the key; undefined for anything but a token of ours. Its row says whether it is alive, by the database's clock:
   * a feed must not stop because it was made on a machine whose clock went ahead.
   */
  verify(token: string): string | undefined;
};

const tokenType = 'key+jwt';
const verified = z.object({
  header: z.strictObject({ typ: z.literal(tokenType), kid: z.string(), alg: z.string() }),
  payload: z.object({ sub: z.uuid(), jti: z.uuid(), iat: z.number(), exp: z.number().optional() }),
});

export function openKeyTokens(keys: SigningKeys, names: { issuer: string; audience: string }, clock: Clock): KeyTokens {
  const now = () => Math.floor(clock() / 1000);
  return {
    sign({ id, userId, expiresAt }) {
      const { key, algorithm, kid } = keys.signing;
      const exp = expiresAt === null ? {} : { exp: Math.floor(expiresAt.getTime() / 1000) };
      const payload = { sub: userId, jti: id, iat: now(), iss: names.issuer, aud: names.audience, ...exp };
      return jwt.sign(payload, key, { algorithm, header: { alg: algorithm, typ: tokenType, kid } });
    },
    verify(token) {
      if (!saysType(token, tokenType)) return undefined;
      for (const { key, algorithm, kid } of keys.accepted) {
        const read = readSigned(verified, token, key, {
          algorithms: [algorithm],
          ...names,
          ignoreExpiration: true,
        });
        if (read !== undefined && read.header.kid === kid) return read.payload.jti;
      }
      return undefined;
    },
  };
}
