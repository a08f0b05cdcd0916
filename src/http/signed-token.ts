import jwt from 'jsonwebtoken';
import type { z } from 'zod';

const typeIn = (header: string): unknown => {
  try {
    return Object(JSON.parse(Buffer.from(header, 'base64url').toString())).typ;
  } catch {
    return undefined;
  }
};

/** Tokens of one kind that were signed with one key have one header. */
const types = new Map<string, unknown>();
const typesMax = 100;

/**
 * Whether a token says that it is of this type (RFC 9068). Not verified: it only spares the work on a token that will be
 * refused for its type.
 */
export function saysType(token: string, type: string): boolean {
  const header = token.slice(0, token.indexOf('.') + 1);
  if (types.has(header)) return types.get(header) === type;
  const read = typeIn(header);
  if (types.size >= typesMax) types.clear();
  types.set(header, read);
  return read === type;
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
