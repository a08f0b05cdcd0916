import type { Tx } from '../../db/tx.ts';

/** When the database checks that slugs are unique: at the end of the transaction, or now and then after each statement. */
export async function askUniqueSlugs(tx: Tx, when: 'DEFERRED' | 'IMMEDIATE'): Promise<void> {
  await tx.read({ text: `SET CONSTRAINTS @articles_slug_key ${when}` });
}

export type SlugOwner = { id: string; slug: string };

export async function findOwner(tx: Tx, slug: string): Promise<SlugOwner | null> {
  const text = 'SELECT a.id::text, a.slug FROM @articles a WHERE a.slug = $1::text';
  return (await tx.read<SlugOwner>({ text }, [slug]))[0] ?? null;
}

/** Whether two articles share one of these slugs. */
export async function hasShared(tx: Tx, slugs: readonly string[]): Promise<boolean> {
  const text = 'SELECT a.slug FROM @articles a WHERE a.slug = ANY($1::text[]) GROUP BY a.slug HAVING count(*) > 1';
  return (await tx.read({ text }, [slugs])).length > 0;
}
