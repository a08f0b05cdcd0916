/** What a stream is to those who make events: no request, no response. The text is that of Server-Sent Events (HTML, 9.2). */

export const streamType = 'text/event-stream';

/** How a stream ended; `left`: its reader went, `history`: what followed its place is not known any more. */
export type StreamEnd = 'left' | 'slow' | 'access' | 'history' | 'failed' | 'stopping';

/** One event. `event` is its name; `message` is what readers call an event without one. */
export type StreamEvent = { readonly id: string; readonly event?: string | undefined; readonly data: string };

export type StreamOut = {
  /** Writes what has just happened. A reader for whom too much waits is cut instead, and can resume. */
  send(frames: readonly Buffer[]): void;
  /** Writes what happened before, and waits until nearly all of it is taken. False if the stream has ended. */
  fill(frames: readonly Buffer[]): Promise<boolean>;
  /** Ends the stream after what was written. `thrown`: what is to be logged. */
  end(why: Exclude<StreamEnd, 'left' | 'slow'>, thrown?: unknown): void;
};

/** What the handler of a stream returns. */
export type EventStream = {
  /** Begins to send. Not called for a HEAD, nor if the reader has gone meanwhile. */
  begin(out: StreamOut): void;
  /** The id from which the reader goes on without loss, of all that was written until now. */
  id(): string;
  /** Frees what the stream has taken. Called once. */
  close(): void;
};

/** The bytes of one event, made once for all readers who get it. */
export function frameOf({ id, event, data }: StreamEvent): Buffer {
  const name = event === undefined ? '' : `event: ${event}\n`;
  const lines = data.split(/\r\n|[\r\n]/).map((line) => `data: ${line}\n`);
  return Buffer.from(`${name}id: ${id}\n${lines.join('')}\n`);
}

/** A comment, which keeps the connection alive, with the id if it has moved. A block without data is no event. */
export const commentOf = (id: string | null): string => (id === null ? ':\n\n' : `:\nid: ${id}\n\n`);

/** The first block: how long to wait before reconnecting, and the id to reconnect with until an event comes. */
export const openingOf = (retryMs: number, id: string): string => `retry: ${retryMs}\nid: ${id}\n\n`;

export const retryOf = (retryMs: number): string => `retry: ${retryMs}\n\n`;
