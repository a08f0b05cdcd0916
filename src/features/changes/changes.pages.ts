import { cursorExpired } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';
import type { LabelFeed, LabelNow } from '../../labels/feed.ts';
import { type Place, placeBehind } from './changes.cursor.ts';
import { type Entry, type EventRow, entriesOf, type Now, type Show, walkedEntry } from './changes.presenter.ts';
import { articlesNow, type Followed, itemSql, readTail, walkArticles } from './changes.repository.ts';
import { type Kind, kinds } from './changes.schema.ts';

export type PageParts = {
  db: Pick<Db, 'read'>;
  publicUrl: string;
  labels: Readonly<Record<'source' | 'tag', LabelFeed>>;
  /** SQL of the JSON of an article `a` with its source `s` in the latest list. */
  latestItem: string;
};

/** Some entries, and where to go on. `more`: asking again at once is worthwhile. */
export type Page = { entries: Entry[]; next: Place; more: boolean };

export type Asked = Followed & { show: Show; limit: number; bytesMax: number };

/** Reads the pages of a follower: the walk through everything that exists, and the changes after it. */
export type Pages = {
  /** Throws 410 if what followed the place is not kept any more. */
  at(place: Place, asked: Asked): Promise<Page>;
  /** The same page for all calls that ask the same at one place: those that wait are woken together. */
  atTogether(place: Place, asked: Asked): Promise<Page>;
};

type Walked = Exclude<Place, { phase: 'tail' }>;

export const labelNow = ({ id, slug, version, json }: LabelNow): Now => ({
  id,
  slug,
  version,
  shown: true,
  fits: true,
  json,
});

export function changePages({ db, publicUrl, labels, latestItem }: PageParts): Pages {
  const itemOf = { entry: null, item: itemSql, latest: latestItem } as const satisfies Record<Show, unknown>;

  /** Those of these things that exist, as they are now. */
  const nowOf = async (kind: Kind, ids: readonly string[], asked: Asked): Promise<Now[]> => {
    const { show, bytesMax } = asked;
    if (kind === 'article')
      return articlesNow(db.read, ids, asked, {
        ...{ what: show, item: itemOf[show], whole: show === 'item' },
        ...{ bytesMax, publicUrl },
      });
    return ids.length === 0 ? [] : (await labels[kind].byIds(ids)).map(labelNow);
  };

  const walkLabels = async (kind: 'source' | 'tag', { head, lastId }: Walked, asked: Asked): Promise<Page> => {
    const found = (await labels[kind].after(lastId, asked.limit)).map(labelNow);
    const last = found.length === asked.limit ? found.at(-1) : undefined;
    return {
      entries: found.map((now) => walkedEntry(kind, now, asked.show, head)),
      next: last ? { phase: kind, head, lastId: last.id } : placeBehind(kind, head),
      more: true,
    };
  };

  const walk = async (kind: Kind, place: Walked, asked: Asked): Promise<Page> => {
    const { head, lastId } = place;
    const behind = placeBehind(kind, head);
    if (!asked.kinds.includes(kind)) return { entries: [], next: behind, more: true };
    if (kind !== 'article') return walkLabels(kind, place, asked);
    const { ids, looked } = await walkArticles(db.read, lastId, asked, asked.limit);
    const found = await nowOf(kind, ids, asked);
    const held = found.findIndex(({ fits }) => !fits);
    const page = held < 0 ? found : found.slice(0, held);
    const end = held < 0 ? looked : page.at(-1)?.id;
    // A thing that is hidden since its id was read has an event after the head, which tells the follower.
    const shown = page.filter((now) => now.shown);
    const next: Place = end ? { phase: kind, head, lastId: end } : behind;
    return { entries: shown.map((now) => walkedEntry(kind, now, asked.show, head)), next, more: true };
  };

  const follow = async (place: Place, asked: Asked): Promise<Page> => {
    const { known, head, end, events } = await readTail(db.read, place.head, asked, asked.limit);
    if (!known) throw cursorExpired();
    const last = lastOfEach(events);
    const idsOf = (kind: Kind) => [
      ...new Set(last.filter((event) => event.kind === kind).map(({ subject }) => subject)),
    ];
    const found = await Promise.all(kinds.map((kind) => nowOf(kind, idsOf(kind), asked)));
    const now = new Map(found.flat().map((one) => [one.id, one]));
    const { entries, cut } = entriesOf(events, now, { show: asked.show, before: place.head });
    const next: Place = { phase: 'tail', head: cut ?? end };
    return { entries, next, more: next.head.position < head };
  };

  /** A place in the walk is valid as long as the changes since the walk began are kept. */
  const walkOn = async (place: Walked, asked: Asked): Promise<Page> => {
    const { known } = await readTail(db.read, place.head, { ...asked, kinds: [] }, 1);
    if (!known) throw cursorExpired();
    return walk(place.phase, place, asked);
  };

  const at = (place: Place, asked: Asked): Promise<Page> =>
    place.phase === 'tail' ? follow(place, asked) : walkOn(place, asked);

  const reading = new Map<string, Promise<Page>>();
  return {
    at,
    atTogether(place, asked) {
      const key = JSON.stringify([place, asked]);
      const page = reading.get(key) ?? at(place, asked).finally(() => reading.delete(key));
      reading.set(key, page);
      return page;
    },
  };
}

/** The last event of each thing, in the order of the events. */
function lastOfEach(events: readonly EventRow[]): EventRow[] {
  const last = new Map(events.map((event) => [event.subject, event]));
  return events.filter((event) => last.get(event.subject) === event);
}
