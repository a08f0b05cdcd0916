import { conflict } from '../../core/errors.ts';
import { searchWords } from '../../core/search-key.ts';
import { slugTurn } from '../../core/turn-keys.ts';
import { lockName } from '../../db/advisory-locks.ts';
import { foreignKeyViolation, uniqueViolation } from '../../db/errors.ts';
import { DerivedSlugTaken } from '../../db/free-slug.ts';
import { Prisma } from '../../db/generated/client.ts';
import { readJson } from '../../db/json-rows.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { publicUrlPlaceholder } from '../body/urls.ts';
import { type Content, hasExpired, isOut, isPublic } from '../content.ts';
import type { Snapshot } from '../differences.ts';
import { columns, keptFields, staffArticleFields } from '../field-lists.ts';
import { pick } from '../fields.ts';
import { keepSlugSql } from '../read/old-slugs.ts';
import type { PageRow, Viewer } from '../read/page.ts';
import { articleJson, articleJsonFor, snapshotSql } from '../read/view-sql.ts';
import { callerValues } from '../read/visible.ts';

/** The writes of an article: its row, its tags, its old slugs, its revision. All inside the caller's transaction. */

type Column = keyof typeof Prisma.ArticleScalarFieldEnum;
type JsonColumn = 'cover' | 'corrections';

const isScalar = (member: (typeof columns)[number]['member']): member is Exclude<typeof member, JsonColumn> =>
  member !== 'cover' && member !== 'corrections';
const scalars = columns.map(({ member }) => member).filter(isScalar) satisfies Column[];

/** The columns that are not content: identity, version, who and when. */
type Bookkeeping = 'id' | 'version' | 'createdById' | 'createdAt' | 'updatedById' | 'updatedAt';

const columnsOf = (content: Content) =>
  ({
    ...pick(content, scalars),
    cover: content.cover === null ? Prisma.DbNull : { ...content.cover },
    corrections: content.corrections.map((one) => ({ ...one })),
    titleWords: searchWords(content.title),
  }) satisfies Record<Exclude<Column, Bookkeeping>, unknown>;

/** Translates a violated index or foreign key into a failure. A derived slug is tried again with the next number. */
function refused(thrown: unknown, content: Content, derivedBase: string | null): unknown {
  const index = uniqueViolation(thrown);
  if (index === 'articles_slug_key') {
    return derivedBase === null
      ? conflict('slug-taken', `Another article has the slug ${content.slug}.`, { slug: content.slug })
      : new DerivedSlugTaken(derivedBase);
  }
  if (index === 'articles_source_id_source_item_id_key') {
    const { sourceId, sourceItemId } = content;
    const detail = 'Another article of this source has this sourceItemId.';
    return conflict('source-item-taken', detail, { source: sourceId, sourceItemId });
  }
  return foreignKeyViolation(thrown) === undefined
    ? thrown
    : conflict('conflict', 'The source or a tag was removed meanwhile; repeat the call.');
}

type Write = {
  id: string;
  content: Content;
  version: number;
  actorId: string;
  now: string;
  derivedBase: string | null;
};

const slugLocks = 72707371;

/**
 * Advisory lock: only one transaction at a time takes a slug. The unique index may be deferred. Two transactions that take
 * the same slug have then both written their entries, and deadlock.
 */
async function awaitSlug(tx: Tx, slug: string): Promise<void> {
  tx.turn(slugTurn(slug));
  await lockName(tx, slugLocks, slug);
}

export async function insertArticle(tx: Tx, write: Write): Promise<void> {
  const { id, content, version, actorId, now } = write;
  await awaitSlug(tx, content.slug);
  const times = { createdAt: now, updatedAt: now };
  try {
    await tx.models.article.create({
      data: { id, ...columnsOf(content), version, createdById: actorId, updatedById: actorId, ...times },
      select: { id: true },
    });
  } catch (thrown) {
    throw refused(thrown, content, write.derivedBase);
  }
  await insertTags(tx, id, content.tagIds);
}

export async function updateArticle(tx: Tx, write: Write & { before: Content }): Promise<void> {
  const { id, content, version, actorId, now, before } = write;
  if (before.slug !== content.slug) await awaitSlug(tx, content.slug);
  try {
    await tx.models.article.update({
      where: { id },
      data: { ...columnsOf(content), version, updatedById: actorId, updatedAt: now },
      select: { id: true },
    });
  } catch (thrown) {
    throw refused(thrown, content, write.derivedBase);
  }
  if (JSON.stringify(before.tagIds) !== JSON.stringify(content.tagIds)) {
    await tx.models.articleTag.deleteMany({ where: { articleId: id } });
    await insertTags(tx, id, content.tagIds);
  }
}

async function insertTags(tx: Tx, articleId: string, tagIds: readonly string[]): Promise<void> {
  if (tagIds.length === 0) return;
  await tx.models.articleTag.createMany({ data: tagIds.map((tagId, position) => ({ articleId, tagId, position })) });
}

/**
 * Remembers the slug under which readers had the article, once they no longer have it there: the slug changed, or the
 * article was taken back. A slug under which they have it now is not an old one.
 */
export async function keepSlug(
  tx: Tx,
  { id, before, after, now }: { id: string; before: Content; after: Content; now: string },
): Promise<void> {
  const renamed = before.slug !== after.slug;
  const shown = isPublic(after, now);
  if (isOut(before, now) && (renamed || !shown))
    await tx.read({ text: keepSlugSql }, [before.slug, id, hasExpired(before, now) ? before.expiresAt : null]);
  if (renamed && shown) await tx.models.slugHistory.deleteMany({ where: { slug: after.slug, articleId: id } });
}

type Revision = {
  articleId: string;
  step: string;
  note: string | null;
  /** As the view names the fields. */
  changed: readonly string[];
  actorId: string;
  now: string;
};

/** Stores the article as it is now, with its tags and source, as a revision. */
export async function insertRevision(tx: Tx, revision: Revision): Promise<void> {
  const text = `INSERT INTO @revisions (article_id, version, step, snapshot, changed, note, actor_id, at)
    SELECT a.id, a.version, $3::text, ${articleJson(keptFields)}::jsonb, $4::text[], $5::text, $6::uuid, $7::timestamptz
    FROM @articles a LEFT JOIN @sources s ON s.id = a.source_id WHERE a.id = $2::uuid RETURNING version`;
  const { articleId, step, changed, note, actorId, now } = revision;
  await tx.read({ text }, [publicUrlPlaceholder, articleId, step, changed, note, actorId, now]);
}

/** Who moved the article to the trash, as opposed to who only added a note there. Null if that is not known. */
export async function findTrasher({ read }: Tx, articleId: string): Promise<string | null> {
  const text = `SELECT r.actor_id::text AS id FROM @revisions r WHERE r.article_id = $1::uuid AND r.step = 'trash'
    ORDER BY 'deletedAt' = ANY(r.changed) DESC, r.version DESC LIMIT 1`;
  return (await read<{ id: string | null }>({ text }, [articleId]))[0]?.id ?? null;
}

/** The snapshot of an article at a version, with addresses below `publicUrl`; null if there is no such version. */
export async function findSnapshot(
  read: Read,
  articleId: string,
  version: number,
  publicUrl: string,
): Promise<Snapshot | null> {
  const text = `SELECT ${snapshotSql('r.snapshot', '$3')} AS snapshot FROM @revisions r WHERE r.article_id = $1::uuid AND r.version = $2::int`;
  const [row] = await read<{ snapshot: string }>({ text }, [articleId, String(version), publicUrl]);
  return row === undefined ? null : JSON.parse(row.snapshot);
}

/** The article as the writer sees it, read inside the transaction, so that its version is the one that this call made. */
export async function readWrittenArticle(tx: Tx, id: string, viewer: Viewer): Promise<PageRow> {
  const { audience, publicUrl } = viewer;
  const json = articleJsonFor(audience, staffArticleFields, '$3');
  const text = `SELECT a.id::text, ${json}::text AS body, a.version FROM @articles a LEFT JOIN @sources s ON s.id = a.source_id WHERE a.id = $2::uuid`;
  const values = [publicUrl, id, ...callerValues(viewer)];
  const [row] = await readJson<PageRow>(tx.read, { text }, values);
  if (row === undefined) throw new Error('an article that was just written is gone');
  return row;
}
