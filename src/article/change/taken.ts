import { conflict, Failure } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';
import type { Read } from '../../db/tx.ts';
import type { Viewer } from '../read/page.ts';
import { findIdByItem, findIdBySlug } from './reads.ts';

/** The id of the article that already has the slug or the item, if this viewer may see it. */
async function findTaker(read: Read, { code, extras }: Failure, viewer: Viewer): Promise<string | null> {
  const { slug, source, sourceItemId } = extras.members ?? {};
  if (code === 'slug-taken' && typeof slug === 'string') return findIdBySlug(read, slug, viewer);
  if (code !== 'source-item-taken' || typeof source !== 'string' || typeof sourceItemId !== 'string') return null;
  return findIdByItem(read, { source, sourceItemId }, viewer);
}

/**
 * Adds to a failure which article has the taken slug or item. Looks it up after the transaction, since a failed transaction
 * can read no more.
 */
export async function namingTaken<Result>(db: Db, viewer: Viewer, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    const existing = thrown instanceof Failure ? await findTaker(db.read, thrown, viewer) : null;
    if (!(thrown instanceof Failure) || existing === null) throw thrown;
    throw conflict(thrown.code, thrown.message, { ...thrown.extras.members, existing });
  }
}
