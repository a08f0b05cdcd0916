import { checkKeyReach } from '../../article/lifecycle.ts';
import { instantSql, personSql } from '../../article/read/view-sql.ts';
import { audienceOf, visibleTo } from '../../article/read/visible.ts';
import type { Actor } from '../../core/actor.ts';
import { notFound } from '../../core/errors.ts';
import { checkCondition, type Precondition } from '../../core/precondition.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import type { Read } from '../../db/tx.ts';
import type { EditingView } from './editing.schema.ts';

export type EditingService = {
  /** Says that the caller has the article open, for a lease from now on; gives all who have. Throws 403 for a key that may not write it. */
  enter(actor: Actor, segment: string, ifMatch: Precondition): Promise<EditingView>;
  list(actor: Actor, segment: string): Promise<EditingView>;
  /** As if the caller had never entered. Throws 403 as entering does. */
  leave(actor: Actor, segment: string, ifMatch: Precondition): Promise<void>;
};

const leaseS = 60;

type Found = { id: string; version: number; sourceId: string | null; tagIds: string[] };

async function findVisible(read: Read, actor: Actor, ref: Ref): Promise<Found> {
  const [which, value] = 'id' in ref ? ['a.id = $1::uuid', ref.id] : ['a.slug = $1::text', ref.slug];
  const audience = audienceOf(actor);
  const text = `SELECT a.id::text, a.version, a.source_id::text AS "sourceId",
    ARRAY(SELECT t.tag_id::text FROM @article_tags t WHERE t.article_id = a.id) AS "tagIds"
    FROM @articles a WHERE ${which} AND ${visibleTo(audience, '$2')}`;
  const [row] = await read<Found>({ text }, audience === 'author' ? [value, actor.userId] : [value]);
  if (row === undefined) throw notFound();
  return row;
}

async function whoIsIn(read: Read, articleId: string): Promise<EditingView> {
  const text = `SELECT coalesce(json_agg(row_to_json(c)), '[]')::text AS data FROM (SELECT ${personSql('e.user_id')} AS "user",
    ${instantSql('e.since')} AS "since", ${instantSql('e.expires_at')} AS "expiresAt"
    FROM @editing e WHERE e.article_id = $1::uuid AND e.expires_at > now() ORDER BY e.since, e.user_id) c`;
  const [row] = await read<{ data: string }>({ name: 'editing', text }, [articleId]);
  return { data: row === undefined ? [] : JSON.parse(row.data), leaseS };
}

const until = `date_trunc('milliseconds', now()) + interval '${leaseS} seconds'`;

/** Whether the lease of who is in runs anew. */
async function isRenewed(read: Read, articleId: string, userId: string): Promise<boolean> {
  const text = `UPDATE @editing e SET expires_at = ${until}
    WHERE e.article_id = $1::uuid AND e.user_id = $2::uuid AND e.expires_at > now() RETURNING e.user_id::text`;
  return (await read({ text }, [articleId, userId])).length > 0;
}

/** A new row holds that of its article, for which a change may be waiting. */
async function begin(db: Db, articleId: string, userId: string): Promise<void> {
  const text = `INSERT INTO @editing AS e (article_id, user_id, expires_at) VALUES ($1::uuid, $2::uuid, ${until})
    ON CONFLICT (article_id, user_id) DO UPDATE SET expires_at = excluded.expires_at,
      since = CASE WHEN e.expires_at > now() THEN e.since ELSE excluded.since END RETURNING user_id::text`;
  await db.transaction((tx) => tx.read({ text }, [articleId, userId]), { turns: [articleTurn(articleId)] });
}

/** Presence warns and never locks: whoever has the right to write still does, and the ETag decides. */
export function editingService({ db }: { db: Db }): EditingService {
  return {
    async enter(actor, segment, ifMatch) {
      const { id, version, ...article } = await findVisible(db.read, actor, refOf(segment));
      checkKeyReach(actor, article);
      checkCondition(ifMatch, version);
      if (!(await isRenewed(db.read, id, actor.userId))) await begin(db, id, actor.userId);
      return whoIsIn(db.read, id);
    },

    async list(actor, segment) {
      const { id } = await findVisible(db.read, actor, refOf(segment));
      return whoIsIn(db.read, id);
    },

    async leave(actor, segment, ifMatch) {
      const { id, version, ...article } = await findVisible(db.read, actor, refOf(segment));
      checkKeyReach(actor, article);
      checkCondition(ifMatch, version);
      const text = 'DELETE FROM @editing WHERE article_id = $1::uuid AND user_id = $2::uuid';
      await db.read({ text }, [id, actor.userId]);
    },
  };
}
