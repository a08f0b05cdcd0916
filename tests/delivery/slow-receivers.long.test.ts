import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openConnections } from '../../src/delivery/connections.ts';
import { openSending } from '../../src/delivery/sending.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';

const never = new AbortController().signal;
const connections = openConnections({ networks: ['127.0.0.0/8'] });
const send = openSending(connections, 'khobor/test');

let inside: Receiver;
let raw: Server;
beforeAll(async () => {
  inside = await openReceiver();
  raw = createServer().listen(0, '127.0.0.1');
  await once(raw, 'listening');
});
afterAll(async () => {
  connections.close();
  raw.close();
  await inside.close();
});

describe('a receiver that is slow', () => {
  const timed = async (url: string) => {
    const began = performance.now();
    const answer = await send('one', { url, method: 'POST', headers: {}, body: '{}' }, never);
    return { answer, ms: performance.now() - began };
  };
  let silent: Awaited<ReturnType<typeof timed>>;
  let mute: Awaited<ReturnType<typeof timed>>;
  // The two limits pass side by side.
  beforeAll(async () => {
    inside.answers(() => undefined);
    const { port } = Object(raw.address());
    // The second takes the connection and never answers to TLS.
    [silent, mute] = await Promise.all([timed(inside.url), timed(`https://127.0.0.1:${port}/`)]);
  }, 20_000);

  it('gets 10 s in all', () => {
    expect(silent.answer).toMatchObject({ status: null, failure: 'timeout' });
    expect(silent.ms).toBeGreaterThan(9_900);
    expect(silent.ms).toBeLessThan(12_000);
  });

  it('gets 5 s of them to connect', () => {
    expect(mute.answer).toMatchObject({ status: null, failure: 'timeout' });
    expect(mute.ms).toBeGreaterThan(4_900);
    expect(mute.ms).toBeLessThan(8_000);
  });
});
