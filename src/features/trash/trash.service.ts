import type { ArticleChanges } from '../../article/change/article-changes.ts';
import { checkKeyReach } from '../../article/lifecycle.ts';
import { forgetItem } from '../../article/source-items.ts';
import { type Actor, type Cause, causeOf, noCause } from '../../core/actor.ts';
import { cacheKeys } from '../../core/cache-keys.ts';
import type { Call } from '../../core/call.ts';
import { conflict } from '../../core/errors.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { recordEvent } from '../../outbox/record.ts';
import * as repository from './trash.repository.ts';
import type { PurgeBody } from './trash.schema.ts';

export type TrashService = {
  /**
   * Permanently removes an article that is in the trash, with its revisions, and frees its slug. What its source has sent
   * is remembered, unless `options` say to forget it.
   */
  purge(of: { actor: Actor; segment: string; ifMatch: Precondition; call: Call }, options?: PurgeBody): Promise<void>;
  /** Purges what has been in the trash for more than this many days. Returns how many articles. */
  purgeOld(days: number): Promise<number>;
};

type EventData = Readonly<Record<string, string | boolean>>;
const batch = 100;

async function remove(
  tx: Tx,
  { id, slug, version }: repository.TrashedArticle,
  cause: Cause,
  extra: EventData = {},
): Promise<void> {
  const event = {
    type: 'article.purged',
    subjectType: 'article',
    subjectId: id,
    version: version + 1,
    keys: [cacheKeys.article(id)],
  } as const;
  await recordEvent(tx, { ...event, ...cause, data: { slug, ...extra } });
  await repository.removeArticle(tx, id);
}

export function trashService({
  db,
  changes,
}: {
  db: Db;
  changes: Pick<ArticleChanges, 'lock' | 'checkVersion'>;
}): TrashService {
  const purgeBatch = (days: number): Promise<number> =>
    db.transaction(async (tx) => {
      const old = await repository.lockOld(tx, days, batch);
      for (const article of old) await remove(tx, article, noCause);
      return old.length;
    });

  return {
    purge({ actor, segment, ifMatch, call }, { forgetItem: forgets = false } = {}) {
      return db.transaction(async (tx) => {
        const article = await changes.lock(tx, actor, segment);
        checkKeyReach(actor, article);
        await changes.checkVersion(tx, article, ifMatch);
        if (article.deletedAt === null)
          throw conflict('wrong-state', 'Only what is in the trash can be purged; delete the article first.');
        const { sourceId, sourceItemId: itemId } = article;
        const forgotten = forgets && sourceId !== null && itemId !== null;
        if (forgotten) await forgetItem(tx, { sourceId, itemId });
        await remove(tx, article, causeOf(actor, call), forgotten ? { forgotItem: itemId } : {});
      });
    },

    async purgeOld(days) {
      let purged = 0;
      for (let last = batch; last === batch; purged += last) last = await purgeBatch(days);
      return purged;
    },
  };
}
