import { connect, createServer, type Socket } from 'node:net';

/** What ends a transaction, as it is sent; `BEGIN ISOLATION LEVEL READ COMMITTED` has the word too. */
export const commit = 'COMMIT\0';

/** What happens to a connection when the client's bytes contain a text. */
export type Trap = {
  /** `lose`: the bytes do not arrive. `deliver`: they arrive, but the answer does not. `silence`: nothing passes any more. */
  readonly kind: 'lose' | 'deliver' | 'silence';
  readonly text: string;
};

/** A proxy in front of PostgreSQL that simulates a bad network between it and the API. */
export type NetworkProxy = {
  /** The database's address through the proxy. */
  readonly url: string;
  /** Ends every connection with RST. */
  cut(): void;
  /** Cuts, and refuses new connections. */
  refuse(): Promise<void>;
  /** Takes connections again. */
  accept(): Promise<void>;
  /** Whether new connections are taken and never answered. */
  silent: boolean;
  /** Applies to the next connection that sends its text; then null again. */
  trap: Trap | null;
  /** The delay of every chunk, and the maximum size of chunks of answers. */
  pace: { readonly delayMs: number; readonly bytesMax: number } | null;
  /** Replaces a text in what clients send. Both must have the same length in bytes. */
  rewrite: { readonly from: string; readonly to: string } | null;
  close(): Promise<void>;
};

/** Writes to a socket at a pace, chunk by chunk; at once if there is no pace. */
function paced(paceNow: () => NetworkProxy['pace']): (socket: Socket, bytes: Buffer) => void {
  let before = Promise.resolve();
  let waiting = 0;
  const pieces = async (socket: Socket, bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      const pace = paceNow();
      const end = Math.min(bytes.length, at + (pace?.bytesMax ?? bytes.length));
      if (pace) await new Promise((resolve) => setTimeout(resolve, pace.delayMs));
      if (socket.destroyed) return;
      socket.write(bytes.subarray(at, end));
      at = end;
    }
  };
  return (socket, bytes) => {
    if (paceNow() === null && waiting === 0) return void socket.write(bytes);
    waiting += 1;
    before = before
      .then(() => pieces(socket, bytes))
      .finally(() => {
        waiting -= 1;
      });
  };
}

export async function openProxy(databaseUrl: string): Promise<NetworkProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };

  const server = createServer((client) => {
    keep(client);
    if (proxy.silent) return;
    const upstream = connect(Number(target.port || 5432), target.hostname);
    keep(upstream);
    let sprung: Trap | null = null;
    const end = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    const ask = paced(() => proxy.pace && { ...proxy.pace, bytesMax: Number.POSITIVE_INFINITY });
    client.on('data', (bytes) => {
      if (sprung !== null) return;
      const at = proxy.rewrite === null ? -1 : bytes.indexOf(proxy.rewrite.from);
      if (at >= 0) bytes.write(proxy.rewrite?.to ?? '', at);
      if (proxy.trap === null || !bytes.includes(proxy.trap.text)) return void ask(upstream, bytes);
      sprung = proxy.trap;
      proxy.trap = null;
      if (sprung.kind === 'lose') end();
      if (sprung.kind === 'deliver') upstream.write(bytes);
    });
    const pass = paced(() => proxy.pace);
    upstream.on('data', (bytes) => {
      if (sprung === null) pass(client, bytes);
      else if (sprung.kind === 'deliver') end();
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });

  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  const stopListening = () => new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  const port = await listen(0);
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const proxy: NetworkProxy = {
    url: url.href,
    cut,
    silent: false,
    trap: null,
    pace: null,
    rewrite: null,
    refuse() {
      const refused = stopListening();
      cut();
      return refused;
    },
    async accept() {
      if (!server.listening) await listen(port);
    },
    async close() {
      cut();
      if (server.listening) await stopListening();
    },
  };
  return proxy;
}
