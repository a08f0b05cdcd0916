import type { Actor } from '../../core/actor.ts';
import { unprocessable } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { type Ref, readRef } from '../../core/ref.ts';
import { otherEditionSql } from '../../db/article-sql.ts';
import type { Db, Tx } from '../../db/client.ts';
import { audienceOf, visibleTo } from '../../db/visible.ts';
import type { ArticleChanges, ChangeOf, WrittenArticle } from '../articles/articles.changes.ts';
import { checkEditable, checkMayEdit } from '../articles/articles.lifecycle.ts';
import { contentOf, placeOf, type Stored } from '../articles/articles.state.ts';

export type StoryService = {
  /** Makes the article an edition of the story that another one tells. One that the caller may not see is as unknown: 422. */
  link(of: ChangeOf, other: Ref): Promise<WrittenArticle>;
  /** Lets the article stand alone. */
  unlink(of: ChangeOf): Promise<WrittenArticle>;
};

/** The story of an article out of the trash that this caller may see: the id that its editions share. */
async function findStory(tx: Tx, ref: Ref, actor: Actor): Promise<{ id: string; story: string } | null> {
  const audience = audienceOf(actor);
  const [where, value] = 'id' in ref ? ['a.id = $1::uuid', ref.id] : ['a.slug = $1', ref.slug];
  const text = `SELECT a.id::text, coalesce(a.story_id, a.id)::text AS story FROM @articles a
    WHERE ${where} AND a.deleted_at IS NULL AND ${visibleTo(audience, '$2')} FOR SHARE`;
  const caller = audience === 'author' ? [actor.userId] : [];
  return (await tx.read<{ id: string; story: string }>({ text }, [value, ...caller]))[0] ?? null;
}

const refused = (code: string, detail: string) =>
  unprocessable(code, detail, [{ in: 'body', pointer: '/with', detail }]);

export function storyService({ db, changes }: { db: Db; changes: ArticleChanges }): StoryService {
  const plan = (step: string, of: ChangeOf) => ({
    step,
    event: `article.${step}ed`,
    note: null,
    checkMay: (stored: Stored) => checkMayEdit(placeOf(stored), of.actor, stored.createdById === of.actor.userId),
  });
  return {
    link: (of, other) =>
      db.transaction(async (tx) => {
        await changes.lockTogether(tx, [readRef(of.segment), other]);
        return changes.change(of, {
          ...plan('link', of),
          async decide(stored) {
            checkEditable(placeOf(stored));
            const found = await findStory(tx, other, of.actor);
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
      }),
    unlink: (of) =>
      changes.change(of, {
        ...plan('unlink', of),
        // A new id, since others may go on sharing the article's own.
        async decide(stored, tx) {
          checkEditable(placeOf(stored));
          const alone = await isAlone(tx, stored);
          return {
            content: { ...contentOf(stored), storyId: alone ? stored.storyId : newId() },
            derivedBase: null,
            warnings: [],
          };
        },
      }),
  };
}

async function isAlone(tx: Tx, { id, storyId }: Stored): Promise<boolean> {
  return (await tx.read({ text: otherEditionSql }, [id, storyId ?? id])).length === 0;
}
