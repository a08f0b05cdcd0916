import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Db } from '../db/client.ts';
import { openBell } from './bell.ts';

/** What tells a process that events got their positions: PostgreSQL's own messages, or only that it looks each second. */
export type Carrier = 'notify' | 'polling';

export type ListeningParts = {
  /** A connection of its own that is not open yet: LISTEN belongs to a session. */
  makeClient(): pg.Client;
  db: Pick<Db, 'read'>;
  /** Hears of each message. Who waits looks each second besides: a message may be lost. */
  moved(): void;
  /** Hears what carries from now on, and why the messages do not. */
  carries(carrier: Carrier, why?: NotHeard): void;
};

/** `deaf`: the connection is there and hears nothing, as behind a pooler. */
export type NotHeard = { readonly deaf: boolean; readonly error: unknown };

const retryMsMin = 1_000;

/** A pooler takes LISTEN and hears nothing, and a dead network says nothing: so a message of our own is sent and heard. */
const proveEveryMs = 10_000;
const proofMs = 2_000;

const retryMsMax = 10_000;

const deaf = new Error('a message of our own was not heard');

const channelText = { name: 'changes_channel', text: 'SELECT @changes_channel() AS channel' };
const notifyText = { name: 'notify', text: 'SELECT pg_notify($1, $2)::text AS sent' };
const proofWord = 'proof ';

/** Listens on an open connection until it fails, and throws why. */
async function listen(client: pg.Client, { db, moved, carries }: ListeningParts, stop: AbortSignal): Promise<void> {
  const bell = openBell();
  let [proof, lost] = ['', false];
  client.once('end', () => {
    lost = true;
    bell.ring();
  });
  client.on('notification', ({ payload = '' }) => {
    if (!payload.startsWith(proofWord)) return moved();
    if (payload !== proof) return;
    proof = '';
    bell.ring();
  });
  stop.addEventListener('abort', bell.ring, { once: true });
  await client.connect();
  const [row] = await db.read<{ channel: string }>(channelText);
  await client.query(`LISTEN ${client.escapeIdentifier(row?.channel ?? '')}`);
  while (!stop.aborted) {
    proof = `${proofWord}${randomUUID()}`;
    // By another connection: what hears only itself hears no other process.
    const sent = await db.read(notifyText, [row?.channel ?? '', proof]).catch(() => null);
    if (sent !== null) await bell.wait(proofMs);
    if (lost) throw new Error('the connection that listens was lost');
    if (stop.aborted) return;
    if (sent !== null && proof !== '') throw deaf;
    if (sent !== null) carries('notify');
    await bell.wait(sent === null ? retryMsMin : proveEveryMs);
  }
}

/** Hears of what is numbered anywhere, on a connection of its own. Gives the function that ends it. */
export function startListening(parts: ListeningParts): () => Promise<void> {
  const stopping = new AbortController();
  const bell = openBell();

  const run = async () => {
    let retryMs = retryMsMin;
    const carries: ListeningParts['carries'] = (carrier) => {
      retryMs = retryMsMin;
      parts.carries(carrier);
    };
    while (!stopping.signal.aborted) {
      const client = parts.makeClient();
      try {
        await listen(client, { ...parts, carries }, stopping.signal);
      } catch (error) {
        parts.carries('polling', { deaf: error === deaf, error });
      }
      // Not waited for: a server that is gone answers nothing.
      client.end().catch(() => {});
      await bell.wait(retryMs);
      retryMs = Math.min(retryMsMax, retryMs * 2);
    }
  };

  const ended = run();
  return async () => {
    stopping.abort();
    bell.ring();
    await ended;
  };
}
