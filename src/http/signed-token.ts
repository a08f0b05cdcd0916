import jwt from 'jsonwebtoken';
import type { z } from 'zod';

/**
 * Whether a token says that it is of this type (RFC 9068). Not verified: it only spares the work on a token that will be
 * refused for its type.
 */
export function saysType(token: string, type: string): boolean {
  try {
    return jwt.decode(token, { complete: true })?.header.typ === type;
  } catch {
    return false;
  }
}

/** Header and payload of a JWT, if this key verifies it and `schema` accepts them; undefined for anything else. */
export function readSigned<Shape extends z.ZodType>(
  schema: Shape,
  token: string,
  key: jwt.PublicKey,
  options: jwt.VerifyOptions,
): z.output<Shape> | undefined {
  try {
    return schema.safeParse(jwt.verify(token, key, { ...options, complete: true })).data;
  } catch {
    return undefined;
  }
}
