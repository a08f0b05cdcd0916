import { connect, Server, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';

/**
 * Node's internal handle of a listening socket. Calling `listen` again sets the length of the accept queue: one more
 * connection than `backlog` says may wait.
 */
type ListeningHandle = { listen?: (backlog: number) => number };
type ConnectingHandle = { getpeername?: (out: object) => number };

const listeningHandle = (server: Server): ListeningHandle => Reflect.get(server, '_handle') ?? {};

/** Whether the TCP handshake is done. The `connect` event comes only later. */
function isConnected(socket: Socket): boolean {
  const handle: ConnectingHandle = Reflect.get(socket, '_handle') ?? {};
  return handle.getpeername?.({}) === 0;
}

/** The loopback address at which a server that listens on every address is reached. */
const within: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** A connection to ourselves, only to fill the accept queue. */
function placeholder(server: Server): Socket {
  const address = server.address();
  const { port = 0, address: host = '' } = typeof address === 'object' && address !== null ? address : {};
  return connect({ port, host: within[host] ?? host }).on('error', () => {});
}

/**
 * Fills the accept queue with two placeholders: the kernel admits two connections and both are ours. After that it admits
 * nobody while one of them waits. Null if another client was quicker.
 */
async function fillQueue(server: Server): Promise<[Socket, Socket] | null> {
  listeningHandle(server).listen?.(1);
  const pair: [Socket, Socket] = [placeholder(server), placeholder(server)];
  // They connect in the next tick. No connection is accepted before that tick ends.
  const both = await new Promise<boolean>((resolve) => {
    process.nextTick(() => {
      const ours = pair.every(isConnected);
      if (ours) listeningHandle(server).listen?.(0);
      resolve(ours);
    });
  });
  if (both) return pair;
  for (const socket of pair) socket.destroy();
  return null;
}

const triesMax = 50;

async function fillQueueAtLast(server: Server): Promise<[Socket, Socket] | null> {
  let pair: [Socket, Socket] | null = null;
  for (let tries = 0; pair === null && tries < triesMax; tries += 1) {
    // Continue after the event loop's phase in which connections are accepted.
    await turn();
    pair = await fillQueue(server);
  }
  return pair;
}

const rounds = 10;
const roundMs = 5;
/** After this long, clients have sent again what they sent into a full queue. */
const resentMs = 250;
const nobody = new Int32Array(new SharedArrayBuffer(4));

/**
 * Quiets a port that will be closed: clients that go on connecting meet a full queue, and try again after a second. Without
 * this, a client in the middle of its handshake when the queue is full would believe that it is connected, and be reset.
 */
export async function hush(server: Server): Promise<void> {
  if (listeningHandle(server).listen === undefined) return;
  for (let round = 0; round < rounds; round += 1) {
    const pair = await fillQueueAtLast(server);
    Atomics.wait(nobody, 0, 0, roundMs);
    await turn();
    for (const socket of pair ?? []) socket.destroy();
  }
  await delay(resentMs);
}

const acceptedWithinMs = 1_000;

/**
 * Closes the port of a server without resetting any client. The kernel resets connections that the server has not accepted
 * when the port closes. So the accept queue is filled with connections of our own, and the port is closed when the first
 * of them has been accepted and the other still waits. `onClosed` is called when every connection has ended.
 */
export async function closePort(server: Server, onClosed: () => void): Promise<void> {
  const close = () => void Server.prototype.close.call(server, onClosed);
  const pair = listeningHandle(server).listen === undefined ? null : await fillQueueAtLast(server);
  if (pair === null) return close();
  const [first] = pair;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(limit);
      server.off('connection', onConnection);
      close();
      resolve();
    };
    const onConnection = ({ remotePort }: Socket) => {
      if (remotePort === first.localPort) done();
    };
    const limit = setTimeout(done, acceptedWithinMs);
    server.on('connection', onConnection);
  });
  for (const socket of pair) socket.destroy();
}
