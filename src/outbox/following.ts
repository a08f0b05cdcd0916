import { setTimeout as pause } from 'node:timers/promises';
import type { Read } from '../db/tx.ts';
import { openBell } from './bell.ts';

/** A place in the order of all events: the last one that was read. `eventId`: null if it is not kept any more. */
type Place = { readonly position: number; readonly eventId: string | null };

/** `known`: whether the place exists in this database's history. `more`: there is too much after it to be read. */
type Found = { known: boolean; more: boolean; head: number; eventId: string | null; keys: string[] };

/** The most changes that are read at once. After more of them, everything is forgotten. */
const changesMax = 10_000;

const eventAt = (position: string) =>
  `SELECT e.id FROM @changes c JOIN @events e ON e.seq = c.event_seq WHERE c.position = ${position}`;

/**
 * The cache keys of everything that was committed after a place, in one snapshot: events that have their position, and
 * those that wait for it, so that nothing rests on how soon that is given.
 */
const statement = {
  name: 'follow-changes',
  text: `SELECT h.position::float8 AS head, (${eventAt('h.position')})::text AS "eventId",
    CASE WHEN $2::uuid IS NULL THEN $1::bigint = h.position OR EXISTS (${eventAt('$1::bigint + 1')})
      ELSE coalesce((${eventAt('$1::bigint')}) = $2::uuid, false) END AS known,
    h.position - $1::bigint > ${changesMax}
      OR (SELECT count(*) FROM (SELECT FROM @unnumbered LIMIT ${changesMax + 1}) w) > ${changesMax} AS more,
    ARRAY(SELECT DISTINCT unnest(x.keys) FROM (
      SELECT e.keys FROM @changes c JOIN @events e ON e.seq = c.event_seq
        WHERE c.position > $1::bigint AND c.position <= $1::bigint + ${changesMax}
      UNION ALL SELECT e.keys FROM (SELECT u.event_seq FROM @unnumbered u LIMIT ${changesMax}) w
        JOIN @events e ON e.seq = w.event_seq) x) AS keys
  FROM @changes_head h`,
  timeoutMs: 2_000,
};

/** Learns what any process has changed, and tells which cache keys are stale since. */
export type Following = {
  /** Whether everything has been told that was committed up to two seconds ago. */
  isCurrent(): boolean;
  /** Seconds since everything was known; Infinity before the first time. */
  lagS(): number;
  /** Called when there may be new positions. */
  moved(): void;
  /** Begins to follow. Returns the function that ends it. */
  start(): () => Promise<void>;
};

export type FollowingParts = {
  read: Read;
  forget(keys: readonly string[]): void;
  /** Called where it is not known what has changed: at the start, in another past of the database, after too much. */
  forgetAll(): void;
};

const currentMs = 2_000;
const lookEveryMs = 500;
const restMs = 10;
const nowhere: Place = { position: -1, eventId: null };

export function openFollowing({ read, forget, forgetAll }: FollowingParts): Following {
  const bell = openBell();
  let knownAt = Number.NEGATIVE_INFINITY;

  /** Tells what is new after the place. Returns the next place. */
  const look = async (place: Place): Promise<Place> => {
    const began = performance.now();
    const [found] = await read<Found>(statement, [String(place.position), place.eventId]);
    if (found === undefined) return place;
    const { known, more, keys, head, eventId } = found;
    if (!known || more || head < place.position) forgetAll();
    else if (keys.length > 0) forget(keys);
    knownAt = began;
    return { position: head, eventId };
  };

  return {
    isCurrent: () => performance.now() - knownAt <= currentMs,
    lagS: () => (performance.now() - knownAt) / 1_000,
    moved: bell.ring,
    start() {
      const stopping = new AbortController();
      const run = async () => {
        let place = nowhere;
        while (!stopping.signal.aborted) {
          // While the database is away nothing is current, and the place stays.
          place = await look(place).catch(() => place);
          await pause(restMs, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
          await bell.wait(lookEveryMs);
        }
        knownAt = Number.NEGATIVE_INFINITY;
      };
      const ended = run();
      return async () => {
        stopping.abort();
        bell.ring();
        await ended;
      };
    },
  };
}
