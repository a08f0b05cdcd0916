import type { Tx } from './tx.ts';

/** Locks on what has no row, each held until the transaction ends. */

/** `key`: a number of 64 bits. */
export async function lockNumber(tx: Tx, key: string): Promise<void> {
  await tx.read({ text: 'SELECT pg_advisory_xact_lock($1::bigint)::text AS locked' }, [key]);
}

/** What is called so among things of one kind; each kind has a number of its own. */
export async function lockName(tx: Tx, kind: number, name: string): Promise<void> {
  await tx.read({ text: 'SELECT pg_advisory_xact_lock($1::int, hashtext($2::text))::text AS locked' }, [kind, name]);
}
