import type { ChangeOf } from '../../article/change/plan.ts';
import type { Stored } from '../../article/content.ts';
import { causeOf } from '../../core/actor.ts';
import type { Tx } from '../../db/tx.ts';
import type { EventType } from '../../outbox/event-types.ts';
import { type NewEvent, recordEvent } from '../../outbox/record.ts';
import { differencesOf, sidesOf } from './drafts.differences.ts';
import * as repository from './drafts.repository.ts';

/** The events of working drafts. */

type Who = Pick<ChangeOf, 'actor' | 'call'>;

const record = (tx: Tx, type: EventType, { id, version }: Stored, { actor, call }: Who, data: NewEvent['data']) =>
  recordEvent(tx, {
    type,
    subjectType: 'article',
    subjectId: id,
    version,
    ...causeOf(actor, call),
    // Readers see nothing of a draft, so no cached answer becomes stale.
    keys: [],
    data: data ?? {},
  });

export const recordEdited = (
  tx: Tx,
  live: Stored,
  who: Who,
  data: { changed: readonly string[]; baseVersion: number },
): Promise<void> => record(tx, 'draft.updated', live, who, data);

/**
 * Removes a draft, and records it: with the fields that the draft changed, who had changed them, and whether it was
 * published.
 */
export async function discardDraft(
  tx: Tx,
  live: Stored,
  { row, writers }: repository.LockedDraft,
  who: Who,
  how: { published?: true },
): Promise<void> {
  const changed = differencesOf(sidesOf(row)).draftChanges.map(({ field }) => field);
  await repository.removeDraft(tx, live.id);
  await record(tx, 'draft.deleted', live, who, { baseVersion: row.base_version, changed, changedBy: writers, ...how });
}
