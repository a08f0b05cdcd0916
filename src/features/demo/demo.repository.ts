import { lockNumber } from '../../db/advisory-locks.ts';
import type { Tx } from '../../db/tx.ts';

const lockKey = '72707370';

/**
 * Whether the installation is empty, and the database's time in milliseconds. An advisory lock makes instances ask one
 * after the other.
 */
export async function lockNewsroom(tx: Tx): Promise<{ empty: boolean; now: number }> {
  await lockNumber(tx, lockKey);
  const text = `SELECT NOT EXISTS (SELECT 1 FROM @articles) AND NOT EXISTS (SELECT 1 FROM @sources) AND NOT EXISTS (SELECT 1 FROM @tags) AS empty,
    (extract(epoch FROM now()) * 1000)::bigint::text AS now`;
  const [row] = await tx.read<{ empty: boolean; now: string }>({ text });
  return { empty: row?.empty === true, now: Number(row?.now) };
}
