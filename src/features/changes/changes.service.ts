import { type Actor, hasRole } from '../../core/actor.ts';
import { cursorExpired, forbidden, unauthenticated } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import type { LabelFeed, LabelNow } from '../../labels/feed.ts';
import type { Waiting } from '../../outbox/waiting.ts';
import { firstPlace, openPlace, type Place, placeBehind, sealPlace } from './changes.cursor.ts';
import { readFilter } from './changes.filter.ts';
import { type Entry, entriesOf, type Now, walkedEntry } from './changes.presenter.ts';
import { articlesNow, type EventRow, type Followed, readHead, readTail, walkArticles } from './changes.repository.ts';
import { type ChangeAudience, type ChangesQuery, type Kind, kinds } from './changes.schema.ts';

export type ChangeService = {
  /** The changes since the cursor, or the walk through everything that exists. Each entry is one JSON object. */
  list(actor: Actor | null, query: ChangesQuery): Promise<ChangesFound>;
};

export type ChangesFound = { data: string; nextCursor: string; more: boolean };

export type ChangeParts = {
  db: Pick<Db, 'read'>;
  cursors: Cursors;
  publicUrl: string;
  waiting: Pick<Waiting, 'past'>;
  labels: Readonly<Record<'source' | 'tag', LabelFeed>>;
};

/** Some entries, and where to go on. `more`: asking again at once is worthwhile. */
type Page = { entries: Entry[]; next: Place; more: boolean };

type Asked = Followed & { withItem: boolean; limit: number };

/** Throws 401 or 403 if the caller may not see what this audience sees. */
function checkAudience(actor: Actor | null, audience: ChangeAudience): void {
  if (audience === 'public') return;
  if (actor === null) throw unauthenticated('Changes that are not public are for staff; log in.');
  if (!hasRole(actor, 'editor') && actor.role !== 'viewer')
    throw forbidden('Authors see only their own drafts; these changes are for viewers, editors and admins.');
  if (actor.key && (actor.key.dead || actor.key.sourceIds.length + actor.key.tagIds.length > 0))
    throw forbidden('This access key is limited to sources or tags; these changes are for keys without limits.');
}

export function changeService({ db, cursors, publicUrl, waiting, labels }: ChangeParts): ChangeService {
  const labelNow = ({ id, slug, version, json }: LabelNow): Now => ({
    id,
    slug,
    version,
    shown: true,
    fits: true,
    json,
  });

  /** Those of these things that exist, as they are now. */
  const nowOf = async (kind: Kind, ids: readonly string[], asked: Asked): Promise<Now[]> => {
    if (kind === 'article') return articlesNow(db.read, ids, asked, { withItem: asked.withItem, publicUrl });
    return ids.length === 0 ? [] : (await labels[kind].byIds(ids)).map(labelNow);
  };

  const walk = async (kind: Kind, place: Exclude<Place, { phase: 'tail' }>, asked: Asked): Promise<Page> => {
    const { head, lastId } = place;
    const behind = placeBehind(kind, head);
    if (!asked.kinds.includes(kind)) return { entries: [], next: behind, more: true };
    const at = (id: string): Place => ({ phase: kind, head, lastId: id });
    if (kind !== 'article') {
      const found = (await labels[kind].after(lastId, asked.limit)).map(labelNow);
      const last = found.length === asked.limit ? found.at(-1) : undefined;
      return {
        entries: found.map((now) => walkedEntry(kind, now, asked)),
        next: last ? at(last.id) : behind,
        more: true,
      };
    }
    const { ids, looked } = await walkArticles(db.read, lastId, asked, asked.limit);
    const found = await nowOf(kind, ids, asked);
    const held = found.findIndex(({ fits }) => !fits);
    const page = held < 0 ? found : found.slice(0, held);
    const end = held < 0 ? looked : page.at(-1)?.id;
    // A thing that is hidden since its id was read has an event after the head, which tells the follower.
    const shown = page.filter((now) => now.shown);
    return { entries: shown.map((now) => walkedEntry(kind, now, asked)), next: end ? at(end) : behind, more: true };
  };

  const follow = async (place: Place, asked: Asked): Promise<Page> => {
    const { known, head, end, events } = await readTail(db.read, place.head, asked, asked.limit);
    if (!known) throw cursorExpired();
    const idsOf = (kind: Kind) => [
      ...new Set(
        lastOfEach(events)
          .filter((event) => event.kind === kind)
          .map(({ subject }) => subject),
      ),
    ];
    const found = await Promise.all(kinds.map((kind) => nowOf(kind, idsOf(kind), asked)));
    const { entries, cut } = entriesOf(events, new Map(found.flat().map((now) => [now.id, now])), asked);
    const next: Place = { phase: 'tail', head: cut ?? end };
    return { entries, next, more: next.head.position < head };
  };

  /** A place in the walk is valid as long as the changes since the walk began are kept. */
  const walkOn = async (kind: Kind, place: Exclude<Place, { phase: 'tail' }>, asked: Asked): Promise<Page> => {
    const { known } = await readTail(db.read, place.head, { ...asked, kinds: [] }, 1);
    if (!known) throw cursorExpired();
    return walk(kind, place, asked);
  };

  const pageAt = (place: Place, asked: Asked): Promise<Page> =>
    place.phase === 'tail' ? follow(place, asked) : walkOn(place.phase, place, asked);

  const reading = new Map<string, Promise<Page>>();

  /** The same page for all calls that ask the same at one place: those that wait are woken together. */
  const pageTogether = (place: Place, asked: Asked): Promise<Page> => {
    const key = JSON.stringify([place, asked]);
    const page = reading.get(key) ?? pageAt(place, asked).finally(() => reading.delete(key));
    reading.set(key, page);
    return page;
  };

  /** Asks again after each new event, until there is an entry for this caller or the time is over. */
  const waitAt = async (place: Place, asked: Asked, waitS: number): Promise<Page> => {
    const until = performance.now() + waitS * 1_000;
    const order = asked.audience === 'public' ? 'public' : 'all';
    let page = await pageAt(place, asked);
    for (;;) {
      const leftMs = until - performance.now();
      if (page.entries.length > 0 || page.more || leftMs <= 0) return page;
      if (!(await waiting.past(order, page.next.head.position, leftMs))) return page;
      page = await pageTogether(page.next, asked);
    }
  };

  return {
    async list(actor, query) {
      const { audience, kind = kinds, include, limit, after, wait = 0 } = query;
      checkAudience(actor, audience);
      const filter = await readFilter(db.read, query);
      const asked = { audience, kinds: kind, filter, withItem: include !== undefined, limit };
      const place =
        after === undefined ? firstPlace(await readHead(db.read, audience)) : openPlace(cursors, audience, after);
      const { entries, next, more } = await waitAt(place, asked, wait);
      return { data: `[${entries.join(',')}]`, nextCursor: sealPlace(cursors, audience, next), more };
    },
  };
}

/** The last event of each thing, in the order of the events. */
function lastOfEach(events: readonly EventRow[]): EventRow[] {
  const last = new Map(events.map((event) => [event.subject, event]));
  return events.filter((event) => last.get(event.subject) === event);
}
