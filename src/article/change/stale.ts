import { Failure, stale } from '../../core/errors.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Tx } from '../../db/tx.ts';
import { placeOf, type Stored } from '../content.ts';
import { type FieldChange, fieldChanges } from '../differences.ts';
import { namesDraft } from '../draft.ts';
import { staleIn } from '../lifecycle.ts';
import { findSnapshot } from './writes.ts';

/** What is said where an article is not the version that the caller has read. */

/** A draft's version is above every version of its article: as a stale one it would invite to write into the live text. */
const draftEtag = () =>
  new Failure('Stale', 'draft-etag', 'If-Match is the ETag of a working draft; read the article and send its own.');

/** What changed between a version and now; null where no such version is known. */
export async function changesSince(
  { read }: Tx,
  { id, version }: Pick<Stored, 'id' | 'version'>,
  since: number,
  publicUrl: string,
): Promise<FieldChange[] | null> {
  const before = await findSnapshot(read, id, since, publicUrl);
  const after = await findSnapshot(read, id, version, publicUrl);
  return before === null || after === null ? null : fieldChanges(before, after);
}

/** 412 with what changed since, so that a client can merge; for the ETag of a working draft `draft-etag`. */
export async function staleArticle(tx: Tx, stored: Stored, ifMatch: Precondition, publicUrl: string): Promise<Failure> {
  if (namesDraft(ifMatch)) return draftEtag();
  const since = ifMatch.kind === 'versions' ? ifMatch.versions[0] : undefined;
  const changes = since === undefined ? null : await changesSince(tx, stored, since, publicUrl);
  const { hint, members } = staleIn(placeOf(stored));
  const detail = `The article has changed since.${hint} Read it again and repeat the change on what it is now.`;
  return stale(stored.version, detail, { ...members, ...(changes === null ? {} : { changes }) });
}
