import { randomInt } from 'node:crypto';
import type { Content } from '../../article/content.ts';
import { type DraftContent, draftContentOf, draftVersionMin } from '../../article/draft.ts';
import { draftFields } from '../../article/field-lists.ts';
import { goneSql, mergedJson, successorsSql } from '../../article/read/draft-sql.ts';
import { articleJson, instantSql, personSql, snapshotSql } from '../../article/read/view-sql.ts';
import { keyOf, kindOfRef, type Ref } from '../../core/ref.ts';
import { isNamed } from '../../db/sql.ts';
import type { Read, Tx } from '../../db/tx.ts';

/** A draft as it is stored. */
export type KeptDraft = { content: DraftContent; version: number; baseVersion: number };

/**
 * A draft beside its article, each as shown, as JSON that Postgres made. `base` is null until the article has a newer
 * version.
 */
export type DraftRow = {
  id: string;
  version: number;
  base_version: number;
  article_version: number;
  updated_at: string;
  updated_by: string | null;
  draft: string;
  live: string;
  base: string | null;
  /** JSON object: from the id of a merged tag or source to the id of its successor. */
  heirs: string;
  /** JSON array of warnings for what the draft names and no longer exists. */
  gone: string;
  /** Whether the slug follows the title. */
  slug_derived: boolean;
};

const baseSql = `CASE WHEN d.base_version < x.version THEN (SELECT ${snapshotSql('r.snapshot', '$1')}
  FROM @revisions r WHERE r.article_id = x.id AND r.version = d.base_version) END`;
const liveSql = `(SELECT ${articleJson(draftFields)} FROM @articles a LEFT JOIN @sources s ON s.id = a.source_id WHERE a.id = x.id)`;
/** SQL for the drafts of `table` as they are shown, with further columns. */
const shownSql = (
  table: string,
  further = '',
) => `SELECT x.id::text, d.version, d.base_version, x.version AS article_version, ${instantSql('d.updated_at')} AS updated_at,
  ${personSql('d.updated_by_id')}::text AS updated_by, ${mergedJson(['id', ...draftFields])}::text AS draft, ${goneSql}::text AS gone, ${liveSql}::text AS live, ${baseSql} AS base, ${successorsSql}::text AS heirs,
  (d.content->>'slugDerived')::boolean AS slug_derived${further}
  FROM @articles x JOIN ${table} d ON d.article_id = x.id`;

/** For editors, who see every article. */
export async function findDraft(read: Read, ref: Ref, publicUrl: string): Promise<DraftRow | null> {
  const text = `${shownSql('@drafts')} WHERE ${isNamed(ref, 'x', '$2')}`;
  const rows = await read<DraftRow>({ name: `draft-by-${kindOfRef(ref)}`, text }, [publicUrl, keyOf(ref)]);
  return rows[0] ?? null;
}

export async function hasArticle(read: Read, ref: Ref): Promise<boolean> {
  const text = `SELECT 1 AS found FROM @articles x WHERE ${isNamed(ref, 'x', '$1')}`;
  return (await read({ text }, [keyOf(ref)])).length > 0;
}

type Rivalry = Pick<Content, 'language' | 'slug' | 'storyId' | 'sourceId' | 'sourceItemId'>;

/** The codes of the conflicts with other articles over what this one, as it would be, needs for itself. */
export async function findRivals(
  read: Read,
  { id, before, after }: { id: string; before: Rivalry; after: Rivalry },
): Promise<string[]> {
  const text = `SELECT x.code FROM (
      SELECT 1 AS rank, 'edition-taken' AS code WHERE $3::text <> $4::text AND EXISTS (SELECT FROM @articles a
        WHERE (a.story_id = $2::uuid OR (a.id = $2::uuid AND a.story_id IS NULL)) AND a.id <> $1::uuid
          AND a.language = $4::text AND a.deleted_at IS NULL)
      UNION ALL SELECT 2, 'slug-taken' WHERE EXISTS (SELECT FROM @articles a WHERE a.slug = $5::text AND a.id <> $1::uuid)
      UNION ALL SELECT 3, 'source-item-taken' WHERE EXISTS (SELECT FROM @articles a
        WHERE a.source_id = $6::uuid AND a.source_item_id = $7::text AND a.id <> $1::uuid)) x ORDER BY x.rank`;
  const { language, slug, storyId, sourceId, sourceItemId } = after;
  const values = [id, storyId ?? id, before.language, language, slug, sourceId, sourceItemId];
  return (await read<{ code: string }>({ name: 'draft-rivals', text }, values)).map(({ code }) => code);
}

type LockedRow = DraftRow & { content: string; fresh: boolean; writers: string };

/** A draft that is locked: as it is stored, as it is shown, and who has changed it, in the order of their first change. */
export type LockedDraft = { kept: KeptDraft; row: DraftRow; writers: readonly string[] };

const writersSql = `(SELECT coalesce(json_agg(w.id ORDER BY w.first), '[]') FROM (SELECT e.actor_id AS id, min(e.seq) AS first
  FROM @events e WHERE e.subject_id = d.article_id AND e.type = 'draft.updated' AND e.at >= d.created_at AND e.actor_id IS NOT NULL
  GROUP BY e.actor_id) w)::text`;

const lockStatement = {
  name: 'lock-draft',
  text: `WITH d AS MATERIALIZED (SELECT y.*, y.ctid AS place FROM @drafts y WHERE y.article_id = $2::uuid FOR UPDATE)
    ${shownSql('d', `, d.content::text AS content, ${writersSql} AS writers, d.place = (SELECT y.ctid FROM @drafts y WHERE y.article_id = x.id) AS fresh`)}`,
};

/**
 * The draft of an article whose row is locked. The draft's row is locked too, since a merge of tags changes drafts: if one
 * was waited for, what is shown is read anew.
 */
export async function lockDraft(tx: Tx, articleId: string, publicUrl: string): Promise<LockedDraft | null> {
  const [found] = await tx.read<LockedRow>(lockStatement, [publicUrl, articleId]);
  if (found === undefined) return null;
  const { content, fresh, writers, ...first } = found;
  const row = fresh ? first : await findDraft(tx.read, { id: articleId }, publicUrl);
  if (row === null) return null;
  const kept = { content: draftContentOf(JSON.parse(content)), version: row.version, baseVersion: row.base_version };
  return { kept, row, writers: JSON.parse(writers) };
}

/**
 * Where a draft starts counting. `If-Match` reads only the version in an ETag, so a draft's versions must differ from those
 * of its article and of any earlier draft. They start at a random number between a million, which no article reaches, and
 * 900 million; a version in our ETags has at most nine digits.
 */
const firstVersion = () => randomInt(draftVersionMin, 900_000_000);

export type DraftWrite = Omit<KeptDraft, 'version'> & { articleId: string; actorId: string };

export async function insertDraft(tx: Tx, draft: DraftWrite): Promise<void> {
  const text = `INSERT INTO @drafts (article_id, content, version, base_version, updated_by_id)
    VALUES ($1::uuid, $2::jsonb, $3::int, $4::int, $5::uuid) RETURNING version`;
  const { articleId, content, baseVersion, actorId } = draft;
  const values = [articleId, JSON.stringify(content), String(firstVersion()), String(baseVersion), actorId];
  await tx.read({ name: 'draft-insert', text }, values);
}

export async function updateDraft(tx: Tx, draft: DraftWrite): Promise<void> {
  const text = `UPDATE @drafts SET content = $2::jsonb, version = version + 1, base_version = $3::int, updated_by_id = $4::uuid,
    updated_at = date_trunc('milliseconds', now()) WHERE article_id = $1::uuid RETURNING version`;
  const { articleId, content, baseVersion, actorId } = draft;
  await tx.read({ name: 'draft-update', text }, [articleId, JSON.stringify(content), String(baseVersion), actorId]);
}

export async function removeDraft(tx: Tx, articleId: string): Promise<void> {
  await tx.read({ text: 'DELETE FROM @drafts WHERE article_id = $1::uuid RETURNING version' }, [articleId]);
}
