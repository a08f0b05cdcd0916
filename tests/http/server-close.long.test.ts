import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Listening } from '../../src/http/server/server.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';

const { listen, openGate } = outside;

const open: { server: Listening; sockets: Socket[] }[] = [];
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await server.close(0);
  }
});

type Line = { socket: Socket; text: () => string; closed: Promise<string>; said: (text: string) => Promise<void> };

/** A server, and a way to raw connections with it that collect what they are told. */
async function serve(listener: RequestListener) {
  const server = await listen(listener, { port: 0, host: '127.0.0.1' });
  const sockets: Socket[] = [];
  open.push({ server, sockets });
  const dial = (send: string): Promise<Line> =>
    new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      sockets.push(socket);
      let text = '';
      const waiting: (() => void)[] = [];
      socket.on('data', (chunk) => {
        text += String(chunk);
        for (const look of waiting) look();
      });
      socket.on('error', () => {});
      const closed = new Promise<string>((end) => socket.once('close', () => end(text)));
      const said = (wanted: string) =>
        new Promise<void>((done) => {
          const look = () => text.includes(wanted) && done();
          waiting.push(look);
          look();
        });
      socket.once('connect', () => socket.write(send, () => resolve({ socket, text: () => text, closed, said })));
    });
  return { server, dial };
}

const get = (path = '/') => `GET ${path} HTTP/1.1\r\nHost: news.example\r\n\r\n`;

/** A listener whose answers are given by hand, and the next one to be asked for. */
function byHand() {
  const asked: ((res: ServerResponse) => void)[] = [];
  const next = () => new Promise<ServerResponse>((resolve) => asked.push(resolve));
  const listener: RequestListener = (_req, res) => asked.shift()?.(res);
  return { listener, next };
}

describe('closing a server', () => {
  it('lets a running request end, and says that its connection is the last', async () => {
    const { listener, next } = byHand();
    const { server, dial } = await serve(listener);
    const request = next();
    const line = await dial(get());
    const res = await request;
    const closing = server.close(10_000);
    res.end('whole');
    const text = await line.closed;
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close\r\n[\s\S]*\r\n\r\nwhole$/i);
    await closing;
  });

  it('does not cut an answer that its reader takes slowly', async () => {
    const size = 20_000_000;
    const { listener, next } = byHand();
    const { server, dial } = await serve(listener);
    const request = next();
    const line = await dial(get());
    line.socket.pause();
    (await request).end(Buffer.alloc(size, 'x'));
    const closing = server.close(10_000);
    line.socket.resume();
    expect((await line.closed).length).toBeGreaterThan(size);
    await closing;
  });

  it('is not held by a connection that is kept alive, nor by one on which nothing was ever sent', async () => {
    const { server, dial } = await serve((_req, res) => res.end('ok'));
    const idle = await dial(get());
    await idle.said('ok');
    const silent = await dial('');
    const began = performance.now();
    await server.close(10_000);
    expect(performance.now() - began).toBeLessThan(5_000);
    await Promise.all([idle.closed, silent.closed]);
  });

  it('is not held past the limit by a request that never ends; a second call is the first', async () => {
    const { listener, next } = byHand();
    const { server, dial } = await serve(listener);
    const request = next();
    const line = await dial(get());
    await request;
    const closing = server.close(50);
    expect(server.close(60_000)).toBe(closing);
    await closing;
    expect(await line.closed).toBe('');
  });

  it('goes on answering for the delay, each answer the last of its connection', async () => {
    const { server, dial } = await serve((_req, res) => res.end('ok'));
    const kept = await dial(get());
    await kept.said('ok');
    expect(kept.text()).toMatch(/connection: keep-alive/i);
    const closing = server.close(10_000, 400);
    kept.socket.write(get());
    expect(await kept.closed).toMatch(/connection: close\r\n[\s\S]*ok$/i);
    expect(await (await dial(get())).closed).toMatch(/connection: close\r\n[\s\S]*ok$/i);
    await closing;
    await expect(fetch(`http://127.0.0.1:${server.port}`)).rejects.toThrow('fetch failed');
  });
});

describe('the gate', () => {
  it('answers that the process lives and that it is starting, a line of the log each, until it is opened', async () => {
    const lines: string[] = [];
    const log = outside.pino({}, { write: (line: string) => void lines.push(line) });
    const gate = openGate({ log, trustedProxies: 0 });
    const { server } = await serve(gate.listener);
    const url = `http://127.0.0.1:${server.port}`;
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const early = await fetch(`${url}/v1/latest`);
    expect({
      status: early.status,
      type: early.headers.get('content-type'),
      retry: early.headers.get('retry-after'),
    }).toEqual({ status: 503, type: 'application/problem+json; charset=utf-8', retry: '1' });
    expect(await early.json()).toMatchObject({
      status: 503,
      code: 'unavailable',
      requestId: early.headers.get('x-request-id'),
    });
    const secret = '01a2b3c4-0000-7000-8000-000000000000.a-token-that-nobody-may-read-in-a-log-0123456789';
    expect((await fetch(`${url}/v1/previews/${secret}`)).status).toBe(503);
    await eventually(async () => expect(lines).toHaveLength(3));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 30, path: '/livez', status: 200 },
      { level: 40, path: '/v1/latest', status: 503, requestId: early.headers.get('x-request-id') },
      { level: 40, path: '/v1/previews/…', status: 503 },
    ]);
    gate.open((_req, res) => res.end('the application'));
    expect(await (await fetch(`${url}/v1/latest`)).text()).toBe('the application');
  });
});
