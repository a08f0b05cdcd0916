import { hash } from 'node:crypto';
import type { SentItem } from '../../article/source-items.ts';
import { type Warning, warning } from '../../article/warnings.ts';
import { Failure } from '../../core/errors.ts';
import type { Known } from './wire.repository.ts';
import type { WireItem } from './wire.schema.ts';

/** What a wire is told about its item, in addition to the article. Pure. */

export const inTrash = warning('in-trash', 'the desk has it in the trash, where this version is kept');
export const killNotCarriedOut = warning(
  'kill-not-carried-out',
  'an editor has published it, and only editors, or an access key of a source with itemsFrom keys, may take it back; the desk was told',
);

/** For a kill that is sent again and was carried out before. */
export const publishedSinceKill = warning(
  'kill-not-carried-out',
  'an editor has published it since this kill was taken; to kill it again, send a higher itemVersion',
);

/** What a version did not do to the status of its article, or did although the desk had decided otherwise. */
export function statusWarnings(item: WireItem, known: Known, { killed }: Pick<SentItem, 'killed'>): Warning[] {
  const { status, live, withdrawn, trashed } = known;
  if (trashed) return [];
  if (item.status === 'published') return withdrawn && !killed ? [warning('republished', status)] : [];
  if (item.status !== undefined) return item.status === status ? [] : [warning('status-kept', status)];
  return withdrawn || (killed && !live) ? [warning('withdrawn', status)] : [];
}

/** For what was sent as published, if readers do not see the article. */
export const unseen = ({ status, at }: { status: 'scheduled' | 'expired'; at: string }): Warning => warning(status, at);

/** Tells two contents of the same version apart. In a kill, only the reason counts. */
export function digestOf({ itemVersion: _, ...item }: WireItem): string {
  const said = item.kill === undefined ? item : { kill: item.kill };
  const members = Object.entries(said).filter(([, value]) => value !== undefined);
  return hash('sha256', JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1))), 'base64url');
}

/** For a version that is not higher than the one taken: why its content is not taken. */
export function notTaken(seen: SentItem, item: WireItem): Warning[] {
  if (item.itemVersion < seen.version) return [warning('older-version', `version ${seen.version} is here already`)];
  if (seen.killed && item.kill === undefined) return [warning('item-killed', `version ${seen.version} was killed`)];
  const another = seen.digest !== null && seen.digest !== digestOf(item);
  return another ? [warning('same-version', `version ${seen.version} is here already and said something else`)] : [];
}

/** 410 for a version that is not higher than the one taken, if the item has no article any more. */
export const itemGone = ({ version, killed }: SentItem): Failure =>
  new Failure(
    'Gone',
    killed ? 'item-killed' : 'item-purged',
    `${killed ? 'This item was killed' : 'This item was taken'} with version ${version}, and its article was purged or given to another item; only a higher itemVersion is taken.`,
    { members: { itemVersion: version } },
  );
