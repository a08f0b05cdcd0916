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
  /** Says that the caller has the article open, for a lease from now on; gives all who have. Throws 403 for a key that may not write it. */
  enter(actor: Actor, segment: string, ifMatch: Precondition): Promise<EditingView>;
  list(actor: Actor, segment: string): Promise<EditingView>;
  /** As if the caller had never entered. Throws 403 as entering does. */
  leave(actor: Actor, segment: string, ifMatch: Precondition): Promise<void>;
};

/** Presence warns and never locks: whoever has the right to write still does, and the ETag decides. */
export function editingService({ db }: { db: Db }): EditingService {
  const find = async (actor: Actor, segment: string): Promise<repository.OpenArticle> => {
    const article = await repository.findArticle(db.read, refOf(segment), callerOf(actor));
    if (article === null) throw notFound();
    return article;
  };
  /** The article of which the caller is to be or no longer to be in. */
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
