import { cacheKeys } from '../../core/cache-keys.ts';
import type { At, Place } from './changes.cursor.ts';
import type { Kind } from './changes.schema.ts';

/** An event at its position. `slug` is the slug of the thing at that time. */
export type EventRow = {
  position: number;
  id: string;
  type: string;
  at: string;
  kind: Kind;
  subject: string;
  version: number;
  slug: string;
  keys: readonly string[];
};

/**
 * A thing as it is now. `shown`: this audience may see it and follows it. `fits`: the page has room for it. `json`: null
 * unless it was asked for.
 */
export type Now = { id: string; slug: string; version: number; shown: boolean; fits: boolean; json: string | null };

/** What a follower gets of a thing: an entry, one with what it is now, or of an article only that, as the latest list has it. */
export type Show = 'entry' | 'item' | 'latest';

/**
 * One entry as JSON; `removed` tells the two kinds of `latest` apart. `after`: from where to go on without loss, if nothing
 * after this entry was taken in.
 */
export type Entry = {
  /** The id of the thing. */
  readonly id: string;
  readonly json: string;
  readonly removed: boolean;
  /** The position of the last of its events; null in the walk. */
  readonly position: number | null;
  readonly after: Place;
};

const keyOf = { article: cacheKeys.article, source: cacheKeys.source, tag: cacheKeys.tag } as const satisfies Record<
  Kind,
  unknown
>;

const withItem = (shown: object, json: string | null, show: Show): string => {
  const text = JSON.stringify(shown);
  return show === 'item' && json !== null ? `${text.slice(0, -1)},"item":${json}}` : text;
};

/** The entry of a thing in the walk through everything that exists. */
export const walkedEntry = (kind: Kind, { id, slug, version, json }: Now, show: Show, head: At): Entry => ({
  id,
  json: withItem(
    { op: 'upsert', kind, id, slug, version, event: null, position: null, keys: [keyOf[kind](id)] },
    json,
    show,
  ),
  removed: false,
  position: null,
  after: { phase: kind, head, lastId: id },
});

function jsonOf(events: readonly EventRow[], last: EventRow, now: Now | undefined, show: Show): string {
  const { kind, subject: id, position } = last;
  if (show === 'latest') return now?.shown && now.json !== null ? now.json : JSON.stringify({ id });
  const event = { id: last.id, type: last.type, at: last.at };
  const keys = [...new Set(events.flatMap((one) => one.keys))];
  return now?.shown
    ? withItem({ op: 'upsert', kind, id, slug: now.slug, version: now.version, event, position, keys }, now.json, show)
    : JSON.stringify({ op: 'remove', kind, id, slug: last.slug, version: last.version, event, position, keys });
}

/** What an event tells of a thing as it is now. A longer one comes without the item. */
export function toldJson(event: EventRow, now: Now | undefined, show: Show, bytesMax: number): string {
  const json = jsonOf([event], event, now, show);
  return Buffer.byteLength(json) <= bytesMax ? json : jsonOf([event], event, now, 'entry');
}

const atOf = ({ position, id }: EventRow): At => ({ position, eventId: id });

/**
 * One entry for each thing, at the position of its last event, in the order of these events. `cut`: the end of a page that
 * is full before all entries are on it; the events after it come again with the next page. `before`: where these events
 * begin.
 */
export function entriesOf(
  events: readonly EventRow[],
  now: ReadonlyMap<string, Now>,
  { show, before }: { show: Show; before: At },
): { entries: Entry[]; cut: At | null } {
  const bySubject = new Map<string, EventRow[]>();
  for (const event of events) {
    const known = bySubject.get(event.subject);
    if (known === undefined) bySubject.set(event.subject, [event]);
    else known.push(event);
  }
  const lastOf = ({ subject }: EventRow) => bySubject.get(subject)?.at(-1);
  const entries: Entry[] = [];
  let end: At | null = null;
  // All events before this one belong to entries that were made.
  let whole = 0;
  for (const event of events) {
    if (lastOf(event) !== event) continue;
    const thing = now.get(event.subject);
    if (thing?.fits === false) return { entries, cut: end };
    for (let next = events[whole]; next !== undefined; next = events[whole]) {
      if ((lastOf(next)?.position ?? 0) > event.position) break;
      whole += 1;
    }
    const reached = events[whole - 1];
    entries.push({
      id: event.subject,
      json: jsonOf(bySubject.get(event.subject) ?? [], event, thing, show),
      removed: !thing?.shown,
      position: event.position,
      after: { phase: 'tail', head: reached === undefined ? before : atOf(reached) },
    });
    end = atOf(event);
  }
  return { entries, cut: null };
}
