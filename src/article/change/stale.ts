import { Failure, stale } from '../../core/errors.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Tx } from '../../db/tx.ts';
import { placeOf, type Stored } from '../content.ts';
import { type FieldChange, fieldChanges } from '../differences.ts';
import { namesDraft } from '../draft.ts';
import { staleIn } from '../lifecycle.ts';
import { findSnapshot } from './writes.ts';

/** The 412 for an article that is not in the version that the caller has read. */

/**
 * A draft's version is higher than every version of its article. If it were reported as an ordinary stale version, a client
 * would merge and write into the live text.
 */
const draftEtag = () =>
  new Failure('Stale', 'draft-etag', 'If-Match is the ETag of a working draft; read the article and send its own.');

/** What changed between a version and now; null if that version is not known. */
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

/** 412 with what changed since, so that a client can merge; `draft-etag` if `If-Match` is the ETag of a working draft. */
export async function staleArticle(tx: Tx, stored: Stored, ifMatch: Precondition, publicUrl: string): Promise<Failure> {
  if (namesDraft(ifMatch)) return draftEtag();
  const since = ifMatch.kind === 'versions' ? ifMatch.versions[0] : undefined;
  const changes = since === undefined ? null : await changesSince(tx, stored, since, publicUrl);
  const { hint, members } = staleIn(placeOf(stored));
  const detail = `The article has another version than the call names.${hint} Read it again and repeat the change on what it is now.`;
  return stale(stored.version, detail, { ...members, ...(changes === null ? {} : { changes }) });
}
