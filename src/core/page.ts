import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidCursor } from './errors.ts';

/** Makes and reads the opaque cursors of lists. */
export type Cursors = {
  /** `list` names the list and its order; `keys` are the sort keys of the last row at full precision. */
  seal(list: string, keys: readonly string[]): string;
  /** The keys again; throws `invalid-cursor` for one that was edited or belongs to another list. */
  open(list: string, cursor: string): string[];
};

const macBytes = 12;

/** Cursors sealed with a secret, and read with the one before too, so that an edited one is refused instead of becoming an oracle. */
export function openCursors(secret: string, previousSecret?: string): Cursors {
  const mac = (payload: string, key = secret) =>
    createHmac('sha256', key).update(payload).digest().subarray(0, macBytes);
  const known = [secret, ...(previousSecret === undefined ? [] : [previousSecret])];
  return {
    seal(list, keys) {
      const payload = Buffer.from(JSON.stringify([list, ...keys]));
      return Buffer.concat([mac(payload.toString()), payload]).toString('base64url');
    },
    open(list, cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const payload = bytes.subarray(macBytes).toString();
      const canonical = bytes.toString('base64url') === cursor && bytes.length > macBytes;
      if (!canonical || !known.some((key) => timingSafeEqual(bytes.subarray(0, macBytes), mac(payload, key))))
        throw invalidCursor();
      const parsed: unknown = JSON.parse(payload);
      if (!Array.isArray(parsed) || parsed[0] !== list) throw invalidCursor();
      return parsed.slice(1).map(String);
    },
  };
}
