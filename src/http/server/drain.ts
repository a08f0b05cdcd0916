import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closePort, hush } from './close-port.ts';

/** The open connections of a server, and the answers that are not sent completely. */
export type Traffic = {
  connect(socket: Socket): void;
  begin(res: ServerResponse): void;
  /** The answer to the last request that has come on a connection: the earlier ones are sent before it. */
  newestOf(socket: Socket): ServerResponse | undefined;
  /** Forgets the answers that have ended: with its request one takes as much as its connection. */
  letGo(): void;
  /** From now on each connection is closed after its newest answer, also after one that is being made. */
  lastOrders(): void;
  /** Closes the idle connections, or all of them. */
  sweep(which: 'idle' | 'all'): void;
};

/** How long the first request of a new connection may take to arrive before the connection counts as idle. */
const freshMs = 1_000;

/** `newest`: undefined before the first request, null once its answer has ended. */
type Connection = { readonly madeAt: number; newest: ServerResponse | null | undefined };

const part = (res: ServerResponse) => {
  if (!res.headersSent) res.setHeader('Connection', 'close');
};

const isIdle = ({ madeAt, newest }: Connection): boolean =>
  newest === undefined ? performance.now() - madeAt >= freshMs : newest === null || newest.closed;

export function openTraffic(): Traffic {
  // Nothing is noted of a request but that it is the newest: a listener for the end of each costs more than the rest of this.
  const connections = new Map<Socket, Connection>();
  let last = false;
  return {
    connect(socket) {
      connections.set(socket, { madeAt: performance.now(), newest: undefined });
      socket.once('close', () => connections.delete(socket));
    },
    begin(res) {
      const connection = connections.get(res.req.socket);
      if (connection !== undefined) connection.newest = res;
      if (last) part(res);
    },
    newestOf: (socket) => connections.get(socket)?.newest ?? undefined,
    letGo() {
      for (const connection of connections.values()) {
        const { newest } = connection;
        // While the body of its request still arrives, an error in that is told by it.
        if (newest?.closed && newest.req.complete) connection.newest = null;
      }
    },
    lastOrders() {
      last = true;
      for (const { newest } of connections.values()) if (newest) part(newest);
    },
    sweep(which) {
      for (const [socket, connection] of connections) if (which === 'all' || isIdle(connection)) socket.destroy();
    },
  };
}

/** How often idle connections are closed. A request that is just being sent has this long to arrive. */
const sweepMs = 100;

/**
 * Drains a server. `http.Server.close` is not enough: it cuts answers that were written but not yet sent completely, lets
 * busy keep-alive connections go on, and waits for connections on which nothing was ever sent, which browsers open.
 */
export async function drain(server: Server, traffic: Traffic, limitMs: number, delayMs: number): Promise<void> {
  traffic.lastOrders();
  if (delayMs > 0) {
    await delay(delayMs);
    await hush(server);
  }
  const ended = new Promise<void>((resolve) => void closePort(server, resolve));
  const sweep = setInterval(() => traffic.sweep('idle'), sweepMs);
  const limit = setTimeout(() => traffic.sweep('all'), limitMs);
  await ended;
  clearInterval(sweep);
  clearTimeout(limit);
}
