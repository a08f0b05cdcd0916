import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openTraffic } from '../../src/http/server/drain.ts';
import { eventually } from '../support/eventually.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A connection on which `sent` has come and `answer` was called, as the server sees it. */
async function connection(sent: string, answer: (res: ServerResponse) => void) {
  const traffic = openTraffic();
  const server = createServer((_req, res) => {
    traffic.begin(res);
    answer(res);
  });
  const connected = new Promise<Socket>((resolve) => server.on('connection', resolve));
  server.on('connection', traffic.connect);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  closers.push(() => {
    client.destroy();
    server.close();
  });
  client.on('error', () => {});
  client.write(sent);
  const socket = await connected;
  const newest = () => traffic.newestOf(socket);
  await eventually(async () => expect(newest()).toBeDefined());
  return { traffic, socket, newest };
}

const head = 'POST / HTTP/1.1\r\nHost: news.example\r\nContent-Length: 2\r\n\r\n';

describe('the newest answer of a connection', () => {
  it('is let go once it has ended, and the connection is idle', async () => {
    const { traffic, socket, newest } = await connection(`${head}ok`, (res) => {
      res.req.resume();
      res.end('taken');
    });
    await eventually(async () => expect(newest()?.closed && newest()?.req.complete).toBe(true));
    traffic.letGo();
    expect(newest()).toBeUndefined();
    traffic.sweep('idle');
    expect(socket.destroyed).toBe(true);
  });

  it('stays while it is being made', async () => {
    const { traffic, socket, newest } = await connection(`${head}ok`, (res) => void res.write('first '));
    traffic.letGo();
    traffic.sweep('idle');
    expect(newest()).toBeDefined();
    expect(socket.destroyed).toBe(false);
  });

  it('stays while its request still arrives', async () => {
    const { traffic, newest } = await connection(`${head}o`, (res) => res.end('refused'));
    await eventually(async () => expect(newest()?.closed).toBe(true));
    traffic.letGo();
    expect(newest()).toBeDefined();
  });
});
