import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closePort, hush } from './close-port.ts';

/** The open connections of a server, and the answers that are not sent completely. */
export type Traffic = {
  connect(socket: Socket): void;
  begin(res: ServerResponse): void;
  /** From now on each answer closes its connection, also those of running requests. */
  lastOrders(): void;
  /** Closes the idle connections, or all of them. */
  sweep(which: 'idle' | 'all'): void;
};

/** How long the first request of a new connection may take to arrive before the connection counts as idle. */
const freshMs = 1_000;

export function openTraffic(): Traffic {
  const sockets = new Set<Socket>();
  const running = new Set<ServerResponse>();
  /** Connections without a request yet, with the time when they were made. */
  const fresh = new WeakMap<Socket, number>();
  let last = false;
  /** One function for all of them: this is done for each request. */
  function onClose(this: ServerResponse) {
    running.delete(this);
  }
  const part = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  return {
    connect(socket) {
      sockets.add(socket);
      fresh.set(socket, performance.now());
      socket.once('close', () => sockets.delete(socket));
    },
    begin(res) {
      running.add(res);
      if (res.socket !== null) fresh.delete(res.socket);
      res.on('close', onClose);
      if (last) part(res);
    },
    lastOrders() {
      last = true;
      for (const res of running) part(res);
    },
    sweep(which) {
      const busy = new Set(which === 'all' ? [] : [...running].map((res) => res.socket));
      const waitedFor = (socket: Socket) => which === 'idle' && performance.now() - (fresh.get(socket) ?? 0) < freshMs;
      for (const socket of sockets) if (!busy.has(socket) && !waitedFor(socket)) socket.destroy();
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
