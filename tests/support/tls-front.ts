import { connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { selfSigned } from './self-signed.ts';

/** A proxy in front of PostgreSQL that speaks TLS with a self-signed certificate, or refuses TLS. */
export type TlsFront = {
  readonly url: string;
  /** The numbers of encrypted and plain connections. */
  readonly seen: { encrypted: number; plain: number };
  close(): Promise<void>;
};

/** The eight bytes with which a client of PostgreSQL asks for TLS. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export async function openTlsFront(databaseUrl: string, speaksTls: boolean): Promise<TlsFront> {
  const target = new URL(databaseUrl);
  const identity = selfSigned('khobor.example');
  const seen = { encrypted: 0, plain: 0 };
  const sockets = new Set<Socket>();
  const join = (client: Socket, first: Buffer | null) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
    if (first !== null) upstream.write(first);
  };
  const server = createServer((raw) => {
    raw.on('error', () => {});
    raw.once('data', (first) => {
      if (!first.equals(sslRequest)) {
        seen.plain += 1;
        return join(raw, first);
      }
      raw.write(speaksTls ? 'S' : 'N');
      if (!speaksTls) return raw.once('data', (next) => join(raw, next));
      const secure = new TLSSocket(raw, { isServer: true, ...identity });
      secure.on('error', () => {});
      secure.once('secure', () => {
        seen.encrypted += 1;
        join(secure, null);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    url: url.href,
    seen,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
