import { hash } from 'node:crypto';
import type { SentItem } from '../../article/source-items.ts';
import { type Warning, warning } from '../../article/warnings.ts';
import { Failure } from '../../core/errors.ts';
import type { WireItem } from './wire.schema.ts';

/** What a wire is told of its item besides the article. Pure. */

export const inTrash = warning('in-trash', 'the desk has it in the trash, where this version is kept');
export const killNotCarriedOut = warning(
  'kill-not-carried-out',
  'an editor has published it, and only editors, or an access key of a source with itemsFrom keys, may take it back; the desk was told',
);

/** Of `status: "published"`, where readers do not see it. */
export const unseen = ({ status, at }: { status: 'scheduled' | 'expired'; at: string }): Warning => warning(status, at);

/** What tells one text of a version from another; of a kill its reason alone counts. */
export function digestOf({ itemVersion: _, ...item }: WireItem): string {
  const said = item.kill === undefined ? item : { kill: item.kill };
  const members = Object.entries(said).filter(([, value]) => value !== undefined);
  return hash('sha256', JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1))), 'base64url');
}

/** Of a version that is not above the one that was taken: what becomes of what it says. */
export function notTaken(seen: SentItem, item: WireItem): Warning[] {
  if (item.itemVersion < seen.version) return [warning('older-version', `version ${seen.version} is here already`)];
  if (seen.killed && item.kill === undefined) return [warning('item-killed', `version ${seen.version} was killed`)];
  const another = seen.digest !== null && seen.digest !== digestOf(item);
  return another ? [warning('same-version', `version ${seen.version} is here already and said something else`)] : [];
}

/** 410 for a version, not above the one that was taken, of an item that no article stands for any more. */
export const itemGone = ({ version, killed }: SentItem): Failure =>
  new Failure(
    'Gone',
    killed ? 'item-killed' : 'item-purged',
    `${killed ? 'This item was killed' : 'This item was taken'} with version ${version}, and its article was purged or given to another item; only a higher itemVersion is taken.`,
    { members: { itemVersion: version } },
  );
