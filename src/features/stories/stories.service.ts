import type { ArticleChanges, WrittenArticle } from '../../article/change/article-changes.ts';
import type { ChangeOf } from '../../article/change/plan.ts';
import { contentOf, placeOf, type Stored } from '../../article/content.ts';
import { checkEditable, checkMayEdit } from '../../article/lifecycle.ts';
import { callerOf } from '../../article/read/visible.ts';
import { bodyFault, unprocessable } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { type Ref, readRef } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import * as repository from './stories.repository.ts';

export type StoryService = {
  /**
   * Makes the article an edition of the story of `other`. Throws 422 if `other` does not exist or the caller may not see
   * it.
   */
  link(of: ChangeOf, other: Ref): Promise<WrittenArticle>;
  /** Takes the article out of its story. */
  unlink(of: ChangeOf): Promise<WrittenArticle>;
};

const refused = (code: string, detail: string) => unprocessable(code, detail, [bodyFault('/with', detail)]);

export function storyService({ db, changes }: { db: Db; changes: ArticleChanges }): StoryService {
  const plan = (step: 'link' | 'unlink', of: ChangeOf) => ({
    step,
    event: `article.${step}ed` as const,
    note: null,
    checkMay: (stored: Stored) => checkMayEdit(placeOf(stored), of.actor, stored.createdById === of.actor.userId),
  });
  return {
    link: (of, named) =>
      db.transaction(
        async (tx) => {
          const caller = callerOf(of.actor);
          const other = await repository.resolveSlug(tx, named, caller);
          await changes.lockTogether(tx, [readRef(of.segment), other]);
          return changes.change(of, {
            ...plan('link', of),
            async decide(stored) {
              checkEditable(placeOf(stored));
              const found = await repository.findStory(tx, other, caller);
              if (found === null) throw refused('unknown-article', 'There is no such article to tell the same story.');
              if (found.id === stored.id) throw refused('own-story', 'An article cannot be another edition of itself.');
              const own = stored.storyId ?? stored.id;
              return {
                content: { ...contentOf(stored), storyId: own === found.story ? stored.storyId : found.story },
                derivedBase: null,
                warnings: [],
              };
            },
          });
        },
        { whole: true },
      ),
    unlink: (of) =>
      changes.change(of, {
        ...plan('unlink', of),
        // A new id, since the other editions may go on using the article's own id as their story.
        async decide(stored, { tx }) {
          checkEditable(placeOf(stored));
          const alone = await repository.isAlone(tx, stored);
          return {
            content: { ...contentOf(stored), storyId: alone ? stored.storyId : newId() },
            derivedBase: null,
            warnings: [],
          };
        },
      }),
  };
}
