import { connect, Server, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';

/**
 * What Node keeps to itself of a listening socket. Called again, `listen` sets how many connections may wait to be
 * accepted: one more than it says.
 */
type ListeningHandle = { listen?: (backlog: number) => number };
type ConnectingHandle = { getpeername?: (out: object) => number };

const listeningHandle = (server: Server): ListeningHandle => Reflect.get(server, '_handle') ?? {};

/** Whether the handshake is done; the event that says so comes later. */
function isConnected(socket: Socket): boolean {
  const handle: ConnectingHandle = Reflect.get(socket, '_handle') ?? {};
  return handle.getpeername?.({}) === 0;
}

/** Where a server on every address is reached from within. */
const within: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** A connection to ourselves that carries nothing. */
function placeholder(server: Server): Socket {
  const address = server.address();
  const { port = 0, address: host = '' } = typeof address === 'object' && address !== null ? address : {};
  return connect({ port, host: within[host] ?? host }).on('error', () => {});
}

/**
 * Two placeholders, where nobody else is waiting: the kernel lets two in and both are ours. From then on it lets nobody
 * in while one of them waits. Null where somebody was quicker.
 */
async function fillQueue(server: Server): Promise<[Socket, Socket] | null> {
  listeningHandle(server).listen?.(1);
  const pair: [Socket, Socket] = [placeholder(server), placeholder(server)];
  // They set out in the next tick. No connection is accepted before it ends.
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
    // Behind the phase in which connections are accepted.
    await turn();
    pair = await fillQueue(server);
  }
  return pair;
}

const rounds = 10;
const roundMs = 5;
/** After this long what was sent into a full queue is sent again. */
const resentMs = 250;
const nobody = new Int32Array(new SharedArrayBuffer(4));

/**
 * Makes it quiet at a port that will be closed: clients that go on calling meet a full queue, and try again after a second.
 * Without this, one whose handshake is under way while the queue is full would take itself for connected, and be reset.
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
 * Closes the port of a server and loses nobody: a connection that the kernel has made and the server has not accepted is
 * reset when its port closes. So the queue of these is filled with connections of our own, and the port is closed while
 * the first of them has been accepted and the other one waits. `onClosed` hears when every connection has ended too.
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
