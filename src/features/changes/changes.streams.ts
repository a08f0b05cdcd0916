import { setTimeout as pause } from 'node:timers/promises';
import type { Standing } from '../../access/standing.ts';
import type { Actor } from '../../core/actor.ts';
import { Failure, invalidCursor, invalidEventId, invalidToken } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import { openSlots } from '../../core/turns.ts';
import type { Db } from '../../db/client.ts';
import { type EventStream, frameOf, type StreamOut } from '../../http/event-stream.ts';
import type { Channel } from './changes.channel.ts';
import { openPlace, type Place, sealPlace } from './changes.cursor.ts';
import { readFilter, type Wanted } from './changes.filter.ts';
import type { Page, Pages } from './changes.pages.ts';
import type { Entry, Show } from './changes.presenter.ts';
import type { ChangeAudience, Kind } from './changes.schema.ts';
import { checkAudience, followsStaff } from './changes.service.ts';
import type { Listener, Tail } from './changes.tail.ts';

/** What a stream is asked for. `lastEventId` wins over `after`: readers that reconnect send both. */
export type StreamAsked = {
  readonly actor: Actor | null;
  readonly audience: ChangeAudience;
  readonly kinds: readonly Kind[];
  readonly show: Show;
  readonly wanted: Wanted;
  readonly exclude: readonly string[];
  readonly after: string | undefined;
  readonly lastEventId: string;
};

export type ChangeStreams = {
  /** Opens a stream of what happens from now on, or since an event. What is at fault is thrown before it begins. */
  open(asked: StreamAsked): Promise<EventStream>;
};

export type StreamParts = {
  db: Pick<Db, 'read'>;
  cursors: Cursors;
  pages: Pages;
  tail: Tail;
  standing: Standing;
};

/** How many of the streams that are behind read at once. */
const behindAtOnce = 4;
const behindMax = 4_000;
const behindWaitMs = 10_000;

/** What a page holds for one that is behind: little enough to wait in memory until it is taken. */
const pageLimit = 100;
const pageBytesMax = 200_000;

const retryMs = 1_000;

/** Streams with the same name are told the same. */
const nameOf = ({ audience, kinds, show, wanted, exclude }: StreamAsked): string =>
  JSON.stringify([audience, kinds, show, wanted.tag, wanted.source, wanted.language, exclude]);

const sealedMax = 1_000;

/** Seals each place once for all readers who have reached it. */
function openSealing(cursors: Cursors) {
  const known = new Map<string, string>();
  return (audience: ChangeAudience, place: Place): string => {
    if (place.phase !== 'tail') return sealPlace(cursors, audience, place);
    const name = `${audience} ${place.head.position} ${place.head.eventId}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= sealedMax) known.clear();
    const sealed = sealPlace(cursors, audience, place);
    known.set(name, sealed);
    return sealed;
  };
}

function openCursor(cursors: Cursors, { audience, show }: StreamAsked, cursor: string): Place {
  const place = openPlace(cursors, audience, cursor);
  if (show === 'latest' && place.phase !== 'tail') throw invalidCursor();
  return place;
}

/** The place where a stream begins; null for the end of what there is now. */
function placeOf(cursors: Cursors, asked: StreamAsked): Place | null {
  const { after, lastEventId } = asked;
  // Looked at also where the header wins: a parameter that is no cursor is never ignored.
  const place = after === undefined ? null : openCursor(cursors, asked, after);
  if (lastEventId === '') return place;
  try {
    return openCursor(cursors, asked, lastEventId);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'invalid-cursor') throw invalidEventId();
    throw thrown;
  }
}

export function changeStreams({ db, cursors, pages, tail, standing }: StreamParts): ChangeStreams {
  const seal = openSealing(cursors);
  const slots = openSlots({ max: behindAtOnce, waitingMax: behindMax, waitMs: behindWaitMs });

  const channelOf = async (asked: StreamAsked): Promise<Channel> => {
    const { audience, kinds, show, wanted } = asked;
    return {
      ...{ audience, kinds, show, wanted, exclude: new Set(asked.exclude) },
      filter: await readFilter(db.read, wanted),
      frame: ({ json, removed, after }: Entry) =>
        frameOf({ id: seal(audience, after), event: show === 'latest' && removed ? 'remove' : undefined, data: json }),
    };
  };

  const readPage = async (place: Place, channel: Channel): Promise<Page> => {
    const { audience, kinds, show, filter, exclude } = channel;
    const giveBack = await slots.take('short');
    const asked = { audience, kinds, show, filter, limit: pageLimit, bytesMax: pageBytesMax };
    const page = await pages.atTogether(place, asked).finally(giveBack);
    return exclude.size === 0 ? page : { ...page, entries: page.entries.filter(({ id }) => !exclude.has(id)) };
  };

  /** The next page; null if the stream has ended over it. */
  const nextPage = async (place: Place, asked: StreamAsked, out: StreamOut): Promise<Page | null> => {
    for (;;) {
      try {
        // A label may have been merged while this stream was behind.
        return await readPage(place, await channelOf(asked));
      } catch (thrown) {
        const kind = thrown instanceof Failure ? thrown.kind : 'fault';
        if (kind === 'Unavailable' && (await out.fill([]))) await pause(retryMs, undefined, { ref: false });
        else {
          if (kind === 'Gone') out.end('history');
          else out.end('failed', thrown);
          return null;
        }
      }
    }
  };

  const streamFrom = (asked: StreamAsked, channel: Channel, start: { place: Place; page: Page | null }) => {
    const { audience, actor } = asked;
    const name = nameOf(asked);
    let { place, page: first } = start;
    let listener: Listener | null = null;
    let [leave, unwatch] = [() => {}, () => {}];

    const join = (out: StreamOut): boolean => {
      const here: Listener = {
        reached: place.head,
        hear: out.send,
        behind() {
          place = { phase: 'tail', head: here.reached };
          listener = null;
          void catchUp(out);
        },
      };
      const left = tail.join(name, channel, here);
      if (left === null) return false;
      listener = here;
      leave = left;
      return true;
    };
    /** Writes pages until the stream has caught up with those that listen. */
    const follow = async (out: StreamOut, from: Page | null): Promise<void> => {
      for (let page = from; page !== null; page = await nextPage(place, asked, out)) {
        const filled = out.fill(page.entries.map(channel.frame));
        place = page.next;
        if (!(await filled)) return;
        if (place.phase === 'tail' && join(out)) return;
      }
    };
    const catchUp = async (out: StreamOut) => follow(out, await nextPage(place, asked, out));

    return {
      id: () => seal(audience, listener === null ? place : { phase: 'tail', head: listener.reached }),
      begin(out: StreamOut) {
        if (audience === 'staff' && actor !== null)
          unwatch = standing.watch(actor, followsStaff, () => out.end('access'));
        void follow(out, first ?? { entries: [], next: place, more: false });
        // The stream lives long, and the page is large.
        first = null;
      },
      close() {
        leave();
        unwatch();
      },
    } satisfies EventStream;
  };

  return {
    async open(asked) {
      const { actor, audience } = asked;
      checkAudience(actor, audience);
      if (audience === 'staff' && actor !== null && standing.isOver(actor)) throw invalidToken();
      const from = placeOf(cursors, asked);
      const channel = await channelOf(asked);
      const release = await tail.hold();
      try {
        const place: Place = from ?? { phase: 'tail', head: tail.head(audience) };
        const page = from === null ? null : await readPage(from, channel);
        const stream = streamFrom(asked, channel, { place, page });
        return {
          ...stream,
          close() {
            stream.close();
            release();
          },
        };
      } catch (thrown) {
        release();
        throw thrown;
      }
    },
  };
}
