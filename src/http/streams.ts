import type { IncomingMessage, ServerResponse } from 'node:http';
import { notAcceptable, unavailable } from '../core/errors.ts';
import { cacheControl } from './caching.ts';
import { commentOf, type EventStream, openingOf, retryOf, type StreamEnd, type StreamOut } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { openPlaces } from './stream-places.ts';

export const streamType = 'text/event-stream';

/** What counts streams. */
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
/** What is left when a reader has taken nearly all. */
const fewBytes = 16_384;

/** How often each stream gets a comment. Their turns are spread over that time. */
const commentEveryS = 15;

/** Readers that were cut together come back at different times. */
const retryMs = { min: 2_000, spread: 3_000 };
const someRetryMs = () => retryMs.min + Math.floor(Math.random() * retryMs.spread);

/** Throws 406 if an `Accept` excludes streams. */
export function checkAccept(accept: string | undefined): void {
  const ranges = (accept ?? '*/*').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase());
  if (!ranges.some((range) => range === '*/*' || range === 'text/*' || range === streamType))
    throw notAcceptable(streamType);
}

type Open = {
  readonly comment: () => void;
  readonly end: (why: StreamEnd, last?: string) => void;
};

/** The writing side of one stream. `gone` is called when its connection has closed. */
function openOne({ res, exchange }: StreamCall, stream: EventStream, gone: (why: StreamEnd) => void) {
  let told = stream.id();
  let takenBefore = -1;
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
      while (isOpen && res.writableLength > fewBytes)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return isOpen;
    },
    end(why, thrown) {
      if (thrown !== undefined) exchange.error = thrown;
      if (finish(why)) res.end();
    },
  };
  const open: Open = {
    comment() {
      // The end was written, and its reader does not take it.
      if (!isOpen) return void res.destroy();
      const waiting = res.writableLength;
      const taken = (res.socket?.bytesWritten ?? 0) - waiting;
      if (waiting > 0 && taken === takenBefore) return cut();
      takenBefore = taken;
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
function openTurns() {
  const turns = Array.from({ length: commentEveryS }, () => new Set<Open>());
  let [now, count] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    now = (now + 1) % commentEveryS;
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

export function openStreams(parts: { max: number; addressMax: number; watch: StreamWatch }): Streams {
  const places = openPlaces(parts);
  const turns = openTurns();
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
