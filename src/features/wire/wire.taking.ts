import type { ArticleChanges, ChangeResult, WrittenArticle } from '../../article/change/article-changes.ts';
import type { ChangeOf } from '../../article/change/plan.ts';
import { databaseNow } from '../../article/change/reads.ts';
import { contentOf } from '../../article/content.ts';
import { contentAfter } from '../../article/edits.ts';
import { pick } from '../../article/fields.ts';
import { wireNames } from '../../article/inputs.ts';
import { type ItemPlace, rememberItem, type SentItem } from '../../article/source-items.ts';
import type { Warning } from '../../article/warnings.ts';
import { type Actor, hasRole } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { bodyFault, forbidden, invalidInput } from '../../core/errors.ts';
import { slugify } from '../../core/slug.ts';
import type { Tx } from '../../db/tx.ts';
import type { ArticleWrites, ArticleWriting } from '../articles/articles.writing.ts';
import { deskEdits, overwritten } from './wire.overwriting.ts';
import * as repository from './wire.repository.ts';
import type { WireItem } from './wire.schema.ts';
import { digestOf, inTrash, killNotCarriedOut, statusWarnings, unseen } from './wire.warnings.ts';

/** What a wire's item does to its article. */

/** What a version did. With the article if the last change gave it. */
export type TakenVersion = ChangeResult & Partial<Pick<WrittenArticle, 'json'>>;

export type WireParts = { changes: ArticleChanges; articles: ArticleWriting };

/** The article of an item, and what was found with it. */
type FoundArticle = Pick<repository.FoundItem, 'remembered' | 'touched' | 'coming'> & {
  place: ItemPlace;
  known: repository.Known;
};

/** What comes with an item, as far as it is asked for with its article. */
export const comingOf = (item: WireItem): repository.Coming => ({
  ...sentBy(item),
  fields: Object.keys(patchOf(item)),
  slug: slugify(item.title ?? ''),
});

const sentBy = (item: WireItem): SentItem => ({
  version: item.itemVersion,
  killed: item.kill !== undefined,
  digest: digestOf(item),
});

export type ItemTaking = {
  /**
   * Makes the article of a new item: published if the caller may publish and the body does not say otherwise. A kill makes
   * an article in the trash.
   */
  create(tx: Tx, actor: Actor, place: ItemPlace, item: WireItem, call: Call): Promise<TakenVersion>;
  /** Takes a version, which is remembered: it replaces what was there, or kills it. */
  take(tx: Tx, of: ChangeOf, found: FoundArticle, item: WireItem, last: SentItem): Promise<TakenVersion>;
  /** Does not take the content of a version. Its wire is answered with the article and these warnings. */
  leave(of: ChangeOf, warnings: Warning[]): Promise<TakenVersion>;
};

/** Whether a kill from this caller takes the article from readers, or only asks the desk to do so. */
export const mayTakeBack = ({ actor, theirs }: ChangeOf, { live }: repository.Known): boolean =>
  !live || theirs === true || hasRole(actor, 'editor');

const statusOf = ({ status }: WireItem, actor: Actor) => status ?? (hasRole(actor, 'editor') ? 'published' : 'draft');

const wired = new Set<string>(wireNames);
const isWired = (name: string): name is (typeof wireNames)[number] => wired.has(name);

/** The fields of an item, in the order in which they were sent. */
const sentOf = (item: WireItem) => pick(item, Object.keys(item).filter(isWired));

/** The same for an article that exists, whose status only changes by a step. */
const patchOf = (item: WireItem) =>
  pick(
    item,
    Object.keys(item).filter((name) => isWired(name) && name !== 'status'),
  );

function titleOf({ title }: WireItem): string {
  if (title !== undefined) return title;
  throw invalidInput([bodyFault('/title', 'A new item needs a title.')]);
}

/**
 * Adds a warning if readers do not see an article that was sent as published. A `publishedAt` ahead that the item itself
 * names is what its sender asked for, and needs no warning.
 */
async function warningUnseen(
  tx: Tx,
  written: TakenVersion,
  item: Pick<WireItem, 'status' | 'publishedAt'>,
): Promise<TakenVersion> {
  const hidden = item.status === 'published' ? await repository.findUnseen(tx, written.id) : null;
  if (hidden === null || (hidden.status === 'scheduled' && item.publishedAt)) return written;
  return { ...written, warnings: [...written.warnings, unseen(hidden)] };
}

export function itemTaking({ changes, articles }: WireParts): ItemTaking {
  /**
   * A kill takes the article from readers and out of review; in any other state it stays where it is. The reason is kept in
   * every state.
   */
  const kill = (of: ChangeOf, { live }: repository.Known, itemVersion: number, reason: string) =>
    changes.change(of, {
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

  /**
   * If the caller may not take the article from readers, it stays public, and a note and an event tell the desk about the
   * kill.
   */
  const askKill = (of: ChangeOf, itemVersion: number, reason: string) =>
    changes.change(of, {
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

  /** Publishes the wire's own text (`draftVersion` 0): nobody at the wire has read the desk's draft. */
  const publish = async (of: ChangeOf, { warnings }: ChangeResult): Promise<TakenVersion> => {
    const published = await articles.step(of, 'publish', { draftVersion: 0 });
    return { ...published, warnings: [...warnings, ...published.warnings] };
  };

  /** Takes an article out of the trash that was only a kill notice, as if its item were new. */
  const revive = async (of: ChangeOf, item: WireItem): Promise<TakenVersion> => {
    const patch = { ...patchOf(item), title: titleOf(item) };
    await articles.unread.step(of, 'restore');
    const next = afterOwnChange(of);
    const written = await articles.unread.update(next, patch, { itemVersion: item.itemVersion });
    const status = statusOf(item, of.actor);
    if (status === 'published') return publish(next, written);
    return status === 'review' ? { ...(await articles.step(next, 'submit')), warnings: written.warnings } : written;
  };

  /** Replaces what the desk had made of the article, with a warning for each edit that is lost. */
  const update = async (
    tx: Tx,
    of: ChangeOf,
    { place, known: { id, version: before }, ...found }: FoundArticle,
    item: WireItem,
    isLast: boolean,
  ): Promise<TakenVersion> => {
    const patch = patchOf(item);
    const writing: ArticleWrites<TakenVersion> = isLast ? articles : articles.unread;
    const sent = Object.keys(patch);
    const edits = await deskEdits(tx, changes, { id, version: before }, { place, found });
    const written = await writing.update(of, patch, { itemVersion: item.itemVersion }, 'taken');
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
        return articles.create(actor, { ...place, title: itemId }, call, extra, as);
      }
      const named = { ...sentOf(item), ...place, title: titleOf(item), status: statusOf(item, actor) };
      return warningUnseen(tx, await articles.create(actor, named, call, { itemVersion }), named);
    },

    async take(tx, of, found, item, last) {
      const { itemVersion, kill: killed, status } = item;
      const { place, known } = found;
      const remember = async () => {
        if (!found.remembered) await rememberItem(tx, place, found.coming);
      };
      if (killed) {
        const { reason } = killed;
        await remember();
        return mayTakeBack(of, known) ? kill(of, known, itemVersion, reason) : askKill(of, itemVersion, reason);
      }
      if (known.trashed && (await repository.isPlaceholder(tx, known.id))) {
        await remember();
        return revive(of, item);
      }
      const publishes = status === 'published' && !known.trashed && !known.live;
      const updated = await update(tx, of, found, item, !publishes);
      const written = { ...updated, warnings: [...updated.warnings, ...statusWarnings(item, known, last)] };
      if (publishes) return warningUnseen(tx, await publish(afterOwnChange(of), written), item);
      if (known.trashed) return { ...written, warnings: [...written.warnings, inTrash] };
      return status === 'published' ? warningUnseen(tx, written, item) : written;
    },

    leave: (of, warnings) =>
      changes.change(of, {
        step: 'item',
        event: 'article.updated',
        note: null,
        checkMay: () => undefined,
        decide: async (stored) => ({ content: contentOf(stored), derivedBase: null, warnings }),
      }),
  };
}

/** For the further changes of a call, which follow the version that the call itself has made. */
const afterOwnChange = (of: ChangeOf): ChangeOf => ({ ...of, ifMatch: { kind: 'any' }, taken: undefined });
