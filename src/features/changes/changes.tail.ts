import { setImmediate as turn } from 'node:timers/promises';
import type { Db } from '../../db/client.ts';
import type { LabelFeed } from '../../labels/feed.ts';
import {
  asksRevisions,
  type Channel,
  framesOf,
  headsAfter,
  isFiltered,
  leaves,
  orderOf,
  renames,
  type Things,
  upToRoom,
} from './changes.channel.ts';
import type { At } from './changes.cursor.ts';
import { readFilters } from './changes.filter.ts';
import { isTold } from './changes.matching.ts';
import { articleFacts, type Heads, type News, readBothHeads, readNews } from './changes.news.ts';
import { labelNow } from './changes.pages.ts';
import type { ChangeAudience, Kind } from './changes.schema.ts';

/** Who is told of what has just happened. `reached`: the last event that it knows of. */
export type Listener = {
  reached: At;
  hear(frames: readonly Buffer[]): void;
  /** Called when it listens no more: what follows `reached` was not read for it. */
  behind(): void;
};

export type Tail = {
  /** Keeps a place at the end of the changes until the returned function is called. */
  hold(): Promise<() => void>;
  /** The last event that listeners were told of; only while somebody holds. */
  head(audience: ChangeAudience): At;
  /** Listens from where the listener is. Returns the function that ends that; null if it is behind the others. */
  join(name: string, channel: Channel, listener: Listener): (() => void) | null;
  /** Called when there may be new events. */
  moved(): void;
};

export type TailParts = {
  db: Pick<Db, 'read'>;
  publicUrl: string;
  labels: Readonly<Record<'source' | 'tag', LabelFeed>>;
  latestItem: string;
  /** Called for the first of several failures in a row. */
  failed(thrown: unknown): void;
};

type Open = { readonly name: string; channel: Channel; readonly listeners: Set<Listener> };

/** The most events that are read at once. */
const newsMax = 200;
const retryMs = 500;
/** After writing to this many listeners, other work of the process gets its turn. */
const toldAtOnce = 200;

const nowhere: At = { position: 0, eventId: '' };

/** Reads what has just happened once for all who listen, however many they are and whatever they follow. */
export function openTail({ db, publicUrl, labels, latestItem, failed }: TailParts): Tail {
  const channels = new Map<string, Open>();
  const readFacts = articleFacts(db.read, { publicUrl, latestItem });
  let holders = 0;
  let heads: Heads | null = null;
  let [looking, again, isFailing] = [false, false, false];

  const all = () => [...channels.values()];

  /** A label may have been made, renamed or merged since. */
  const renewFilters = async (some: readonly Open[]) => {
    const filtered = some.filter(({ channel }) => isFiltered(channel));
    if (filtered.length === 0) return;
    const filters = await readFilters(
      db.read,
      filtered.map(({ channel }) => channel.wanted),
    );
    for (const [at, open] of filtered.entries())
      open.channel = { ...open.channel, filter: filters[at] ?? open.channel.filter };
  };

  const readThings = async (news: readonly News[], channelsNow: readonly Open[]): Promise<Things> => {
    const told = channelsNow.map(({ channel }) => ({ channel, news: news.filter((one) => isTold(one, channel)) }));
    const idsOf = (kind: Kind, show?: Channel['show']) => [
      ...new Set(
        told
          .filter(({ channel }) => show === undefined || channel.show === show)
          .flatMap((one) => one.news)
          .filter((one) => one.kind === kind)
          .sort((a, b) => a.position - b.position)
          .map(({ subject }) => subject),
      ),
    ];
    const asked = { ids: idsOf('article'), items: idsOf('article', 'item'), latest: idsOf('article', 'latest') };
    const facts = await readFacts(asked);
    const found = [];
    for (const kind of ['source', 'tag'] as const) {
      const ids = idsOf(kind);
      if (ids.length > 0) found.push(...(await labels[kind].byIds(ids)));
    }
    return {
      facts: new Map(facts.map((one) => [one.id, one])),
      labels: new Map(found.map((one) => [one.id, labelNow(one)])),
    };
  };

  const sendBack = (some: readonly Open[]) => {
    for (const open of some) {
      channels.delete(open.name);
      for (const listener of open.listeners) listener.behind();
    }
  };

  /** Tells everybody. Who comes to listen from now on has to know of these events already. */
  const tell = async (some: readonly Open[], news: readonly News[], things: Things, between: [Heads, Heads]) => {
    const [before, after] = between;
    const waiting = some.flatMap(({ channel, listeners }) => {
      const order = orderOf(channel.audience);
      const frames = framesOf(channel, news, things, before[order]);
      return [...listeners].map((listener) => ({ listener, frames, end: after[order] }));
    });
    for (const [at, { listener, frames, end }] of waiting.entries()) {
      if (at % toldAtOnce === toldAtOnce - 1) await turn();
      if (listener.reached.position >= end.position) continue;
      const fresh = frames.filter(({ position }) => position > listener.reached.position);
      if (fresh.length > 0) listener.hear(fresh.map(({ frame }) => frame));
      listener.reached = end;
    }
  };

  /** Reads and tells one batch. Returns whether there is more. */
  const step = async (from: Heads): Promise<boolean> => {
    const revisions = all().some(({ channel }) => asksRevisions(channel));
    const { known, head, news: found } = await readNews(db.read, from.all, { limit: newsMax, revisions });
    if (heads !== from) return true;
    if (!known) {
      heads = null;
      sendBack(all());
      heads = await readBothHeads(db.read);
    }
    if (!known || found.length === 0) return false;
    const served = all();
    if (renames(found)) await renewFilters(served);
    let things = await readThings(found, served);
    if (served.some(({ channel }) => leaves(channel, found, things))) {
      await renewFilters(served);
      things = await readThings(found, served);
    }
    if (heads !== from) return true;
    const news = upToRoom(found, things.facts);
    const to = headsAfter(from, news);
    heads = to;
    // For channels that came meanwhile nothing of this was read.
    sendBack(all().filter((open) => !served.includes(open)));
    await tell(served, news, things, [from, to]);
    return to.all.position < head;
  };

  const look = async (): Promise<void> => {
    again = true;
    if (looking) return;
    looking = true;
    try {
      while (again && heads !== null) {
        again = false;
        while (heads !== null && (await step(heads)));
      }
      isFailing = false;
    } catch (thrown) {
      if (!isFailing) failed(thrown);
      isFailing = true;
      setTimeout(() => void look(), retryMs).unref();
    }
    looking = false;
  };

  const release = () => {
    holders -= 1;
    if (holders === 0) heads = null;
  };
  let beginning: Promise<void> | null = null;
  const begin = async () => {
    const found = await readBothHeads(db.read);
    if (holders > 0) heads = found;
    // Something may have happened since it was read.
    void look();
  };

  return {
    async hold() {
      holders += 1;
      let held = true;
      try {
        while (heads === null) {
          beginning ??= begin();
          await beginning.finally(() => {
            beginning = null;
          });
        }
      } catch (thrown) {
        release();
        throw thrown;
      }
      return () => {
        if (held) release();
        held = false;
      };
    },
    head: (audience) => heads?.[orderOf(audience)] ?? nowhere,
    join(name, channel, listener) {
      if (heads === null || listener.reached.position < heads[orderOf(channel.audience)].position) return null;
      const open = channels.get(name) ?? { name, channel, listeners: new Set() };
      channels.set(name, open);
      open.listeners.add(listener);
      return () => {
        open.listeners.delete(listener);
        if (open.listeners.size === 0 && channels.get(name) === open) channels.delete(name);
      };
    },
    moved: () => void (heads !== null && look()),
  };
}
