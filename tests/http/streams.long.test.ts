import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EventStream, StreamEnd, StreamOut } from '../../src/http/event-stream.ts';
import type { Listening } from '../../src/http/server/server.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';

const { listen, newExchange, openStreams } = outside;

const open: { server: Listening; sockets: Socket[] }[] = [];
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await server.close(0);
  }
});

/** A server of one stream whose events are made by hand, with a comment every so many seconds. */
async function serve(commentEveryS = 1) {
  const ends: StreamEnd[] = [];
  let closed = 0;
  let [id, out]: [string, StreamOut | undefined] = ['1', undefined];
  const stream: EventStream = {
    begin(to) {
      out = to;
    },
    id: () => id,
    close() {
      closed += 1;
    },
  };
  const watch = { streamBegan: () => (why: StreamEnd) => void ends.push(why) };
  const streams = openStreams({ max: 10, addressMax: 10, watch, commentEveryS });
  const server = await listen(
    (req, res) => {
      const leave = streams.enter('192.0.2.1');
      streams.begin({ req, res, exchange: newExchange(req), route: '/stream', signedIn: false, leave }, stream);
    },
    { port: 0, host: '127.0.0.1' },
  );
  const sockets: Socket[] = [];
  open.push({ server, sockets });
  const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  socket.on('error', () => {});
  const begun = await eventually(async () => {
    expect(text).toContain('id: 1');
    if (out === undefined) throw new Error('it has not begun');
    return out;
  });
  return {
    socket,
    ends,
    out: begun,
    text: () => text,
    closed: () => closed,
    reach(next: string) {
      id = next;
    },
  };
}

describe('a stream', () => {
  it('gets comments, with the id where that has moved, so that who hears of nothing stays where the others are', async () => {
    const { text, reach } = await serve();
    await eventually(async () => expect(text()).toContain('\n:\n\n'));
    reach('7');
    await eventually(async () => expect(text()).toContain(':\nid: 7\n\n'));
    await eventually(async () => expect(text().split(':\nid: 7\n\n')[1]).toContain(':\n\n'));
  });

  it('is cut where its reader takes nothing of what waits from one comment to the next', async () => {
    const { socket, out, ends, closed } = await serve();
    socket.pause();
    let filled: boolean | undefined;
    // More than the kernel keeps for both sides.
    void out.fill([Buffer.alloc(30_000_000, ':')]).then((is) => {
      filled = is;
    });
    await eventually(async () => expect(ends).toEqual(['slow']));
    expect([filled, closed()]).toEqual([false, 1]);
  });

  it('waits for a reader who takes it slowly, and is not cut while it does', async () => {
    const { socket, out, ends } = await serve(2);
    socket.pause();
    const filling = out.fill([Buffer.alloc(30_000_000, ':')]);
    const until = performance.now() + 5_000;
    while (performance.now() < until) {
      socket.resume();
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
      await pause(50);
    }
    expect(ends).toEqual([]);
    socket.resume();
    expect(await filling).toBe(true);
  });

  it('ends with what was written, and frees what it took, once', async () => {
    const { socket, out, text, ends, closed } = await serve();
    const gone = new Promise((resolve) => socket.once('close', resolve));
    out.send([Buffer.from('data: last\n\n')]);
    out.end('access');
    out.send([Buffer.from('data: later\n\n')]);
    out.end('history');
    await eventually(async () => expect(text()).toMatch(/data: last\n\n\r\n0\r\n\r\n$/));
    socket.end();
    await gone;
    await eventually(async () => expect(ends).toEqual(['access']));
    expect(closed()).toBe(1);
  });
});
