import type { Tx } from './tx.ts';

/** Advisory locks on things that have no row. Each is held until the transaction ends. */

/** `key`: a 64-bit integer in decimal digits. */
export async function lockNumber(tx: Tx, key: string): Promise<void> {
  await tx.read({ text: 'SELECT pg_advisory_xact_lock($1::bigint)::text AS locked' }, [key]);
}

/** Locks a name among things of one kind; each kind has its own number. */
export async function lockName(tx: Tx, kind: number, name: string): Promise<void> {
  await tx.read({ text: 'SELECT pg_advisory_xact_lock($1::int, hashtext($2::text))::text AS locked' }, [kind, name]);
}
