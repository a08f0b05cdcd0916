import type { Statement } from './sql.ts';
import type { Read } from './tx.ts';

/**
 * Work that lies in a table: a process takes rows for some seconds, renews that while it is at them, and gives them back. Of
 * one that is gone the rows are free again by themselves. The table has `id`, `lease_until` and `lease_id`.
 */

/** A row that was taken, and the id of the lease under which it was. */
export type Claim = { readonly id: string; readonly leaseId: string };

const leaseS = 4;

/** How often whoever has rows renews all of them, so that two failed renewals lose none. */
export const renewEveryMs = 1_000;

/** SQL: whether nobody has the row. */
export const isFree = (row: string): string => `(${row}.lease_until IS NULL OR ${row}.lease_until <= now())`;

/** SQL: whether somebody has the row. */
export const isTaken = (row: string): string => `${row}.lease_until > now()`;

/** SQL that sets the lease of a row to end later. */
const leased = `lease_until = now() + interval '${leaseS} seconds'`;

/** SQL that frees a row. */
export const freed = 'lease_until = NULL, lease_id = NULL';

/**
 * SQL: the commit does not wait until it is on the disk. For what is done again after a crash of the database, as taking rows
 * and sending what was sent. A statement has it in a condition or in its columns.
 */
export const withoutWaiting = `set_config('synchronous_commit', 'off', true)`;

/** SQL that takes rows under a lease. `picked`: a query for their ids, with FOR UPDATE SKIP LOCKED; `lease`: its id. */
export const claimSql = ({ table, picked, lease }: { table: string; picked: string; lease: string }): string =>
  `UPDATE ${table} x SET ${leased}, lease_id = ${lease} WHERE x.id = ANY (ARRAY(${picked}))`;

/** SQL: the row is still that of the claim. Whoever finishes or frees rows asks this. */
export const isOurs = (row: string, claim: string): string =>
  `${row}.id = ${claim}.id AND ${row}.lease_id = ${claim}.lease_id`;

const ofClaims = (what: string, table: string, change: string): Statement => ({
  name: `${what} ${table}`,
  text: `UPDATE ${table} x SET ${change} FROM unnest($1::uuid[], $2::uuid[]) c (id, lease_id)
    WHERE ${isOurs('x', 'c')} AND (SELECT ${withoutWaiting}) = 'off' RETURNING x.id::text`,
});

const apply = async (read: Read, statement: Statement, claims: readonly Claim[]): Promise<ReadonlySet<string>> => {
  if (claims.length === 0) return new Set();
  const values = [claims.map(({ id }) => id), claims.map(({ leaseId }) => leaseId)];
  return new Set((await read<{ id: string }>(statement, values)).map(({ id }) => id));
};

/** Renews all rows that a process has, in one statement. Gives the ids of those that are still its own. */
export const renewClaims = (read: Read, table: string, claims: readonly Claim[]) =>
  apply(read, ofClaims('renew', table, leased), claims);

/** Gives rows back without having done anything about them. */
export const giveBackClaims = (read: Read, table: string, claims: readonly Claim[]) =>
  apply(read, ofClaims('give-back', table, freed), claims);

/** Gives back whatever these leases hold: for claims of which it is not known whether they were carried out. */
export async function giveBackLeases(read: Read, table: string, leases: readonly string[]): Promise<void> {
  if (leases.length === 0) return;
  const text = `UPDATE ${table} x SET ${freed} WHERE x.lease_until IS NOT NULL AND x.lease_id = ANY ($1::uuid[]) RETURNING x.id::text`;
  await read({ name: `give-back-leases ${table}`, text }, [leases]);
}
