import { checkKeyReach } from '../../article/lifecycle.ts';
import { callerOf } from '../../article/read/visible.ts';
import type { Actor } from '../../core/actor.ts';
import { notFound } from '../../core/errors.ts';
import { checkCondition, type Precondition } from '../../core/precondition.ts';
import { refOf } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import * as repository from './editing.repository.ts';
import type { EditingView } from './editing.schema.ts';

export type EditingService = {
  /**
   * Notes that the caller has the article open, for one lease from now. Returns all who have it open. Throws 403 for an
   * access key that may not write the article.
   */
  enter(actor: Actor, segment: string, ifMatch: Precondition): Promise<EditingView>;
  list(actor: Actor, segment: string): Promise<EditingView>;
  /** Afterwards it is as if the caller had never entered. Throws 403 as `enter` does. */
  leave(actor: Actor, segment: string, ifMatch: Precondition): Promise<void>;
};

/** Presence warns and never locks: everybody with the right to write still may, and the ETag decides. */
export function editingService({ db }: { db: Db }): EditingService {
  const find = async (actor: Actor, segment: string): Promise<repository.OpenArticle> => {
    const article = await repository.findArticle(db.read, refOf(segment), callerOf(actor));
    if (article === null) throw notFound();
    return article;
  };
  /** The article to enter or leave. */
  const findWritable = async (actor: Actor, segment: string, ifMatch: Precondition): Promise<string> => {
    const { id, version, sourceId, tagIds } = await find(actor, segment);
    checkKeyReach(actor, { sourceId, tagIds });
    checkCondition(ifMatch, version);
    return id;
  };
  const view = async (articleId: string): Promise<EditingView> => ({
    data: await repository.listEditing(db.read, articleId),
    leaseS: repository.leaseS,
  });

  return {
    async enter(actor, segment, ifMatch) {
      const id = await findWritable(actor, segment, ifMatch);
      if (!(await repository.renewLease(db.read, id, actor.userId))) await repository.insertLease(db, id, actor.userId);
      return view(id);
    },

    async list(actor, segment) {
      const { id } = await find(actor, segment);
      return view(id);
    },

    async leave(actor, segment, ifMatch) {
      const id = await findWritable(actor, segment, ifMatch);
      await repository.removeLease(db.read, id, actor.userId);
    },
  };
}
