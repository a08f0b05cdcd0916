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

type KeptRow = { fingerprint: string; status: number; answer: string };
type ClaimRow = { claimed: boolean } & (KeptRow | { [Name in keyof KeptRow]: null });

const claimStatement = {
  name: 'claim-idempotency-key',
  text: 'SELECT c.claimed, c.fingerprint, c.status, c.answer FROM @claim_idempotency_key($1::text, $2::text) c',
};

/**
 * Claims a key, so that no other call uses it until the transaction ends. Returns the answer kept under it, if there is
 * one.
 */
async function claim(tx: Tx, use: KeyUseOnce, seals: Seals): Promise<KeptAnswer | null> {
  const { caller, key, fingerprint } = use;
  const [row] = await tx.read<ClaimRow>(claimStatement, [caller, key]);
  if (row?.claimed !== true)
    throw new Failure(
      'Conflict',
      'still-running',
      'The first call with this Idempotency-Key is still under way; repeat it in a moment.',
      { retryAfterS: 1 },
    );
  if (row.answer === null) return null;
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

const keepStatement = {
  name: 'keep-answer',
  text: `INSERT INTO @idempotency_keys AS k (caller, key, fingerprint, status, answer) VALUES ($1::text, $2::text, $3::text, $4::int, $5::text)
    ON CONFLICT (caller, key) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, status = EXCLUDED.status, answer = EXCLUDED.answer, at = EXCLUDED.at`,
};

/** Stores an answer. Replaces one that has expired but is not swept yet. */
async function keep(tx: Tx, use: KeyUseOnce, { status, ...answer }: KeptAnswer, seals: Seals): Promise<void> {
  const { caller, role, key, fingerprint } = use;
  const [digest = ''] = seals.digests(fingerprint);
  const sealed = seals.seal(JSON.stringify({ ...answer, role }));
  await tx.readLast(keepStatement, [caller, key, digest, String(status), sealed]);
}

/** Stored values are sealed, because a request may hold a password and an answer a token. */
export function openIdempotency(db: Db, seals: Seals): Idempotency {
  return {
    once: (use, work) =>
      db.transaction(
        async (tx) => {
          const kept = await claim(tx, use, seals);
          if (kept !== null) return { answer: kept, replayed: true };
          const { passing, ...answer } = await work();
          if (!passing) await keep(tx, use, answer, seals);
          return { answer, replayed: false };
        },
        { whole: true },
      ),
  };
}
