import jwt from 'jsonwebtoken';
import type { z } from 'zod';

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
