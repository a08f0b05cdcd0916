import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Db } from '../db/client.ts';
import { openBell } from './bell.ts';

/** How a process learns that events got their positions: by NOTIFY messages, or only by polling each second. */
export type Carrier = 'notify' | 'polling';

export type ListeningParts = {
  /** Makes a dedicated connection, not opened yet: LISTEN belongs to a session. */
  makeClient(): pg.Client;
  db: Pick<Db, 'read'>;
  /** Calls `heard` when the database is there again. Returns the function that unsubscribes. */
  onReturn(heard: () => void): () => void;
  /** Called for each message. Waiting calls also look each second, because a message may be lost. */
  moved(): void;
  /** Called with the carrier from now on, and with the reason if messages do not arrive. */
  carries(carrier: Carrier, why?: NotHeard): void;
};

/** `deaf`: the connection is open but no message arrives, as behind a pooler. */
export type NotHeard = { readonly deaf: boolean; readonly error: unknown };

const retryMsMin = 1_000;

/** A pooler accepts LISTEN without effect, and a dead network gives no error. So we send ourselves a message as a proof. */
const proveEveryMs = 10_000;
const proofMs = 2_000;

const retryMsMax = 10_000;

const deaf = new Error('a message of our own was not heard');

const channelText = { name: 'changes_channel', text: 'SELECT @changes_channel() AS channel' };
const notifyText = { name: 'notify', text: 'SELECT pg_notify($1, $2)::text AS sent' };
const proofWord = 'proof ';

/** Opens the connection and listens until it fails, then throws the reason. Returns when stopped. */
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
    // Sent on another connection: hearing one's own connection would not prove that other processes are heard.
    const sent = await db.read(notifyText, [row?.channel ?? '', proof]).catch(() => null);
    if (sent !== null) await bell.wait(proofMs);
    if (lost) throw new Error('the connection that listens was lost');
    if (stop.aborted) return;
    if (sent !== null && proof !== '') throw deaf;
    if (sent !== null) carries('notify');
    await bell.wait(sent === null ? retryMsMin : proveEveryMs);
  }
}

/**
 * Listens, on a dedicated connection, for positions given by any process. Pauses between attempts grow, and end when the
 * database is there again. Returns the function that ends it.
 */
export function startListening(parts: ListeningParts): () => Promise<void> {
  const stopping = new AbortController();
  const bell = openBell();
  let retryMs = retryMsMin;
  const forget = parts.onReturn(() => {
    retryMs = retryMsMin;
    bell.ring();
  });

  const run = async () => {
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
      // Not awaited: a server that is gone never answers.
      client.end().catch(() => {});
      const pauseMs = retryMs;
      retryMs = Math.min(retryMsMax, pauseMs * 2);
      await bell.wait(pauseMs);
    }
  };

  const ended = run();
  return async () => {
    forget();
    stopping.abort();
    bell.ring();
    await ended;
  };
}
