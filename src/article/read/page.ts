import { cacheKeys } from '../../core/cache-keys.ts';
import { gone, notFound } from '../../core/errors.ts';
import { keyOf, kindOfRef, type Ref } from '../../core/ref.ts';
import { bytesIn, bytesSql } from '../../db/json-rows.ts';
import { isNamed, type Statement, type Values } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import { publicArticleFields, staffArticleFields } from '../field-lists.ts';
import type { ArticleField } from '../fields.ts';
import { relationsSql } from './answer-keys.ts';
import { isMeantSql } from './old-slugs.ts';
import { articleJsonFor, chosenJson, knowsPublicUrl, pageChangesInSql, redirectChangesInSql } from './view-sql.ts';
import { type Audience, type Caller, callerValues, visibleTo } from './visible.ts';

export type Viewer = Caller & { publicUrl: string };

/** Who reads one article. `sourceIds`: the sources to which the access key is limited. */
export type Reader = Viewer & { sourceIds: readonly string[] };

/** `json`: its bytes; `changes_in` in seconds. */
export type PageRow = { id: string; json: Buffer; version: number; changes_in: number | null; relations?: string };

export type ElsewhereRow = {
  id: string;
  slug: string;
  moved: boolean;
  visible: boolean;
  once_public: boolean;
  withdrawn: boolean;
  changes_in: number | null;
};

const all = '@articles a LEFT JOIN @sources s ON s.id = a.source_id';

/** If only keys may send items, a key of the source sees its items in every state. */
const ownItemSql = `(s.items_from = 'keys' AND a.source_item_id IS NOT NULL AND a.source_id = ANY($4::uuid[]))`;

const readableTo = (audience: Audience) =>
  audience === 'author' ? `(${visibleTo(audience, '$3')} OR ${ownItemSql})` : visibleTo(audience, '$3');

const pageText = (
  ref: Ref,
  audience: Audience,
  fields: readonly ArticleField[],
  json = articleJsonFor(audience, fields, '$3'),
) =>
  `SELECT a.id::text, ${bytesSql(`${json}::text`)} AS body, a.version, ${pageChangesInSql}::float8 AS changes_in${audience === 'public' ? `, ${relationsSql}` : ''}
  FROM ${all} WHERE ${knowsPublicUrl} AND ${isNamed(ref, 'a', '$2', '')} AND ${readableTo(audience)}`;

/** The statements for a page with all its fields: built once, and prepared. */
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

/** The statements for a page with the fields `$3`, for the public. */
const chosenText = (ref: Ref) => pageText(ref, 'public', publicArticleFields, chosenJson(publicArticleFields, '$3'));
const chosenPages = {
  id: { name: 'article-id-chosen', text: chosenText({ id: '' }) },
  slug: { name: 'article-slug-chosen', text: chosenText({ slug: '' }) },
};

/**
 * One article as JSON that Postgres made, with these fields or all that the viewer may see. Null if this viewer may not see
 * it.
 */
export async function findPage(
  read: Read,
  ref: Ref,
  reader: Reader,
  fields: readonly ArticleField[] | undefined,
): Promise<PageRow | null> {
  const { audience, publicUrl, sourceIds } = reader;
  const ask = async (statement: Statement, others: Values) => {
    const [row] = await read<Omit<PageRow, 'json'> & { body: string }>(statement, [publicUrl, keyOf(ref), ...others]);
    if (row === undefined) return null;
    const { body, ...rest } = row;
    return { ...rest, json: bytesIn(body) };
  };
  if (fields && audience === 'public') return ask(chosenPages[kindOfRef(ref)], [fields]);
  const statement = fields ? { text: pageText(ref, audience, fields) } : wholePages[audience][kindOfRef(ref)];
  return ask(statement, audience === 'author' ? [...callerValues(reader), sourceIds] : []);
}

/**
 * Where an article is that was not found as asked: withdrawn, or under another slug. If it is hidden for another reason, it
 * counts as missing: a redirect that stops working must not reveal a draft that took an old slug, unless readers had that
 * article there. One that is visible and has not moved came due since it was looked for.
 */
export async function findElsewhere(read: Read, ref: Ref, viewer: Viewer): Promise<ElsewhereRow | null> {
  const columns = `a.id::text, a.slug, (${visibleTo(viewer.audience, '$2')}) AS visible, coalesce(a.first_published_at <= now(), false) AS once_public,
    (a.deleted_at IS NOT NULL OR a.status = 'archived' OR (a.status = 'published' AND a.expires_at <= now())) AS withdrawn`;
  const meant = 'id' in ref ? 'TRUE' : isMeantSql;
  const text = `SELECT * FROM (
      SELECT 1 AS rank, false AS moved, ${columns}, ${meant} AS meant, NULL::float8 AS changes_in FROM @articles a WHERE ${isNamed(ref, 'a', '$1', '')}
      UNION ALL
      SELECT 2 AS rank, true AS moved, ${columns}, true AS meant, ${redirectChangesInSql('$1::text')}::float8 AS changes_in FROM @slug_history h JOIN @articles a ON a.id = h.article_id WHERE h.slug = $1::text
    ) x WHERE moved OR visible OR (once_public AND withdrawn AND meant) ORDER BY rank LIMIT 1`;
  const rows = await read<ElsewhereRow>({ name: `article-elsewhere-${kindOfRef(ref)}-${viewer.audience}`, text }, [
    keyOf(ref),
    ...callerValues(viewer),
  ]);
  return rows[0] ?? null;
}

/** The failure for an article that cannot be shown: 410 if readers knew it once and it was withdrawn, otherwise 404. */
export const absence = (row: ElsewhereRow | null): Error =>
  row !== null && !row.visible && row.once_public && row.withdrawn
    ? gone([cacheKeys.article(row.id), cacheKeys.redirects], row.changes_in ?? undefined)
    : notFound();

/**
 * `maxAgeS`: seconds until time alone changes the answer; `endsInS`: until something that it shows ends, if that is not the
 * same; `keys`: its cache keys.
 */
export type FoundArticle = {
  maxAgeS: number | undefined;
  endsInS?: number | undefined;
  keys: readonly string[];
} & ({ kind: 'found'; json: Buffer; version: number } | { kind: 'moved'; slug: string });
