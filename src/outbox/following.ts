import { setTimeout as pause } from 'node:timers/promises';
import { cacheKeys, keptSecondsMax, keySql, staleSecondsMax } from '../core/cache-keys.ts';
import { isDatabaseAway, type Outage } from '../core/errors.ts';
import { expectFew } from '../db/sql.ts';
import type { Read } from '../db/tx.ts';
import { openBell } from './bell.ts';

/** A place in the order of all events: the last one that was read. `eventId`: null if it is not kept any more. */
type Place = { readonly position: number; readonly eventId: string | null };

type Told = readonly [seq: number, keys: readonly string[]];

/**
 * What was committed after a place: `placed` has its position, `waiting` waits for it. `known`: whether the place exists in
 * this database's history. `more`: there is too much after it to be read.
 */
type Found = { known: boolean; more: boolean; head: number; eventId: string | null } & {
  placed: readonly Told[];
  waiting: readonly Told[];
};

/** The most changes that are read at once. After more of them, everything is forgotten. */
const changesMax = 10_000;

const eventAt = (position: string) =>
  `SELECT e.id FROM @changes c JOIN @events e ON e.seq = c.event_seq WHERE c.position = ${position}`;

/** An event tells also of what ends earlier than it was known to, where it set an instant that is near. */
const soonSql = `CASE WHEN EXISTS (SELECT FROM @due d WHERE d.article_id = e.subject_id
    AND d.at <= now() + CASE d.what WHEN 'expired' THEN interval '${keptSecondsMax + staleSecondsMax + 1} seconds' ELSE interval '${keptSecondsMax + 1} seconds' END)
  THEN ARRAY['${cacheKeys.due}', '${cacheKeys.redirects}'] || (SELECT ${keySql('st:', 'coalesce(a.story_id, a.id)')} FROM @articles a WHERE a.id = e.subject_id)
  ELSE '{}' END`;

/**
 * Each event is looked up by its number: OFFSET says so. How many wait PostgreSQL has counted at some moment, and for many it
 * would read all events each time.
 */
const toldSql = (events: string) =>
  `(SELECT coalesce(json_agg(json_build_array(e.seq, e.keys || ${soonSql})), '[]') FROM ${events}
    CROSS JOIN LATERAL (SELECT e.seq, e.keys, e.subject_id FROM @events e WHERE e.seq = x.event_seq OFFSET 0) e)`;

/** One snapshot of events that have their position and of those that wait, so that nothing rests on how soon it is given. */
const statement = {
  name: 'follow-changes',
  text: `SELECT h.position::float8 AS head, (${eventAt('h.position')})::text AS "eventId",
    CASE WHEN $2::uuid IS NULL THEN $1::bigint = h.position OR EXISTS (${eventAt('$1::bigint + 1')})
      ELSE coalesce((${eventAt('$1::bigint')}) = $2::uuid, false) END AS known,
    h.position - $1::bigint > ${changesMax}
      OR (SELECT count(*) FROM (SELECT FROM @unnumbered LIMIT ${changesMax + 1}) w) > ${changesMax} AS more,
    ${toldSql(`(SELECT c.event_seq FROM @changes c WHERE $1::bigint >= 0 AND c.position > $1::bigint AND c.position <= $1::bigint + ${changesMax} AND ${expectFew.number('c.position')}) x`)} AS placed,
    ${toldSql(`(SELECT u.event_seq FROM @unnumbered u LIMIT ${changesMax}) x`)} AS waiting
  FROM @changes_head h`,
  timeoutMs: 2_000,
};

/** Learns what any process has changed, and tells which cache keys are stale since. */
export type Following = {
  /** Whether everything has been told that was committed up to two seconds ago. */
  isCurrent(): boolean;
  /** The moment up to which everything has been told. */
  knownAt(): number;
  /** Seconds since everything was known; Infinity before the first time. */
  lagS(): number;
  /** Called when there may be new positions. */
  moved(): void;
  /** Calls `heard` when the last position is another one than before. Returns the function that unsubscribes. */
  onMoved(heard: () => void): () => void;
  /** Begins to follow. Returns the function that ends it. */
  start(): () => Promise<void>;
};

export type FollowingParts = {
  read: Read;
  forget(keys: readonly string[]): void;
  /** Called where it is not known what has changed: at the start, in another past of the database, after too much. */
  forgetAll(): void;
  /** Called where the database could not be asked; `began`: when it was asked. */
  failed(thrown: unknown, began: number): void;
};

const currentMs = 2_000;
const lookEveryMs = 500;
const restMs = 10;
const nowhere: Place = { position: -1, eventId: null };

export function openFollowing({ read, forget, forgetAll, failed }: FollowingParts): Following {
  const bell = openBell();
  let knownAt = Number.NEGATIVE_INFINITY;
  /** The events that were told while they waited for their positions. */
  let toldWaiting: ReadonlySet<number> = new Set();
  const listeners = new Set<() => void>();

  /** Tells what is new after the place. Returns the next place. */
  const look = async (place: Place): Promise<Place> => {
    const began = performance.now();
    const [found] = await read<Found>(statement, [String(place.position), place.eventId]);
    if (found === undefined) return place;
    const { known, more, placed, waiting, head, eventId } = found;
    const isNew = ([seq]: Told) => !toldWaiting.has(seq);
    const keys = new Set([...placed, ...waiting].filter(isNew).flatMap(([, those]) => those));
    if (!known || more || head < place.position) forgetAll();
    else if (keys.size > 0) forget([...keys]);
    toldWaiting = new Set(waiting.map(([seq]) => seq));
    knownAt = began;
    if (head !== place.position || eventId !== place.eventId) for (const heard of listeners) heard();
    return { position: head, eventId };
  };

  return {
    isCurrent: () => performance.now() - knownAt <= currentMs,
    knownAt: () => knownAt,
    lagS: () => (performance.now() - knownAt) / 1_000,
    moved: bell.ring,
    onMoved(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    start() {
      const stopping = new AbortController();
      const run = async () => {
        let place = nowhere;
        while (!stopping.signal.aborted) {
          // While the database is away nothing is current, and the place stays.
          const began = performance.now();
          place = await look(place).catch((thrown: unknown) => {
            failed(thrown, began);
            return place;
          });
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

/** Null if the database answers, else why not. What fails for another reason than an outage has reached it. */
export const whyAway = (read: Read): Promise<Outage | null> =>
  read({ name: 'is-there', text: 'SELECT 1 AS there', timeoutMs: 1_000 }).then(
    () => null,
    (thrown: unknown) => (isDatabaseAway(thrown) ? (thrown.extras.outage ?? null) : null),
  );
