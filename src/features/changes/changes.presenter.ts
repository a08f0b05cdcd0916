import { cacheKeys } from '../../core/cache-keys.ts';
import type { At } from './changes.cursor.ts';
import type { EventRow } from './changes.repository.ts';
import type { Kind } from './changes.schema.ts';

/**
 * A thing as it is now. `shown`: this audience may see it and follows it. `fits`: the page has room for it. `json`: null
 * unless it was asked for.
 */
export type Now = { id: string; slug: string; version: number; shown: boolean; fits: boolean; json: string | null };

/** One entry of a page, as JSON. */
export type Entry = string;

type Options = { withItem: boolean };

const keyOf = { article: cacheKeys.article, source: cacheKeys.source, tag: cacheKeys.tag } as const satisfies Record<
  Kind,
  unknown
>;

const withItem = (shown: object, json: string | null, options: Options): Entry => {
  const text = JSON.stringify(shown);
  return options.withItem && json !== null ? `${text.slice(0, -1)},"item":${json}}` : text;
};

/** The entry of a thing in the walk through everything that exists. */
export const walkedEntry = (kind: Kind, { id, slug, version, json }: Now, options: Options): Entry =>
  withItem(
    { op: 'upsert', kind, id, slug, version, event: null, position: null, keys: [keyOf[kind](id)] },
    json,
    options,
  );

function entryOf(events: readonly EventRow[], last: EventRow, now: Now | undefined, options: Options): Entry {
  const { kind, subject: id, position } = last;
  const event = { id: last.id, type: last.type, at: last.at };
  const keys = [...new Set(events.flatMap((one) => one.keys))];
  return now?.shown
    ? withItem(
        { op: 'upsert', kind, id, slug: now.slug, version: now.version, event, position, keys },
        now.json,
        options,
      )
    : JSON.stringify({ op: 'remove', kind, id, slug: last.slug, version: last.version, event, position, keys });
}

/**
 * One entry for each thing, at the position of its last event, in the order of these events. `cut`: the end of a page that
 * is full before all entries are on it; the events after it come again with the next page.
 */
export function entriesOf(
  events: readonly EventRow[],
  now: ReadonlyMap<string, Now>,
  options: Options,
): { entries: Entry[]; cut: At | null } {
  const bySubject = new Map<string, EventRow[]>();
  for (const event of events) bySubject.set(event.subject, [...(bySubject.get(event.subject) ?? []), event]);
  const entries: Entry[] = [];
  let end: At | null = null;
  for (const event of events) {
    const ofThing = bySubject.get(event.subject) ?? [];
    if (ofThing.at(-1) !== event) continue;
    const thing = now.get(event.subject);
    if (thing?.fits === false) return { entries, cut: end };
    entries.push(entryOf(ofThing, event, thing, options));
    end = { position: event.position, eventId: event.id };
  }
  return { entries, cut: null };
}
