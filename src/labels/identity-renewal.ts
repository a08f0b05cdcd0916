import { Failure } from '../core/errors.ts';
import { identityKey, identityVersion } from '../core/identity-key.ts';
import { lockNumber } from '../db/advisory-locks.ts';
import type { Db } from '../db/client.ts';
import type { Tx } from '../db/tx.ts';

/** Computes identity keys again that an earlier version of the folding has made. */

/**
 * Two labels whose names have the same key today: `id` keeps its former key, `existing` has the new one. `existing` is null
 * if there is no such label.
 */
export type KeptLabel = { table: 'tags' | 'sources'; id: string; slug: string; existing: string | null };

type Row = { id: string; slug: string; name: string; identity_key: string };

const tables = ['tags', 'sources'] as const;
const lockKey = '7270736901';
const batchSize = 500;
const triesMax = 5;

async function hasFormer(db: Db, table: KeptLabel['table']): Promise<boolean> {
  const text = `SELECT EXISTS (SELECT FROM @${table} WHERE identity_version < ${identityVersion}) AS former`;
  const [row] = await db.read<{ former: boolean }>({ text });
  return row?.former === true;
}

/** Gives a label its new key. False if the key is empty, or if another label has it. */
async function rename(tx: Tx, table: KeptLabel['table'], { id, name, identity_key: before }: Row): Promise<boolean> {
  const key = identityKey(name);
  if (key === before) return true;
  if (key === '') return false;
  const text = `UPDATE @${table} x SET identity_key = $2::text WHERE x.id = $1::uuid
    AND NOT EXISTS (SELECT FROM @${table} o WHERE o.identity_key = $2::text AND o.id <> x.id) RETURNING x.id::text`;
  return (await tx.read({ text }, [id, key])).length > 0;
}

async function findHolder(tx: Tx, table: KeptLabel['table'], key: string): Promise<string | null> {
  const text = `SELECT id::text FROM @${table} WHERE identity_key = $1::text`;
  return (await tx.read<{ id: string }>({ text }, [key]))[0]?.id ?? null;
}

/**
 * Locked, so that nobody else does this meanwhile. Oldest first: of two labels with the same new key, the older one gets
 * it.
 */
async function renewBatch(tx: Tx, table: KeptLabel['table']): Promise<{ done: number; kept: KeptLabel[] }> {
  await lockNumber(tx, lockKey);
  const former = `SELECT id::text, slug, name, identity_key FROM @${table} WHERE identity_version < ${identityVersion}
    ORDER BY created_at, id LIMIT ${batchSize} FOR NO KEY UPDATE`;
  const rows = await tx.read<Row>({ text: former });
  const kept: KeptLabel[] = [];
  for (const row of rows) {
    if (await rename(tx, table, row)) continue;
    kept.push({ table, id: row.id, slug: row.slug, existing: await findHolder(tx, table, identityKey(row.name)) });
  }
  const done = `UPDATE @${table} SET identity_version = ${identityVersion} WHERE id = ANY($1::uuid[]) RETURNING id::text`;
  await tx.read({ text: done }, [rows.map(({ id }) => id)]);
  return { done: rows.length, kept };
}

/** The same, tried again if a writer held a row for too long or took a key in between. */
async function renewSome(db: Db, table: KeptLabel['table']): ReturnType<typeof renewBatch> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction((tx) => renewBatch(tx, table));
    } catch (thrown) {
      if (!(thrown instanceof Failure) || tries >= triesMax) throw thrown;
    }
  }
}

/**
 * Computes the keys again that are of an earlier version, oldest first, one batch in a transaction; several instances may
 * run it at once. Writes nothing if all keys are current. `tell` is called for each label that keeps its former key.
 * Versions stay and no event is recorded, since nothing visible changes.
 */
export async function renewIdentityKeys(db: Db, tell: (kept: KeptLabel) => void): Promise<void> {
  for (const table of tables) {
    if (!(await hasFormer(db, table))) continue;
    for (let left = true; left; ) {
      const { done, kept } = await renewSome(db, table);
      for (const label of kept) tell(label);
      left = done === batchSize;
    }
  }
}
