import { cursorExpired, invalidCursor } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import { type ChangeAudience, type Kind, kinds } from './changes.schema.ts';

/** The event at a position; `eventId` is empty if there is no event. */
export type At = { readonly position: number; readonly eventId: string };

/**
 * Where a follower is. `phase` is a kind: in the walk through everything that exists, after the thing `lastId` of that
 * kind; `head` is the last event when the walk began, from which the follower goes on afterwards. `tail`: after the event
 * `head`.
 */
export type Place =
  | { readonly phase: Kind; readonly head: At; readonly lastId: string | null }
  | { readonly phase: 'tail'; readonly head: At };

const listName = 'changes';
const tail = 'tail';

export const firstPlace = (head: At): Place => ({ phase: kinds[0], head, lastId: null });

/**
 * The place after the last thing of a kind: the start of the next kind, and after the last kind the events since the walk
 * began.
 */
export function placeBehind(kind: Kind, head: At): Place {
  const next = kinds[kinds.indexOf(kind) + 1];
  return next === undefined ? { phase: tail, head } : { phase: next, head, lastId: null };
}

export function sealPlace(cursors: Cursors, audience: ChangeAudience, place: Place): string {
  const { phase, head } = place;
  const lastId = place.phase === tail ? '' : (place.lastId ?? '');
  return cursors.seal(listName, [audience, phase, String(head.position), head.eventId, lastId]);
}

/** Throws 410 for a cursor that no known secret has sealed: after two rotations of secrets, a follower must begin anew. */
export function openPlace(cursors: Cursors, audience: ChangeAudience, cursor: string): Place {
  const keys = cursors.tryOpen(listName, cursor);
  if (keys === null) throw cursorExpired();
  const [of, word = '', position = '', eventId = '', lastId = ''] = keys;
  if (of !== audience) throw invalidCursor();
  const head = { position: Number(position), eventId };
  const kind = kinds.find((known) => known === word);
  return kind === undefined ? { phase: tail, head } : { phase: kind, head, lastId: lastId === '' ? null : lastId };
}
