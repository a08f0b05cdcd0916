import { conflict, unprocessable } from '../core/errors.ts';
import type { Db, Tx } from './client.ts';

/** An answer as it was sent, to be sent again. */
export type KeptAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string };

/** One use of an `Idempotency-Key`: whose it is, and a hash of method, address and body. */
export type KeyUseOnce = { caller: string; key: string; fingerprint: string };

export type Idempotency = {
  /**
   * Runs `work` once for each key of a caller within 24 hours; a repeat gets the first answer. Answer and change are one
   * transaction: a crash leaves both or neither, and a failure leaves nothing, so that it may be tried again. Throws 422
   * for another request under the same key, 409 while the first is under way.
   */
  once(use: KeyUseOnce, work: () => Promise<KeptAnswer>): Promise<{ answer: KeptAnswer; replayed: boolean }>;
};

const lifetime = "interval '24 hours'";

async function claim(tx: Tx, { caller, key }: KeyUseOnce): Promise<void> {
  const text = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS claimed';
  const [row] = await tx.read<{ claimed: boolean }>({ text }, [`idempotency ${caller} ${key}`]);
  if (row?.claimed !== true)
    throw conflict('still-running', 'The first call with this Idempotency-Key is still under way.');
}

async function findKept(tx: Tx, { caller, key, fingerprint }: KeyUseOnce): Promise<KeptAnswer | null> {
  const text = `SELECT fingerprint, status, headers::text AS headers, body FROM @idempotency_keys
    WHERE caller = $1 AND key = $2 AND at > now() - ${lifetime}`;
  const [row] = await tx.read<{ fingerprint: string; status: number; headers: string; body: string }>({ text }, [
    caller,
    key,
  ]);
  if (row === undefined) return null;
  if (row.fingerprint !== fingerprint) {
    throw unprocessable('idempotency-key-reused', 'This Idempotency-Key belongs to another request; use a new one.');
  }
  return { status: row.status, headers: JSON.parse(row.headers), body: row.body };
}

/** Keeps an answer, in the place of one that has run out, and lets a few others go that have. */
async function keep(tx: Tx, use: KeyUseOnce, answer: KeptAnswer): Promise<void> {
  const old = `SELECT caller, key FROM @idempotency_keys WHERE at < now() - ${lifetime} ORDER BY at LIMIT 50 FOR UPDATE SKIP LOCKED`;
  await tx.read(
    { text: `DELETE FROM @idempotency_keys WHERE (caller, key) IN (${old}) OR (caller = $1 AND key = $2)` },
    [use.caller, use.key],
  );
  const { caller, key, fingerprint } = use;
  const { status, headers, body } = answer;
  await tx.models.idempotencyKey.create({
    data: { caller, key, fingerprint, status, headers: { ...headers }, body },
    select: { key: true },
  });
}

export function openIdempotency(db: Db): Idempotency {
  return {
    once: (use, work) =>
      db.transaction(async (tx) => {
        await claim(tx, use);
        const kept = await findKept(tx, use);
        if (kept !== null) return { answer: kept, replayed: true };
        const answer = await work();
        await keep(tx, use, answer);
        return { answer, replayed: false };
      }),
  };
}
