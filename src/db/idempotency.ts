import { lowerRole, type Role } from '../core/actor.ts';
import { Failure, forbidden, unprocessable } from '../core/errors.ts';
import type { Seals } from '../core/sealed.ts';
import type { Db } from './client.ts';
import type { Tx } from './tx.ts';

/** An answer as it was sent, stored to be sent again. */
export type KeptAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string };

/** One use of an `Idempotency-Key`: its caller and role, and a fingerprint of method, address and body. */
export type KeyUseOnce = { caller: string; role: Role; key: string; fingerprint: string };

export type Idempotency = {
  /**
   * Runs `work` once for each key of a caller within 24 hours; a repeat gets the first answer. Answer and change are stored
   * in one transaction: a crash leaves both or neither. A failure, or an answer that says that nothing was done (`passing`),
   * is not stored, so that the call may be repeated. Throws 422 for another request with the same key, 409 while the first
   * call is under way, and 403 if the caller's role is lower than it was.
   */
  once(
    use: KeyUseOnce,
    work: () => Promise<KeptAnswer & { passing: boolean }>,
  ): Promise<{ answer: KeptAnswer; replayed: boolean }>;
};

const lifetime = "interval '24 hours'";

async function claim(tx: Tx, { caller, key }: KeyUseOnce): Promise<void> {
  const text = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS claimed';
  const [row] = await tx.read<{ claimed: boolean }>({ text }, [`idempotency ${caller} ${key}`]);
  if (row?.claimed !== true)
    throw new Failure(
      'Conflict',
      'still-running',
      'The first call with this Idempotency-Key is still under way; repeat it in a moment.',
      { retryAfterS: 1 },
    );
}

async function findKept(tx: Tx, use: KeyUseOnce, seals: Seals): Promise<KeptAnswer | null> {
  const { caller, key, fingerprint } = use;
  const text = `SELECT fingerprint, status, answer FROM @idempotency_keys
    WHERE caller = $1 AND key = $2 AND at > now() - ${lifetime}`;
  const [row] = await tx.read<{ fingerprint: string; status: number; answer: string }>({ text }, [caller, key]);
  if (row === undefined) return null;
  const answer = seals.digests(fingerprint).includes(row.fingerprint) ? seals.open(row.answer) : null;
  if (answer === null) {
    throw unprocessable('idempotency-key-reused', 'This Idempotency-Key belongs to another request; use a new one.');
  }
  const { headers, body, role = use.role } = JSON.parse(answer);
  // The role that a call needs may depend on its body (for example to publish at once): only the call itself checks it.
  if (lowerRole(role, use.role) !== role)
    throw forbidden(`The first call with this Idempotency-Key was made as ${role}; as ${use.role}, use a new one.`);
  return { status: row.status, headers, body };
}

/** Stores an answer. Replaces one that has expired but is not swept yet. */
async function keep(tx: Tx, use: KeyUseOnce, { status, ...answer }: KeptAnswer, seals: Seals): Promise<void> {
  const text = 'DELETE FROM @idempotency_keys WHERE caller = $1 AND key = $2';
  await tx.read({ text }, [use.caller, use.key]);
  const { caller, role, key, fingerprint } = use;
  const [digest = ''] = seals.digests(fingerprint);
  await tx.models.idempotencyKey.create({
    data: { caller, key, fingerprint: digest, status, answer: seals.seal(JSON.stringify({ ...answer, role })) },
    select: { key: true },
  });
}

/** Stored values are sealed, because a request may hold a password and an answer a token. */
export function openIdempotency(db: Db, seals: Seals): Idempotency {
  return {
    once: (use, work) =>
      db.transaction(async (tx) => {
        await claim(tx, use);
        const kept = await findKept(tx, use, seals);
        if (kept !== null) return { answer: kept, replayed: true };
        const { passing, ...answer } = await work();
        if (!passing) await keep(tx, use, answer, seals);
        return { answer, replayed: false };
      }),
  };
}
