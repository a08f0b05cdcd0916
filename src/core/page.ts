import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidCursor } from './errors.ts';
import { openSeals, sealedBytes } from './sealed.ts';

/** Makes and reads the opaque cursors of lists. */
export type Cursors = {
  /** `list` names the list and its order; `keys` are the sort keys of the last row at full precision. */
  seal(list: string, keys: readonly string[]): string;
  /** Gives the keys back. Throws `invalid-cursor` for a cursor that was edited or belongs to another list. */
  open(list: string, cursor: string): string[];
  /**
   * Like `open`, but null if the cursor looks like one and no known secret sealed it: it was edited, or its secret is gone.
   */
  tryOpen(list: string, cursor: string): string[] | null;
};

/** Cursors are padded to a multiple of this many bytes, so that their length reveals nothing about the keys. */
const blockBytes = 48;

const macBytes = 12;

/** Whether this may be a cursor that we have made, with whatever secret. */
const isShaped = (bytes: Buffer): boolean =>
  (bytes.length > sealedBytes && (bytes.length - sealedBytes) % blockBytes === 0) ||
  bytes.subarray(macBytes).toString().startsWith('["');

/** Reads cursors of an earlier release, which were signed but not sealed: walks under way during the upgrade can go on. */
function openSigned(secrets: readonly string[]): (bytes: Buffer) => string | null {
  const mac = (payload: string, secret: string) =>
    createHmac('sha256', secret).update(payload).digest().subarray(0, macBytes);
  return (bytes) => {
    if (bytes.length <= macBytes) return null;
    const payload = bytes.subarray(macBytes).toString();
    const signed = secrets.some((secret) => timingSafeEqual(bytes.subarray(0, macBytes), mac(payload, secret)));
    return signed ? payload : null;
  };
}

const padded = (text: string) => text + ' '.repeat((blockBytes - (Buffer.byteLength(text) % blockBytes)) % blockBytes);

/**
 * Cursors sealed with a secret; those of the previous secret can still be read. A caller can neither read a cursor nor edit
 * it, which would make it an oracle. Equal keys make equal cursors, so that equal pages have equal ETags.
 */
export function openCursors(secret: string, previousSecret?: string): Cursors {
  const before = previousSecret === undefined ? [] : [previousSecret];
  const seals = openSeals([secret, ...before], 'equal');
  const signed = openSigned([secret, ...before]);
  const payloadOf = (cursor: string): string | null => {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.toString('base64url') !== cursor || !isShaped(bytes)) throw invalidCursor();
    return seals.open(cursor) ?? signed(bytes);
  };
  const tryOpen = (list: string, cursor: string): string[] | null => {
    const payload = payloadOf(cursor);
    if (payload === null) return null;
    const parsed: unknown = JSON.parse(payload);
    if (!Array.isArray(parsed) || parsed[0] !== list) throw invalidCursor();
    return parsed.slice(1).map(String);
  };
  return {
    tryOpen,
    seal: (list, keys) => seals.seal(padded(JSON.stringify([list, ...keys]))),
    open(list, cursor) {
      const keys = tryOpen(list, cursor);
      if (keys === null) throw invalidCursor();
      return keys;
    },
  };
}
