import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './eventually.ts';

/** What a receiver was sent. */
export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The port that it came from. */
  readonly from: number | undefined;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly at: number;
};

export type Reply = { status: number; headers?: Record<string, string>; body?: string | Buffer };

/** A status, a whole answer, or what decides it; undefined gives none at all. */
export type Replying = number | Reply | ((received: Received) => number | Reply | undefined | Promise<number | Reply>);

export type Receiver = {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** What each of the next is answered, in their order; the last of these goes on. */
  answers(...replies: readonly Replying[]): void;
  /** Waits until so many came. */
  until(count: number, withinMs?: number): Promise<readonly Received[]>;
  /** How many are being answered now, and the most that ever were. */
  readonly open: { now: number; most: number };
  /** Closes every connection without a word. */
  hangUp(): void;
  close(): Promise<void>;
};

function send(res: ServerResponse, reply: number | Reply | undefined): void {
  if (reply === undefined) return;
  const { status, headers = {}, body = '' } = typeof reply === 'number' ? { status: reply } : reply;
  res.writeHead(status, headers).end(body);
}

/** A server on the loopback that keeps what it is sent. It answers 204 unless told otherwise. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const open = { now: 0, most: 0 };
  let [replies, asked]: [readonly Replying[], number] = [[204], 0];
  const server = createServer((req, res) => {
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    res.once('close', () => {
      open.now -= 1;
    });
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.once('end', async () => {
      const { method = '', url: path = '', headers } = req;
      const from = req.socket.remotePort;
      const one = { method, path, headers, from, body: Buffer.concat(parts).toString(), at: performance.now() };
      const reply = replies[Math.min(asked, replies.length - 1)] ?? 204;
      asked += 1;
      received.push(one);
      send(res, typeof reply === 'function' ? await reply(one) : reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    open,
    answers(...next) {
      [replies, asked] = [next, 0];
    },
    until: (count, withinMs) =>
      eventually(async () => {
        if (received.length < count) throw new Error(`only ${received.length} of ${count} came`);
        return received;
      }, withinMs),
    hangUp: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
