import type { WrittenArticle } from '../../article/change/article-changes.ts';
import type { ChangeOf } from '../../article/change/plan.ts';
import { type ItemPlace, lockItem, rememberItem, type SentItem } from '../../article/source-items.ts';
import { type Actor, hasRole } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { Failure, invalidInput, notFound } from '../../core/errors.ts';
import { readItemId } from '../../core/item-id.ts';
import { checkMaySend, hasItems, maySendAlways } from '../../core/item-sender.ts';
import { type LabelRef, labelRefOf } from '../../core/label-ref.ts';
import { checkCondition, type Precondition } from '../../core/precondition.ts';
import { itemTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import * as repository from './wire.repository.ts';
import type { WireItem } from './wire.schema.ts';
import { comingOf, itemTaking, mayTakeBack, type TakenVersion, type WireParts } from './wire.taking.ts';
import { itemGone, killNotCarriedOut, notTaken, publishedSinceKill } from './wire.warnings.ts';

export type TakenItem = WrittenArticle & { created: boolean };

export type ItemCall = { actor: Actor; source: string; itemId: string; ifMatch: Precondition; call: Call };

export type WireService = {
  /**
   * Makes or changes the article of a wire's item. An older version that arrives late changes nothing. Throws 403 before
   * anything about the item is told. Throws 410 if the item's article is gone, unless the version is higher than the last.
   */
  put(of: ItemCall, item: WireItem): Promise<TakenItem>;
};

function itemIdOf(segment: string): string {
  const read = readItemId(segment);
  if ('id' in read) return read.id;
  throw invalidInput([{ in: 'path', pointer: '/sourceItemId', detail: read.fault }]);
}

const saysGone = (thrown: unknown) =>
  thrown instanceof Failure && (thrown.code === 'unknown-source' || thrown.code === 'not-found');

/**
 * The source of the path may be removed or merged after it was `found`. Then the call begins once more, so that it finds
 * the successor. Throws 404 if there is none: a body of this call names no source.
 */
async function lookingAgain<Result>(work: (found: () => void) => Promise<Result>): Promise<Result> {
  let wasFound = false;
  const found = () => {
    wasFound = true;
  };
  try {
    return await work(found);
  } catch (thrown) {
    if (!wasFound || !saysGone(thrown)) throw thrown;
  }
  try {
    return await work(found);
  } catch (thrown) {
    throw saysGone(thrown) ? notFound() : thrown;
  }
}

const bareCover = { caption: null, credit: null, width: null, height: null };

/**
 * Completes an item, so that it does not depend on what was stored before: a body without a format is html, and a cover has
 * null for members it does not name.
 */
const whole = (item: WireItem): WireItem => ({
  ...item,
  ...(item.body === undefined ? {} : { bodyFormat: item.bodyFormat ?? 'html' }),
  ...(item.cover ? { cover: { ...bareCover, ...item.cover } } : {}),
});

/** What was sent last: as it is remembered, or as the article has it. */
const lastOf = (sent: SentItem | null, { item_version }: repository.Known): SentItem =>
  sent !== null && sent.version >= (item_version ?? 0)
    ? sent
    : { version: item_version ?? 0, killed: false, digest: null };

export function wireService({ db, changes, articles }: WireParts & { db: Db }): WireService {
  const taking = itemTaking({ changes, articles });

  /**
   * Takes the first version of an item, or the first after its article is gone. Returns a failure instead of throwing it,
   * so that what was written is committed.
   */
  const takeFirst = async (
    tx: Tx,
    of: ItemCall,
    place: ItemPlace,
    item: WireItem,
    { sent, remembered, look, coming }: repository.FoundItem,
  ): Promise<TakenVersion | Failure> => {
    if (sent !== null && item.itemVersion <= sent.version) {
      const kills = item.kill !== undefined && item.itemVersion === sent.version;
      if (kills) await rememberItem(tx, place, coming);
      return itemGone({ ...sent, killed: sent.killed || kills });
    }
    checkCondition(of.ifMatch, null);
    if (look !== null) changes.lookedBefore(tx, coming.slug, look);
    const written = await taking.create(tx, of.actor, place, item, of.call);
    if (!remembered) await rememberItem(tx, place, coming);
    return written;
  };

  /** Takes a version of an item that has an article, or tells its wire why it is not taken. */
  const takeNext = async (
    tx: Tx,
    of: ChangeOf,
    known: repository.Known,
    place: ItemPlace,
    item: WireItem,
    { sent, remembered, touched, coming }: repository.FoundItem,
  ) => {
    const last = lastOf(sent, known);
    const ahead = item.itemVersion - last.version;
    // A wire may kill a version under the same number. Then the kill counts.
    const kills = ahead === 0 && item.kill !== undefined;
    const asked = kills && last.killed && (await repository.isKillAsked(tx, known.id));
    if (ahead > 0 || (kills && (!last.killed || (asked && mayTakeBack(of, known)))))
      return taking.take(tx, of, { place, known, remembered, touched, coming }, item, last);
    const stays = kills && known.live ? [asked ? killNotCarriedOut : publishedSinceKill] : [];
    return taking.leave(of, [...stays, ...notTaken(last, item)]);
  };

  /**
   * Locks the item and looks at it, once it is known that the caller may send it. Throws 404 and 403. `sure`: the place, where
   * that is known before. Then both are one round trip, unless the source has another id by now.
   */
  const lookFor = async (
    tx: Tx,
    { actor, ref, itemId, sure }: Pick<ItemCall, 'actor' | 'itemId'> & { ref: LabelRef; sure: ItemPlace | null },
    sent: { tags: readonly LabelRef[]; coming: repository.Coming },
    sourceFound: () => void,
  ): Promise<repository.LookedItem> => {
    const looked = sure && (await repository.lookAtItem(tx, sure, { ...sent, locked: false }));
    if (looked) {
      sourceFound();
      return looked;
    }
    const { locked, ...source } = await repository.findSource(tx, ref, itemId);
    sourceFound();
    checkMaySend(actor, source);
    const place = { sourceId: source.id, itemId };
    if (locked) tx.turn(itemTurn(source.id, itemId));
    else await lockItem(tx, place);
    const found = await repository.lookAtItem(tx, place, { ...sent, locked: true });
    if (found === null) throw notFound();
    return found;
  };

  return {
    async put(of, sent) {
      const itemId = itemIdOf(of.itemId);
      const ref = labelRefOf(of.source);
      const item = whole(sent);
      const { tags = [] } = item;
      const coming = comingOf(item);
      const sure = 'id' in ref && maySendAlways(of.actor, ref.id) ? { sourceId: ref.id, itemId } : null;
      const turns = sure ? [itemTurn(sure.sourceId, itemId)] : [];
      const taken = await lookingAgain((sourceFound) =>
        db.transaction(
          async (tx): Promise<TakenItem | Failure> => {
            const { actor, call } = of;
            const looked = await lookFor(tx, { actor, ref, itemId, sure }, { tags, coming }, sourceFound);
            const { place, source } = looked;
            const theirs = hasItems(actor, source);
            const found = await repository.takeItem(tx, looked);
            const { known, taken } = found;
            const ifMatch: Precondition = of.ifMatch.kind === 'none' ? { ...of.ifMatch, kind: 'any' } : of.ifMatch;
            // What others may not see is looked at once more by who may.
            const seen = theirs || hasRole(actor, 'editor') ? (taken ?? undefined) : undefined;
            const result =
              known === null
                ? await takeFirst(tx, of, place, item, found)
                : await takeNext(
                    tx,
                    { actor, segment: known.id, ifMatch, call, theirs, taken: seen },
                    known,
                    place,
                    item,
                    found,
                  );
            if (result instanceof Failure) return result;
            const { json } = result;
            const written = json === undefined ? await changes.readBack(tx, actor, result) : { ...result, json };
            return { ...written, created: known === null };
          },
          { whole: true, turns },
        ),
      );
      // Thrown only after the commit, since a kill of an item whose article is gone must be remembered all the same.
      if (taken instanceof Failure) throw taken;
      return taken;
    },
  };
}
