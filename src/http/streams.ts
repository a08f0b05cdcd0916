import type { IncomingMessage, ServerResponse } from 'node:http';
import { unavailable } from '../core/errors.ts';
import { cacheControl } from './caching.ts';
import {
  commentOf,
  type EventStream,
  openingOf,
  retryOf,
  type StreamEnd,
  type StreamOut,
  streamType,
} from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { openPlaces } from './stream-places.ts';

/** Counts streams for the metrics. */
export type StreamWatch = {
  /** A stream of this route began. Returns what is called when it ends. */
  streamBegan(route: string): (why: StreamEnd) => void;
};

/** A call that becomes a stream; `leave` gives its place back. */
export type StreamCall = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly exchange: Exchange;
  readonly route: string;
  readonly signedIn: boolean;
  readonly leave: () => void;
};

export type StreamsParts = { max: number; addressMax: number; watch: StreamWatch; commentEveryS?: number };

/** The open streams of a process. */
export type Streams = {
  /** Takes a place for one more stream. Throws 503 if there is none, in all or for this address. */
  enter(address: string): () => void;
  begin(call: StreamCall, stream: EventStream): void;
  /** Ends all streams and refuses others. Readers are told to reconnect after `delayMs` and some seconds. */
  close(delayMs?: number): void;
};

/** A reader for whom more than this waits in the process is cut. */
const waitingBytesMax = 262_144;

/** How often each stream gets a comment. Their turns are spread over that time. */
const usualCommentEveryS = 15;

/** Readers that were cut together come back at different times. */
const retryMs = { min: 2_000, spread: 3_000 };
const someRetryMs = () => retryMs.min + Math.floor(Math.random() * retryMs.spread);

type Open = {
  readonly comment: () => void;
  readonly end: (why: StreamEnd, last?: string) => void;
};

/** Node's internal handle of a connection: what of a write was not taken yet. A long write is done only when all of it is. */
type WritingHandle = { writeQueueSize?: number };

/** The same as before while the reader takes nothing, however much is written. */
function whatIsLeft({ socket, writableLength }: ServerResponse): string {
  const handle: WritingHandle = (socket && Reflect.get(socket, '_handle')) ?? {};
  return `${(socket?.bytesWritten ?? 0) - writableLength} ${handle.writeQueueSize}`;
}

/** The writing side of one stream. `gone` is called when its connection has closed. */
function openOne({ res, exchange }: StreamCall, stream: EventStream, gone: (why: StreamEnd) => void) {
  let told = stream.id();
  let leftBefore = '';
  let [isOpen, wake] = [true, () => {}];
  const finish = (why: StreamEnd) => {
    if (!isOpen) return false;
    isOpen = false;
    exchange.ended = why;
    wake();
    return true;
  };
  const cut = () => void (finish('slow') && res.destroy());
  const write = (frames: readonly Buffer[]) => {
    for (const frame of frames) res.write(frame);
  };
  res.on('drain', () => wake());
  res.once('close', () => {
    finish('left');
    gone(exchange.ended ?? 'left');
  });
  const out: StreamOut = {
    send(frames) {
      if (!isOpen) return;
      if (res.writableLength > waitingBytesMax) cut();
      else write(frames);
    },
    async fill(frames) {
      if (isOpen) write(frames);
      while (isOpen && res.writableNeedDrain)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return isOpen;
    },
    end(why, thrown) {
      if (!finish(why)) return;
      if (thrown !== undefined) exchange.error = thrown;
      res.end();
    },
  };
  const open: Open = {
    comment() {
      // The end was written, and its reader does not take it.
      if (!isOpen) return void res.destroy();
      const left = whatIsLeft(res);
      if (res.writableLength > 0 && left === leftBefore) return cut();
      leftBefore = left;
      const id = stream.id();
      res.write(commentOf(id === told ? null : id));
      told = id;
    },
    end(why, last = '') {
      if (finish(why)) res.end(last);
    },
  };
  exchange.ended = 'left';
  res.write(openingOf(someRetryMs(), told));
  return { out, open };
}

/** One timer for all: each second it comments on the streams of one of the turns. */
function openTurns(everyS: number) {
  const turns = Array.from({ length: everyS }, () => new Set<Open>());
  let [now, count] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    now = (now + 1) % everyS;
    for (const one of turns[now] ?? []) one.comment();
  };
  return {
    all: () => turns.flatMap((turn) => [...turn]),
    add(one: Open) {
      const turn = turns[now];
      turn?.add(one);
      count += 1;
      timer ??= setInterval(tick, 1_000).unref();
      return () => {
        turn?.delete(one);
        count -= 1;
        if (count > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

export function openStreams(parts: StreamsParts): Streams {
  const places = openPlaces(parts);
  const turns = openTurns(parts.commentEveryS ?? usualCommentEveryS);
  let stopping = false;
  return {
    enter(address) {
      if (stopping) throw unavailable(undefined, 'stopping');
      return places.take(address);
    },
    begin(call, stream) {
      const { req, res, route, signedIn, leave } = call;
      const over = () => {
        stream.close();
        leave();
      };
      if (res.destroyed || stopping) {
        over();
        return void res.destroy();
      }
      res.setHeader('Content-Type', `${streamType}; charset=utf-8`);
      res.setHeader('Cache-Control', cacheControl('never', signedIn));
      // Asks nginx not to collect what comes.
      res.setHeader('X-Accel-Buffering', 'no');
      if (req.method === 'HEAD') {
        over();
        return void res.end();
      }
      const ended = parts.watch.streamBegan(route);
      const { out, open } = openOne(call, stream, (why) => {
        turn();
        over();
        ended(why);
      });
      const turn = turns.add(open);
      stream.begin(out);
    },
    close(delayMs = 0) {
      stopping = true;
      for (const open of turns.all()) open.end('stopping', retryOf(delayMs + someRetryMs()));
    },
  };
}
