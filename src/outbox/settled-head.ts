import type { Tx } from '../db/tx.ts';
import { batch } from './numbering.ts';

/**
 * The last position, once every event that is committed has one. Nobody numbers until the transaction ends, so that whatever
 * is committed after this has a higher position, and whatever was committed before has not.
 */
export async function settleHead(tx: Tx, schema: string): Promise<string> {
  const lock = `SELECT pg_advisory_xact_lock(hashtextextended('khobor changes ' || $1::text, 0))::text AS locked`;
  await tx.read({ text: lock }, [schema]);
  for (let moved = batch; moved >= batch; ) {
    const [row] = await tx.read<{ moved: number | null }>({ text: `SELECT moved FROM @number_events(${batch})` });
    moved = row?.moved ?? 0;
  }
  const [head] = await tx.read<{ position: string }>({ text: 'SELECT position::text FROM @changes_head' });
  return head?.position ?? '0';
}
