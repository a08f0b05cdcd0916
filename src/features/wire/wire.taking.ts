import type { ArticleChanges, ChangeOf, ChangeResult } from '../../article/change/change.ts';
import { databaseNow } from '../../article/change/reads.ts';
import { contentOf } from '../../article/content.ts';
import { contentAfter } from '../../article/edits.ts';
import { pick } from '../../article/fields.ts';
import { wireNames } from '../../article/inputs.ts';
import type { ItemPlace } from '../../article/source-items.ts';
import type { Warning } from '../../article/warnings.ts';
import { type Actor, hasRole } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { bodyFault, forbidden, invalidInput } from '../../core/errors.ts';
import type { Tx } from '../../db/tx.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import { deskEdits, overwritten } from './wire.overwriting.ts';
import * as repository from './wire.repository.ts';
import type { WireItem } from './wire.schema.ts';
import { inTrash, killNotCarriedOut, unseen } from './wire.warnings.ts';

/** What a wire's item makes of its article. */

export type WireParts = { changes: ArticleChanges; articles: ArticleWriting };

export type ItemTaking = {
  /** A new item: published where the caller may and the body does not say otherwise. A kill of it waits in the trash. */
  create(tx: Tx, actor: Actor, place: ItemPlace, item: WireItem, call: Call): Promise<ChangeResult>;
  /** A version that is to be taken: it takes the place of what was there, or takes it back. */
  take(tx: Tx, of: ChangeOf, known: repository.Known, item: WireItem): Promise<ChangeResult>;
  /** A version that the wire has reached, and what it is told, and nothing of what it holds. */
  leave(of: ChangeOf, warnings: Warning[]): Promise<ChangeResult>;
};

/** Whether a kill from this caller takes the article back from readers, or only asks the desk to. */
export const mayTakeBack = ({ actor, theirs }: ChangeOf, { live }: repository.Known): boolean =>
  !live || theirs === true || hasRole(actor, 'editor');

const statusOf = ({ status }: WireItem, actor: Actor) => status ?? (hasRole(actor, 'editor') ? 'published' : 'draft');

const wired = new Set<string>(wireNames);
const isWired = (name: string): name is (typeof wireNames)[number] => wired.has(name);

/** What an item says of its article, in the order in which it stands. */
const sentOf = (item: WireItem) => pick(item, Object.keys(item).filter(isWired));

/** The same of one that is there, whose status changes by a step. */
const patchOf = (item: WireItem) =>
  pick(
    item,
    Object.keys(item).filter((name) => isWired(name) && name !== 'status'),
  );

function titleOf({ title }: WireItem): string {
  if (title !== undefined) return title;
  throw invalidInput([bodyFault('/title', 'A new item needs a title.')]);
}

/** Says where readers do not see what was sent as published, but for a date ahead that came with it. */
async function saying(tx: Tx, written: ChangeResult, item: WireItem): Promise<ChangeResult> {
  const hidden = item.status === 'published' ? await repository.findUnseen(tx, written.id) : null;
  if (hidden === null || (hidden.status === 'scheduled' && item.publishedAt)) return written;
  return { ...written, warnings: [...written.warnings, unseen(hidden)] };
}

export function itemTaking({ changes, articles }: WireParts): ItemTaking {
  /** What is killed leaves readers and the review; where it is otherwise it stays. The reason is kept in every state. */
  const kill = (of: ChangeOf, { live }: repository.Known, itemVersion: number, reason: string) =>
    changes.unread.change(of, {
      step: 'kill',
      event: live ? 'article.unpublished' : 'article.updated',
      note: reason,
      data: { reason },
      evenUnchanged: true,
      checkMay({ createdById }) {
        if (hasRole(of.actor, 'editor') || of.theirs || createdById === of.actor.userId) return;
        throw forbidden('Only an editor may kill an item of which another person has made the article.');
      },
      async decide(stored) {
        const after = live ? contentAfter('unpublish', stored, undefined) : contentOf(stored);
        const status = after.status === 'review' ? 'draft' : after.status;
        return { content: { ...after, status, itemVersion }, derivedBase: null, warnings: [] };
      },
    });

  /** What the caller may not take back stays with readers, and the desk learns by a note and an event that it was killed. */
  const askKill = (of: ChangeOf, itemVersion: number, reason: string) =>
    changes.unread.change(of, {
      step: 'kill-asked',
      event: 'article.kill-asked',
      note: reason,
      data: { reason },
      evenUnchanged: true,
      checkMay: () => undefined,
      decide: async (stored) => ({
        content: { ...contentOf(stored), itemVersion },
        derivedBase: null,
        warnings: [killNotCarriedOut],
      }),
    });

  /** The wire's own text; what the desk has begun beside it nobody of the wire has read. */
  const publish = async (of: ChangeOf, { warnings }: ChangeResult): Promise<ChangeResult> => {
    const published = await articles.unread.step(of, 'publish', { draftVersion: 0 });
    return { ...published, warnings: [...warnings, ...published.warnings] };
  };

  /** What was only known as killed comes to life as it would have when it was new. */
  const revive = async (of: ChangeOf, item: WireItem): Promise<ChangeResult> => {
    const patch = { ...patchOf(item), title: titleOf(item) };
    await articles.unread.step(of, 'restore');
    const next = rest(of);
    const written = await articles.unread.update(next, patch, { itemVersion: item.itemVersion });
    const status = statusOf(item, of.actor);
    if (status === 'published') return publish(next, written);
    return status === 'review'
      ? { ...(await articles.unread.step(next, 'submit')), warnings: written.warnings }
      : written;
  };

  /** What the wire sends takes the place of what the desk had made of it, and says so. */
  const update = async (tx: Tx, of: ChangeOf, { id, version: before }: repository.Known, item: WireItem) => {
    const patch = patchOf(item);
    const sent = Object.keys(patch);
    const edits = await deskEdits(tx, changes, { id, version: before }, sent);
    const written = await articles.unread.update(of, patch, { itemVersion: item.itemVersion }, 'taken');
    const lost = await overwritten(tx, changes, { before, after: written, edits, sent });
    return { ...written, warnings: [...written.warnings, ...lost] };
  };

  return {
    async create(tx, actor, { sourceId, itemId }, item, call) {
      const { itemVersion, kill: killed } = item;
      const place = { source: { id: sourceId }, sourceItemId: itemId };
      if (killed) {
        const { reason } = killed;
        const extra = { itemVersion, deletedAt: await databaseNow(tx) };
        const as = { step: 'kill', note: reason, data: { reason } };
        return articles.unread.create(actor, { ...place, title: itemId }, call, extra, as);
      }
      const named = { ...sentOf(item), ...place, title: titleOf(item), status: statusOf(item, actor) };
      return saying(tx, await articles.unread.create(actor, named, call, { itemVersion }), item);
    },

    async take(tx, of, known, item) {
      const { itemVersion, kill: killed, status } = item;
      if (killed) {
        const { reason } = killed;
        return mayTakeBack(of, known) ? kill(of, known, itemVersion, reason) : askKill(of, itemVersion, reason);
      }
      if (known.trashed && (await repository.isPlaceholder(tx, known.id))) return revive(of, item);
      const written = await update(tx, of, known, item);
      if (known.trashed) return { ...written, warnings: [...written.warnings, inTrash] };
      if (status !== 'published') return written;
      return known.live ? saying(tx, written, item) : publish(rest(of), written);
    },

    leave: (of, warnings) =>
      changes.unread.change(of, {
        step: 'item',
        event: 'article.updated',
        note: null,
        checkMay: () => undefined,
        decide: async (stored) => ({ content: contentOf(stored), derivedBase: null, warnings }),
      }),
  };
}

/** The further changes of a call: their version is the one that it has made itself. */
const rest = (of: ChangeOf): ChangeOf => ({ ...of, ifMatch: { kind: 'any' } });
