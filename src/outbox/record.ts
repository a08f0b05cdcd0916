import type { Cause } from '../core/actor.ts';
import { newId } from '../core/ids.ts';
import type { Tx } from '../db/tx.ts';
import type { EventType } from './event-types.ts';

/** What strangers saw of a thing: its slug, and of an article also in which lists it was. */
type Side = {
  readonly slug: string;
  readonly tags?: readonly string[];
  readonly source?: string | null;
  readonly language?: string;
};

/** What strangers saw of the thing before and after, null for nothing; public where they see another thing since. */
export type PublicSides = { isPublic: boolean; publicBefore: Side | null; publicAfter: Side | null };

/** An event to be written to the outbox. */
export type NewEvent = Cause & {
  type: EventType;
  subjectType: 'article' | 'source' | 'tag' | 'user' | 'key' | 'settings' | 'webhook';
  subjectId: string;
  version: number;
  /** Cache keys of all answers that this change makes stale, of the old state and the new. */
  keys: readonly string[];
  data?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
} & Partial<PublicSides>;

const columns = {
  id: 'uuid',
  type: 'text',
  subject_type: 'text',
  subject_id: 'uuid',
  version: 'int',
  actor_id: 'uuid',
  key_id: 'uuid',
  request_id: 'text',
  keys: 'text[]',
  data: 'jsonb',
  is_public: 'boolean',
  public_before: 'jsonb',
  public_after: 'jsonb',
} as const;

type EventRow = Readonly<Record<keyof typeof columns, unknown>>;

const names = Object.keys(columns).join(', ');
const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`);

/**
 * SQL that writes the events of a parameter made by `eventsValue`, in their order. `keys` is the SQL for the keys of an
 * event `e`.
 */
export const insertEventsSql = (parameter: string, keys = 'e.keys'): string =>
  `INSERT INTO @events (${names}) SELECT ${names.replace('keys', keys)}
    FROM jsonb_to_recordset(${parameter}::jsonb) e (place int, further boolean, ${typed.join(', ')}) ORDER BY e.place`;

/** `further`: whether an event gets the keys that only the statement knows. */
export const eventsValue = (events: readonly (NewEvent & { further?: boolean })[]): string =>
  JSON.stringify(events.map((event, place) => ({ place, further: event.further === true, ...rowOf(event) })));

const rowOf = (event: NewEvent): EventRow => ({
  id: newId(),
  type: event.type,
  subject_type: event.subjectType,
  subject_id: event.subjectId,
  version: event.version,
  actor_id: event.actorId,
  key_id: event.keyId,
  request_id: event.requestId,
  keys: [...new Set(event.keys)],
  data: event.data ?? {},
  is_public: event.isPublic ?? false,
  public_before: event.publicBefore ?? null,
  public_after: event.publicAfter ?? null,
});

const statement = { name: 'record-event', text: `${insertEventsSql('$1')} RETURNING id::text` };

/**
 * Writes an event in the caller's transaction, so that event and change are committed together or not at all. An event
 * that is given no sides is not public.
 */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<void> {
  tx.recorded(event.keys);
  await tx.read(statement, [eventsValue([event])]);
}
