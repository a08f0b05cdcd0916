import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openConnections, type Resolved } from '../../src/delivery/connections.ts';
import { openSending as openSender } from '../../src/delivery/sending.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';

/**
 * Whom a delivery connects to, at the connection itself: a URL that was taken when the webhook was made may lead elsewhere
 * since.
 */

let inside: Receiver;
let raw: Server;
let connected = 0;
beforeAll(async () => {
  inside = await openReceiver();
  raw = createServer(() => {
    connected += 1;
  }).listen(0, '127.0.0.1');
});
afterAll(async () => {
  raw.close();
  await inside.close();
});
beforeEach(() => {
  inside.received.length = 0;
  connected = 0;
});
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Options = { networks?: string[]; resolve?: (host: string) => Promise<Resolved[]> };

const never = new AbortController().signal;

async function send(url: string, { networks = [], resolve }: Options = {}) {
  const connections = openConnections({ networks, resolve });
  closing.push(connections.close);
  const sender = openSender(connections, 'khobor/test');
  return sender('one', { url, method: 'POST', headers: {}, body: '{}' }, never);
}

const refused = { status: null, failure: 'not-allowed', text: null, retryAfterMs: null };
const at = (address: string) => async (): Promise<Resolved[]> => [{ address, family: address.includes(':') ? 6 : 4 }];

describe('an address that nothing may be sent to', () => {
  it.each([
    'https://127.0.0.1:8443/',
    'https://127.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://①②⑦.0.0.1/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[::]/',
    'https://[::1]/',
    'https://0.0.0.0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://168.63.129.16/',
    'https://10.0.0.1/',
    'https://192.168.1.1/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://localhost./',
    'https://user:pass@paper.example/',
    'https://paper.example:5432/',
    'http://paper.example/',
    'file:///etc/passwd',
    'gopher://paper.example/',
  ])('is refused before anything is connected: %s', async (url) => {
    expect(await send(url, { resolve: at('93.184.215.14') })).toEqual(refused);
  });

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '169.254.169.254',
    '168.63.129.16',
    '10.1.2.3',
    '0.0.0.0',
    '::',
    'fd00::1',
    '2002:7f00:1::',
  ])('is refused also where a name leads to it: %s', async (address) => {
    expect(await send('https://paper.example/', { resolve: at(address) })).toEqual(refused);
  });

  it('is refused where one of several addresses of a name is such', async () => {
    const both = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await send('https://paper.example/', { resolve: both })).toEqual(refused);
  });

  it('is refused where a name was public when it was looked at and is not when it is connected', async () => {
    const answers = [at('93.184.215.14'), at('127.0.0.1')];
    const resolve = async (host: string) => (answers.shift() ?? at('127.0.0.1'))().then((found) => (host ? found : []));
    const { port } = Object(raw.address());
    expect((await resolve('paper.example'))[0]?.address).toBe('93.184.215.14');
    expect(await send('https://paper.example:8443/', { resolve })).toEqual(refused);
    expect(await send(`https://paper.example:${port}/`, { resolve })).toEqual(refused);
    expect(connected).toBe(0);
  });

  it('is refused within allowed networks too, where a name leads out of them', async () => {
    const networks = ['127.0.0.0/8', 'fd00::/8'];
    const url = `http://press.internal:${inside.port}/`;
    expect(await send(url, { networks, resolve: at('10.0.0.1') })).toEqual(refused);
    expect(await send(url, { networks, resolve: at('93.184.215.14') })).toEqual(refused);
    expect(await send(url, { networks, resolve: at('127.0.0.1') })).toMatchObject({ status: 204, failure: null });
    expect(inside.received).toHaveLength(1);
  });

  it('is not told of by what the log has', async () => {
    const open = `https://127.0.0.1:${inside.port}/`;
    const closed = 'https://127.0.0.1:1/';
    const nothing = 'https://10.255.255.1/';
    const answers = await Promise.all([open, closed, nothing].map((url) => send(url)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify(refused)]));
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('is a failure and is not followed: %d', async (status) => {
    const secret = await openReceiver();
    inside.answers({ status, headers: { Location: `${secret.url}/inside` } });
    const answer = await send(inside.url, { networks: ['127.0.0.1/32'] });
    expect(answer).toMatchObject({ status, failure: 'redirect' });
    expect(secret.received).toHaveLength(0);
    await secret.close();
  });
});

describe('a connection', () => {
  it('is used again, and made anew where the receiver has closed it meanwhile', async () => {
    inside.answers(204);
    const connections = openConnections({ networks: ['127.0.0.0/8'] });
    closing.push(connections.close);
    const sender = openSender(connections, 'khobor/test');
    const request = { url: inside.url, method: 'POST', headers: {}, body: '{}' } as const;
    const ports = new Set<number | undefined>();
    for (let sent = 0; sent < 3; sent += 1) {
      expect(await sender('one', request, never)).toMatchObject({ status: 204 });
      ports.add(inside.received.at(-1)?.from);
    }
    expect(ports.size).toBe(1);
    inside.hangUp();
    expect(await sender('one', request, never)).toMatchObject({ status: 204 });
  });
});
