import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closePort, hush } from './close-port.ts';

/** What is on its way through a server: its connections, and the answers that have not reached their readers. */
export type Traffic = {
  connect(socket: Socket): void;
  begin(res: ServerResponse): void;
  /** From now on each answer is the last of its connection, those of running requests among them. */
  lastOrders(): void;
  /** Closes the connections that wait for nothing, or all of them. */
  sweep(which: 'idle' | 'all'): void;
};

/** So long the first request of a connection may take to arrive. */
const freshMs = 1_000;

export function openTraffic(): Traffic {
  const sockets = new Set<Socket>();
  const running = new Set<ServerResponse>();
  /** When a connection was made on which nothing has been asked yet. */
  const fresh = new WeakMap<Socket, number>();
  let last = false;
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
      res.once('close', () => running.delete(res));
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

/** How often connections are looked at; also the time that a request has which is just being sent. */
const sweepMs = 100;

/**
 * Empties a server. Not by `http.Server.close`: it also cuts answers that were written but have not all been sent, lets
 * busy keep-alive connections go on, and waits for connections on which nothing was ever sent, as browsers open them.
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
