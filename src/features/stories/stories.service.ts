import type { ArticleChanges, ChangeOf, WrittenArticle } from '../../article/change/change.ts';
import { contentOf, placeOf, type Stored } from '../../article/content.ts';
import { checkEditable, checkMayEdit } from '../../article/lifecycle.ts';
import { otherEditionSql } from '../../article/read/view-sql.ts';
import { audienceOf, visibleTo } from '../../article/read/visible.ts';
import type { Actor } from '../../core/actor.ts';
import { unprocessable } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { type Ref, readRef } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';

export type StoryService = {
  /** Makes the article an edition of the story that another one tells. One that the caller may not see is as unknown: 422. */
  link(of: ChangeOf, other: Ref): Promise<WrittenArticle>;
  /** Lets the article stand alone. */
  unlink(of: ChangeOf): Promise<WrittenArticle>;
};

const callerOf = (actor: Actor) => (audienceOf(actor) === 'author' ? [actor.userId] : []);

/** The article that a slug stands for, its own or one that it had: of those that this caller may see a live slug beats an old one. */
async function byName(tx: Tx, ref: Ref, actor: Actor): Promise<Ref> {
  if ('id' in ref) return ref;
  const text = `SELECT a.id::text FROM @articles a WHERE a.deleted_at IS NULL AND ${visibleTo(audienceOf(actor), '$2')}
    AND a.id IN (SELECT b.id FROM @articles b WHERE b.slug = $1::text UNION ALL SELECT h.article_id FROM @slug_history h WHERE h.slug = $1::text)
    ORDER BY a.slug = $1::text DESC LIMIT 1`;
  return (await tx.read<{ id: string }>({ text }, [ref.slug, ...callerOf(actor)]))[0] ?? ref;
}

/** The story of an article out of the trash that this caller may see: the id that its editions share. */
async function findStory(tx: Tx, ref: Ref, actor: Actor): Promise<{ id: string; story: string } | null> {
  const audience = audienceOf(actor);
  const [where, value] = 'id' in ref ? ['a.id = $1::uuid', ref.id] : ['a.slug = $1', ref.slug];
  const text = `SELECT a.id::text, coalesce(a.story_id, a.id)::text AS story FROM @articles a
    WHERE ${where} AND a.deleted_at IS NULL AND ${visibleTo(audience, '$2')} FOR SHARE`;
  return (await tx.read<{ id: string; story: string }>({ text }, [value, ...callerOf(actor)]))[0] ?? null;
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
    link: (of, named) =>
      db.transaction(async (tx) => {
        const other = await byName(tx, named, of.actor);
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
