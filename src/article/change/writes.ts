import { conflict } from '../../core/errors.ts';
import { slugTurn } from '../../core/turn-keys.ts';
import { isAnswerLost, uniqueViolation } from '../../db/errors.ts';
import { DerivedSlugTaken } from '../../db/free-slug.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { readJson } from '../../db/json-rows.ts';
import type { Value } from '../../db/sql.ts';
import type { Read, Tx } from '../../db/tx.ts';
import { eventsValue, type NewEvent } from '../../outbox/record.ts';
import { publicUrlPlaceholder } from '../body/urls.ts';
import { type Content, hasExpired, isOut, isPublic } from '../content.ts';
import type { Snapshot } from '../differences.ts';
import { columns, staffArticleFields } from '../field-lists.ts';
import { pick } from '../fields.ts';
import type { Viewer } from '../read/page.ts';
import { articleJsonFor, snapshotSql } from '../read/view-sql.ts';
import { audiences, callerValues } from '../read/visible.ts';
import type { Entry } from '../search/entry.ts';
import type { DueRows } from './due.ts';
import { type WriteKind, type WriteName, writeStatement } from './write-sql.ts';

/** The writes of an article: its row, its tags, its old slugs, its revision. All inside the caller's transaction. */

type Column = keyof typeof Prisma.ArticleScalarFieldEnum;
type JsonColumn = 'cover' | 'corrections';
type NumberColumn = 'itemVersion';

const isScalar = (
  member: (typeof columns)[number]['member'],
): member is Exclude<typeof member, JsonColumn | NumberColumn> =>
  member !== 'cover' && member !== 'corrections' && member !== 'itemVersion';
const scalars = columns.map(({ member }) => member).filter(isScalar) satisfies Column[];

/** The columns that are not content: identity, version, who and when. */
type Bookkeeping = 'id' | 'version' | 'createdById' | 'createdAt' | 'updatedById' | 'updatedAt';

const columnsOf = (content: Content) =>
  ({
    ...pick(content, scalars),
    itemVersion: content.itemVersion === null ? null : String(content.itemVersion),
    cover: content.cover === null ? null : JSON.stringify(content.cover),
    corrections: JSON.stringify(content.corrections),
  }) satisfies Record<Exclude<Column, Bookkeeping | 'titleWords'>, Value>;

/** Translates a violated index into a failure. A derived slug is tried again with the next number. */
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
  return thrown;
}

/** One change, complete: what is stored, and what is recorded of it. */
export type Write = {
  id: string;
  before: Content | null;
  content: Content;
  version: number;
  actorId: string;
  now: string;
  derivedBase: string | null;
  revision: { step: string; note: string | null; changed: readonly string[] };
  due: DueRows;
  events: readonly (NewEvent & { further: boolean })[];
  /** The story whose other editions show what changes, if there are any. */
  story: string | null;
  takesSlug: boolean;
  dropsDraft: boolean;
  /** What the search keeps of it; null if that does not change. */
  entry: Entry | null;
};

const kinds = audiences.flatMap((audience) =>
  [true, false].flatMap((isNew) => [true, false].map((answers) => ({ audience, isNew, answers }))),
);
const nameOf = ({ audience, isNew, answers }: WriteKind) => `${audience} ${isNew} ${answers}`;
const statements = new Map(kinds.map((kind) => [nameOf(kind), writeStatement(kind)]));

function statementOf(kind: WriteKind) {
  const statement = statements.get(nameOf(kind));
  if (statement === undefined) throw new Error('no statement for this kind of write');
  return statement;
}

/** The slug under which readers had the article, if they no longer have it there: it changed, or they lost the article. */
function keptSlug({ before, content, now }: Write): Pick<Values, 'keepsSlug' | 'expiredAt'> {
  const lost = before !== null && (before.slug !== content.slug || !isPublic(content, now));
  if (before === null || !lost || !isOut(before, now)) return { keepsSlug: null, expiredAt: null };
  return { keepsSlug: before.slug, expiredAt: hasExpired(before, now) ? before.expiresAt : null };
}

/** A slug under which readers have the article now is not an old one. */
const droppedSlug = ({ before, content, now }: Write) =>
  before !== null && before.slug !== content.slug && isPublic(content, now) ? content.slug : null;

type Values = Readonly<Record<WriteName, Value>>;

function valuesOf(write: Write, viewer: Viewer): Values {
  const { id, before, content, version, actorId, now, revision, due, events, story } = write;
  const bodyChanges = before === null || before.body !== content.body || before.bodyHtml !== content.bodyHtml;
  return {
    ...columnsOf(content),
    ...(bodyChanges ? {} : { body: null, bodyHtml: null }),
    id,
    version: String(version),
    actorId,
    now,
    tags: content.tagIds,
    step: revision.step,
    note: revision.note,
    changed: revision.changed,
    events: eventsValue(events),
    story,
    dueWhat: due.rows.map(({ what }) => what),
    dueAt: due.rows.map(({ at }) => at),
    takesSlug: write.takesSlug,
    placeholder: publicUrlPlaceholder,
    entry: write.entry?.terms ?? null,
    neighbours: write.entry?.neighbours ?? null,
    bodyChanges,
    tagsChange: JSON.stringify(before?.tagIds) !== JSON.stringify(content.tagIds),
    dueChanges: due.changed,
    slugChanges: before?.slug !== content.slug,
    ...keptSlug(write),
    dropsSlug: droppedSlug(write),
    dropsDraft: write.dropsDraft,
    publicUrl: viewer.publicUrl,
    caller: viewer.actorId,
  };
}

/** `further`: the keys that the statement added to the events. */
type WrittenRow = { body: string | null; takes: boolean; further: string[] };

/**
 * Stores a change. Returns the article as JSON for the caller, null unless asked for, and whether its slug led to another
 * article that the caller may see. The statement takes an advisory lock on a new slug first: the unique index may be
 * deferred, and two transactions that take the same slug would then both have written their entries, and deadlock.
 */
export async function writeArticle(
  tx: Tx,
  write: Write,
  { viewer, answers }: { viewer: Viewer; answers: boolean },
): Promise<{ json: string | null; takes: boolean }> {
  const { content, before } = write;
  const keys = write.events.flatMap((event) => event.keys);
  if (before?.slug !== content.slug) tx.turn(slugTurn(content.slug));
  const { statement, bind } = statementOf({ audience: viewer.audience, isNew: before === null, answers });
  try {
    const [row] = await tx.readLast<WrittenRow>(statement, bind(valuesOf(write, viewer)));
    if (row === undefined) throw new Error('an article whose row is locked is gone');
    tx.recorded([...keys, ...row.further]);
    return { json: row.body, takes: row.takes };
  } catch (thrown) {
    // It may have been stored.
    if (isAnswerLost(thrown)) tx.recorded(keys);
    throw refused(thrown, content, write.derivedBase);
  }
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
  const [row] = await read<{ snapshot: string }>({ name: 'snapshot', text }, [articleId, String(version), publicUrl]);
  return row === undefined ? null : JSON.parse(row.snapshot);
}

type SeenRow = { id: string; json: string; version: number };

/** The article as the writer sees it, read inside the transaction, so that its version is the one that this call made. */
export async function readWrittenArticle(tx: Tx, id: string, viewer: Viewer): Promise<SeenRow> {
  const { audience, publicUrl } = viewer;
  const json = articleJsonFor(audience, staffArticleFields, '$3');
  const text = `SELECT a.id::text, ${json}::text AS body, a.version FROM @articles a LEFT JOIN @sources s ON s.id = a.source_id WHERE a.id = $2::uuid`;
  const values = [publicUrl, id, ...callerValues(viewer)];
  const [row] = await readJson<SeenRow>(tx.read, { name: `written-article-${audience}`, text }, values);
  if (row === undefined) throw new Error('an article that was just written is gone');
  return row;
}
