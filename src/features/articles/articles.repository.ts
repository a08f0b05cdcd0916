import type { Ref } from '../../core/ref.ts';
import { narrowed } from '../../db/article-list.ts';
import {
  type ArticleField,
  articleJsonFor,
  instantSql,
  knowsPublicUrl,
  pageChangesInSql,
  publicArticleFields,
  redirectChangesInSql,
  staffArticleFields,
  statusSql,
  tookItemSql,
} from '../../db/article-sql.ts';
import type { Read, Tx } from '../../db/client.ts';
import { isMeantSql } from '../../db/old-slugs.ts';
import { binder } from '../../db/sql.ts';
import { articleTurn } from '../../db/turn-keys.ts';
import { type Audience, stateSql, visibleTo } from '../../db/visible.ts';
import type { Stored } from './articles.state.ts';

export type Viewer = { audience: Audience; actorId: string | null; publicUrl: string };
/** Who reads one article: of an access key with the sources that its limits name. */
export type Reader = Viewer & { sourceIds: readonly string[] };
/** `changes_in` in seconds. */
export type PageRow = { id: string; body: string; version: number; changes_in?: number | null };
export type ElsewhereRow = {
  id: string;
  slug: string;
  moved: boolean;
  visible: boolean;
  once_public: boolean;
  withdrawn: boolean;
  changes_in: number | null;
};

const byRef = (ref: Ref, place: string) => ('id' in ref ? `a.id = ${place}::uuid` : `a.slug = ${place}`);
const keyOf = (ref: Ref) => ('id' in ref ? ref.id : ref.slug);
/** Only what authors see depends on who they are. */
const callerOf = ({ audience, actorId }: Viewer): string[] =>
  audience === 'author' && actorId !== null ? [actorId] : [];
const all = '@articles a LEFT JOIN @sources s ON s.id = a.source_id';

/** Where items come from keys alone, a key of the source sees them in every state. */
const ownItemSql = `(s.items_from = 'keys' AND a.source_item_id IS NOT NULL AND a.source_id = ANY($4::uuid[]))`;
const readableTo = (audience: Audience) =>
  audience === 'author' ? `(${visibleTo(audience, '$3')} OR ${ownItemSql})` : visibleTo(audience, '$3');

const pageText = (ref: Ref, audience: Audience, fields: readonly ArticleField[]) =>
  `SELECT a.id::text, ${articleJsonFor(audience, fields, '$3')}::text AS body, a.version, ${pageChangesInSql}::float8 AS changes_in
  FROM ${all} WHERE ${knowsPublicUrl} AND ${byRef(ref, '$2')} AND ${readableTo(audience)}`;

/** The page with all of its fields: made once, and prepared. */
const wholePage = (audience: Audience) => {
  const fields = audience === 'public' ? publicArticleFields : staffArticleFields;
  return {
    id: { name: `article-id-${audience}`, text: pageText({ id: '' }, audience, fields) },
    slug: { name: `article-slug-${audience}`, text: pageText({ slug: '' }, audience, fields) },
  };
};
const wholePages = {
  public: wholePage('public'),
  author: wholePage('author'),
  staff: wholePage('staff'),
  desk: wholePage('desk'),
};

/** One article as JSON that Postgres made, if this viewer may see it; with these fields, or all that it has for them. */
export async function findPage(
  read: Read,
  ref: Ref,
  reader: Reader,
  fields: readonly ArticleField[] | undefined,
): Promise<PageRow | null> {
  const { audience, publicUrl, sourceIds } = reader;
  const statement = fields
    ? { text: pageText(ref, audience, fields) }
    : wholePages[audience]['id' in ref ? 'id' : 'slug'];
  const caller = audience === 'author' ? [...callerOf(reader), sourceIds] : [];
  const rows = await read<PageRow>(statement, [publicUrl, keyOf(ref), ...caller]);
  return rows[0] ?? null;
}

/**
 * Where an article is that was not found as asked: withdrawn, or under another slug. One that is hidden otherwise counts
 * as missing: a draft that took an old slug must not show by a redirect that ends, unless readers had it under that slug.
 */
export async function findElsewhere(read: Read, ref: Ref, viewer: Viewer): Promise<ElsewhereRow | null> {
  const columns = `a.id::text, a.slug, (${visibleTo(viewer.audience, '$2')}) AS visible, coalesce(a.first_published_at <= now(), false) AS once_public,
    (a.deleted_at IS NOT NULL OR a.status = 'archived' OR (a.status = 'published' AND a.expires_at <= now())) AS withdrawn`;
  const meant = 'id' in ref ? 'TRUE' : isMeantSql;
  const text = `SELECT * FROM (
      SELECT 1 AS rank, false AS moved, ${columns}, ${meant} AS meant, NULL::float8 AS changes_in FROM @articles a WHERE ${byRef(ref, '$1')}
      UNION ALL
      SELECT 2 AS rank, true AS moved, ${columns}, true AS meant, ${redirectChangesInSql('$1::text')}::float8 AS changes_in FROM @slug_history h JOIN @articles a ON a.id = h.article_id WHERE h.slug = $1::text
    ) x WHERE moved OR (once_public AND withdrawn AND meant) ORDER BY rank LIMIT 1`;
  const rows = await read<ElsewhereRow>(
    { name: `article-elsewhere-${'id' in ref ? 'id' : 'slug'}-${viewer.audience}`, text },
    [keyOf(ref), ...callerOf(viewer)],
  );
  return rows[0] ?? null;
}

const storedJson = `(SELECT row_to_json(v)::text FROM (SELECT a.id AS "id", a.language AS "language", a.slug AS "slug", a.slug_derived AS "slugDerived",
  a.kicker AS "kicker", a.title AS "title", a.excerpt AS "excerpt", a.body AS "body", a.body_format AS "bodyFormat", a.body_html AS "bodyHtml",
  a.cover AS "cover", a.byline AS "byline", a.desk_initials AS "deskInitials", a.source_id AS "sourceId", a.source_url AS "sourceUrl",
  a.source_item_id AS "sourceItemId", a.status AS "status", ${instantSql('a.published_at')} AS "publishedAt", ${instantSql('a.expires_at')} AS "expiresAt",
  ${instantSql('a.first_published_at')} AS "firstPublishedAt", ${instantSql('a.deleted_at')} AS "deletedAt",
  ${instantSql('a.modified_at')} AS "modifiedAt", a.corrections AS "corrections", a.story_id AS "storyId", a.item_version AS "itemVersion", a.version AS "version",
  a.created_by_id AS "createdById", ${statusSql} AS "shownStatus", ${instantSql("date_trunc('milliseconds', now())")} AS "now",
  (SELECT coalesce(json_agg(t.tag_id ORDER BY t.position), '[]') FROM @article_tags t WHERE t.article_id = a.id) AS "tagIds") v)`;

/**
 * Locks every article of a change of several, in one order: two of them in the order of each caller would wait for each
 * other. What is not there, or not for this caller to see, is told when its own change comes.
 */
export async function lockTogether(tx: Tx, refs: readonly (Ref | null)[]): Promise<void> {
  const ids = refs.flatMap((ref) => (ref !== null && 'id' in ref ? [ref.id] : []));
  const slugs = refs.flatMap((ref) => (ref !== null && 'slug' in ref ? [ref.slug] : []));
  const text =
    'SELECT a.id::text FROM @articles a WHERE a.id = ANY($1::uuid[]) OR a.slug = ANY($2::text[]) ORDER BY a.id';
  const found = await tx.read<{ id: string }>({ text }, [ids, slugs]);
  tx.turn(...found.map(({ id }) => articleTurn(id)));
  await tx.read({ text: `${text} FOR UPDATE` }, [ids, slugs]);
}

/** The article with a lock on its row, if this viewer may see it: changes of one article follow each other. */
export async function lockArticle(tx: Tx, ref: Ref, viewer: Viewer): Promise<Stored | null> {
  const sought = `SELECT a.id::text FROM @articles a WHERE ${byRef(ref, '$1')}`;
  const named = 'id' in ref ? [ref] : await tx.read<{ id: string }>({ text: sought }, [ref.slug]);
  tx.turn(...named.map((one) => articleTurn(one.id)));
  const found = await tx.read<{ id: string }>({ text: `${sought} FOR UPDATE` }, [keyOf(ref)]);
  const id = found[0]?.id;
  if (id === undefined) return null;
  const text = `SELECT ${storedJson} AS stored FROM @articles a WHERE a.id = $1::uuid AND ${visibleTo(viewer.audience, '$2')}`;
  const rows = await tx.read<{ stored: string }>({ text }, [id, ...callerOf(viewer)]);
  const stored: Stored | undefined = rows[0] && JSON.parse(rows[0].stored);
  return stored ?? null;
}

/** The article as it is at this moment, whoever asks and without a lock: for what is only said of it. */
export async function findStored(read: Read, id: string): Promise<Stored | null> {
  const text = `SELECT ${storedJson} AS stored FROM @articles a WHERE a.id = $1::uuid`;
  const rows = await read<{ stored: string }>({ text }, [id]);
  const stored: Stored | undefined = rows[0] && JSON.parse(rows[0].stored);
  return stored ?? null;
}

/** This moment by the database's clock, in whole milliseconds. */
export async function databaseNow(tx: Tx): Promise<string> {
  const [row] = await tx.read<{ now: string }>({
    text: `SELECT ${instantSql("date_trunc('milliseconds', now())")} AS now`,
  });
  if (row === undefined) throw new Error('the database did not say the time');
  return row.now;
}

/** The reason of the newest kill notice, if the wire has sent no newer version and the article was not published since. */
export async function findKill(tx: Tx, articleId: string): Promise<string | null> {
  const text = `SELECT r.step, r.note FROM @revisions r WHERE r.article_id = $1::uuid
    AND (r.step IN ('kill', 'kill-asked', 'publish') OR ${tookItemSql}) ORDER BY r.version DESC LIMIT 1`;
  const [row] = await tx.read<{ step: string; note: string | null }>({ text }, [articleId]);
  return row?.step.startsWith('kill') ? row.note : null;
}

export async function findTakenSlugs(read: Read, slugs: readonly string[]): Promise<string[]> {
  const rows = await read<{ slug: string }>({ text: 'SELECT slug FROM @articles WHERE slug = ANY($1::text[])' }, [
    slugs,
  ]);
  return rows.map(({ slug }) => slug);
}

/** The id of the article that has a slug, if this viewer may see it. */
export async function findIdBySlug(read: Read, slug: string, viewer: Viewer): Promise<string | null> {
  const text = `SELECT a.id::text FROM @articles a WHERE a.slug = $1::text AND ${visibleTo(viewer.audience, '$2')}`;
  return (await read<{ id: string }>({ text }, [slug, ...callerOf(viewer)]))[0]?.id ?? null;
}

/** The id of the article of an item of a source, if this viewer may see it. */
export async function findIdByItem(
  read: Read,
  { source, sourceItemId }: { source: string; sourceItemId: string },
  viewer: Viewer,
): Promise<string | null> {
  const text = `SELECT a.id::text FROM @articles a
    WHERE a.source_id = $1::uuid AND a.source_item_id = $2::text AND ${visibleTo(viewer.audience, '$3')}`;
  return (await read<{ id: string }>({ text }, [source, sourceItemId, ...callerOf(viewer)]))[0]?.id ?? null;
}

export type Counts = Record<keyof typeof stateSql, number>;

/** Counting stops here: a tab need not know more. */
export const countMax = 10_000;

/** How many articles of each state a viewer may see, in one statement. */
export async function countStates(
  read: Read,
  viewer: Viewer,
  narrowing: Parameters<typeof narrowed>[0],
  withTrash: boolean,
): Promise<Counts> {
  const { bind, values } = binder(callerOf(viewer));
  const where = [visibleTo(viewer.audience, '$1'), ...narrowed(narrowing, bind)].join(' AND ');
  const columns = Object.entries(stateSql).map(([state, sql]) => {
    const counted = `(SELECT count(*)::int FROM (SELECT 1 FROM @articles a WHERE ${where} AND ${sql} LIMIT ${countMax}) x)`;
    return `${state === 'trash' && !withTrash ? '0' : counted} AS "${state}"`;
  });
  const [row] = await read<Counts>({ text: `SELECT ${columns.join(', ')}` }, values);
  if (row === undefined) throw new Error('a count without a row');
  return row;
}
