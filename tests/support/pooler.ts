import { createServer, type Socket } from 'node:net';
import pg from 'pg';

export type Pooler = { readonly url: string; close(): Promise<void> };

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
/** AuthenticationOk, BackendKeyData with a made-up process id, and ReadyForQuery. */
const greeting = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('K', Buffer.from('0000000100000002', 'hex')),
  message('Z', Buffer.from('I')),
]);
const refusal = Buffer.concat([
  message('E', Buffer.from('SERROR\0C08P01\0Mtransaction blocks not allowed in statement pooling mode\0\0')),
  message('Z', Buffer.from('I')),
]);
const readyAt = (bytes: Buffer) => bytes.length >= 6 && bytes.subarray(-6, -1).equals(Buffer.from('5a00000005', 'hex'));

/**
 * A minimal transaction pooler: two server sessions, opened with `options`, serve the transactions of all clients in turn.
 * With `mode` "statement" it refuses transactions.
 */
export async function openPooler(
  databaseUrl: string,
  options: string,
  mode: 'transaction' | 'statement' = 'transaction',
): Promise<Pooler> {
  const sessions = [0, 1].map(() => new pg.Client({ connectionString: databaseUrl, options }));
  await Promise.all(sessions.map((session) => session.connect()));
  const free: Socket[] = sessions.map((session) => {
    session.on('error', () => {});
    const { connection }: { connection?: { stream: Socket } } = Object(session);
    if (connection === undefined) throw new Error('a client without a connection');
    connection.stream.removeAllListeners('data');
    return connection.stream;
  });
  const clients = new Set<Socket>();
  /** Clients that wait for a session, in their order. */
  const waiting: (() => void)[] = [];
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => {});
    let greeted = false;
    let session: Socket | undefined;
    let unsent: Buffer[] = [];
    const answer = (bytes: Buffer) => {
      client.write(bytes);
      if (!readyAt(bytes) || bytes.at(-1) !== 0x49 || session === undefined) return;
      session.off('data', answer);
      free.push(session);
      session = undefined;
      waiting.shift()?.();
    };
    const begin = () => {
      session = free.shift()?.on('data', answer);
      if (session === undefined) return void waiting.push(begin);
      for (const bytes of unsent) session.write(bytes);
      unsent = [];
    };
    client.on('data', (bytes) => {
      if (!greeted) {
        greeted = true;
        client.write(greeting);
      } else if (mode === 'statement' && bytes.includes('BEGIN')) {
        client.write(refusal);
      } else if (bytes[0] !== 0x58) {
        if (session !== undefined) session.write(bytes);
        else if (unsent.push(bytes) === 1) begin();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: url.href,
    async close() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(sessions.map((session) => session.end()));
    },
  };
}
