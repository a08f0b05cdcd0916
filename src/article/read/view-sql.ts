import { keptSecondsMax, staleSecondsMax } from '../../core/cache-keys.ts';
import { publicUrlPlaceholder } from '../body/urls.ts';
import { staffArticleFields } from '../field-lists.ts';
import { type ArticleField, fields, isPlain, type MadeName } from '../fields.ts';
import { type Audience, publicPredicate, visibleTo } from './visible.ts';

/**
 * How an article is shown, as SQL: one expression for each field, over `a` (articles) and `s` (its source, outer join).
 * `$1` is always the public address, under which root-relative URLs are shown.
 */

/** Always true. Gives `$1` its type if no requested field uses it. */
export const knowsPublicUrl = '$1::text IS NOT NULL';

/** RFC 3339 in UTC with milliseconds, whatever the session's time zone is. */
export const instantSql = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Nothing keeps the lists of readers longer than this, so changes further ahead do not matter to them. */
export const horizonSeconds = keptSecondsMax + 1;
/** The same for an end: what is kept is never shown past it, also while the database is away. */
export const endsHorizonSeconds = horizonSeconds + staleSecondsMax;
const within = (seconds: number) => `now() + interval '${seconds} seconds'`;

const nextDueSql = `(SELECT x.published_at FROM @articles x WHERE x.status = 'published' AND x.deleted_at IS NULL
  AND x.published_at > now() AND x.published_at <= ${within(horizonSeconds)} ORDER BY x.published_at LIMIT 1)`;

const nextOverSql = `(SELECT x.expires_at FROM @articles x WHERE x.status = 'published' AND x.deleted_at IS NULL
  AND x.expires_at IS NOT NULL AND x.expires_at > now() AND x.expires_at <= ${within(endsHorizonSeconds)} ORDER BY x.expires_at LIMIT 1)`;

/** Seconds until an article of a list, or another edition of one, may expire. */
export const listEndsInSql = `extract(epoch FROM ${nextOverSql} - now())`;

/** Seconds until one may appear in it. */
export const listDueInSql = `extract(epoch FROM ${nextDueSql} - now())`;

/** Seconds until time alone may change a list: an article of it, or another edition of one, expires or comes due. */
export const changesInSql = `extract(epoch FROM least(${nextOverSql}, ${nextDueSql}) - now())`;

/** The other editions of the story of `a`, as `b`. */
const editionsSql =
  'b.id <> a.id AND (b.story_id = coalesce(a.story_id, a.id) OR (b.id = a.story_id AND b.story_id IS NULL)) AND b.deleted_at IS NULL';

/** One row if an article of a story has another edition, even in the trash. */
export const otherEditionSqlOf = (id: string, story: string) => `SELECT 1 AS found FROM @articles b WHERE b.id <> ${id}
  AND (b.story_id = ${story} OR (b.id = ${story} AND b.story_id IS NULL)) LIMIT 1`;

/** The same for the article `$1` of the story `$2`. */
export const otherEditionSql = otherEditionSqlOf('$1::uuid', '$2::uuid');

/** Seconds until time alone changes an article's page: it expires, or another edition of its story comes due or expires. */
export const pageChangesInSql = `extract(epoch FROM least(a.expires_at, (SELECT min(CASE WHEN b.published_at > now() THEN b.published_at ELSE b.expires_at END)
  FROM @articles b WHERE ${editionsSql} AND b.status = 'published' AND (b.published_at > now() OR b.expires_at > now()))) - now())`;

/**
 * Seconds until time alone changes where an old slug leads, or what is said of it: its article expires, or the article that
 * has the slug now comes due.
 */
export const redirectChangesInSql = (
  slug: string,
) => `extract(epoch FROM least(CASE WHEN a.expires_at > now() THEN a.expires_at END, (SELECT b.published_at FROM @articles b
  WHERE b.slug = ${slug} AND b.status = 'published' AND b.deleted_at IS NULL AND b.published_at > now())) - now())`;

const urlSql = (value: string) => `CASE WHEN ${value} LIKE '/%' THEN $1::text || ${value} ELSE ${value} END`;

/**
 * In stored HTML, this character stands for the public URL; cleaned text never contains it. No literal of ours has a
 * backslash, because what that means depends on a setting of the session (`standard_conforming_strings`).
 */
const placeholderSql = `chr(${publicUrlPlaceholder.codePointAt(0)})`;
const expandedSql = (column: string) => `replace(${column}, ${placeholderSql}, $1::text)`;

/** A snapshot as text, with the public URL in place of each placeholder. */
export const snapshotSql = (column: string, publicUrl: string) =>
  `replace(${column}::text, ${placeholderSql}, ${publicUrl}::text)`;

export const statusSql = `CASE WHEN a.status <> 'published' THEN a.status
  WHEN a.published_at > now() THEN 'scheduled'
  WHEN a.expires_at <= now() THEN 'expired' ELSE 'published' END`;

const coverSql = `CASE WHEN a.cover IS NOT NULL THEN (SELECT row_to_json(c) FROM (SELECT
  ${urlSql("(a.cover->>'url')")} AS "url", a.cover->>'alt' AS "alt", a.cover->>'caption' AS "caption", a.cover->>'credit' AS "credit",
  (a.cover->>'width')::int AS "width", (a.cover->>'height')::int AS "height") c) END`;

const sourceSql = `CASE WHEN s.id IS NOT NULL THEN (SELECT row_to_json(c) FROM (SELECT
  s.id AS "id", s.slug AS "slug", s.name AS "name", s.credit_line AS "creditLine") c) END`;

/** Tags as they are shown, from rows `at` of tag_id and position. Each is looked up: a join would read all tags. */
export const tagsOf = (rows: string, which: string) =>
  `(SELECT coalesce(json_agg(row_to_json(c) ORDER BY at.position), '[]') FROM ${rows}
  CROSS JOIN LATERAL (SELECT t.id AS "id", t.slug AS "slug", t.name AS "name" FROM @tags t WHERE t.id = at.tag_id OFFSET 0) c WHERE ${which})`;
export const tagsSql = tagsOf('@article_tags at', 'at.article_id = a.id');

export const personSql = (column: string) =>
  `(SELECT row_to_json(c) FROM (SELECT u.id AS "id", u.name AS "name", u.initials AS "initials" FROM @users u WHERE u.id = ${column}) c)`;

/** Notes as they are shown, from rows `r` of revisions. */
export const notesOf = (rows: string) =>
  `(SELECT coalesce(json_agg(row_to_json(c)), '[]') FROM (SELECT ${instantSql('r.at')} AS "at", r.step AS "step",
  r.note AS "text", ${personSql('r.actor_id')} AS "by" FROM ${rows} ORDER BY r.version) c)`;
const notesSql = notesOf('@revisions r WHERE r.article_id = a.id AND r.note IS NOT NULL');

/** Whether nothing names `a` as its story and `a` names none, as of most articles: then there are no editions to put together. */
const isAloneSql = 'a.story_id IS NULL AND NOT EXISTS (SELECT FROM @articles b WHERE b.story_id = a.id)';

/**
 * The other editions of the story of `a` that a caller may see. `visible` is a predicate over `a`, applied to each edition.
 */
const translationsOf = (visible: string) =>
  `CASE WHEN ${isAloneSql} THEN '[]'::json ELSE (SELECT coalesce(json_agg(row_to_json(c) ORDER BY c."language", c."id"), '[]') FROM (SELECT b.language AS "language", b.id AS "id", b.slug AS "slug", b.title AS "title"
  FROM @articles b WHERE ${editionsSql} AND ${visible.replaceAll(/\ba\./g, 'b.')} LIMIT 50) c) END`;

const made = {
  id: 'a.id',
  slug: 'a.slug',
  body: `CASE WHEN a.body_format = 'html' THEN ${expandedSql('a.body')} ELSE a.body END`,
  bodyFormat: 'a.body_format',
  bodyHtml: expandedSql('a.body_html'),
  cover: coverSql,
  source: sourceSql,
  tags: tagsSql,
  status: statusSql,
  publishedAt: instantSql('a.published_at'),
  expiresAt: instantSql('a.expires_at'),
  firstPublishedAt: instantSql('a.first_published_at'),
  modifiedAt: instantSql('a.modified_at'),
  corrections: 'a.corrections',
  storyId: 'coalesce(a.story_id, a.id)',
  translations: translationsOf(publicPredicate),
  version: 'a.version',
  createdBy: personSql('a.created_by_id'),
  createdAt: instantSql('a.created_at'),
  updatedBy: personSql('a.updated_by_id'),
  updatedAt: instantSql('a.updated_at'),
  deletedAt: instantSql('a.deleted_at'),
  notes: notesSql,
} satisfies Record<MadeName & ArticleField, string>;

export function fieldSql(name: ArticleField): string {
  if (!isPlain(name)) return made[name];
  const { kind, column } = fields[name];
  return kind === 'address' ? urlSql(`a.${column}`) : `a.${column}`;
}

/** Those of these fields whose SQL takes work and does not depend on the public address. */
export const sharedFields = (names: readonly ArticleField[]) =>
  names.filter((name) => !isPlain(name) && /[( ]/.test(made[name]) && !made[name].includes('$1'));

/** Whether revision `r` took a wire's new version, rather than the desk giving the article to another item. */
export const tookItemSql = `(r.step = 'update' AND 'itemVersion' = ANY(r.changed) AND NOT r.changed && ARRAY['source', 'sourceItemId'])`;

/** Whether the last word on an article is its source's kill: no newer version came after it, and no publication. */
export const killedSql = (articleId: string) =>
  `((SELECT r.step FROM @revisions r WHERE r.article_id = ${articleId} AND (r.step IN ('kill', 'publish') OR ${tookItemSql})
    ORDER BY r.version DESC LIMIT 1) IS NOT DISTINCT FROM 'kill')`;

/**
 * SQL for the JSON object of one article with these fields, in the order of the view. `given` replaces the SQL of some of
 * them.
 */
export function articleJson(names: readonly ArticleField[], given: Partial<Record<ArticleField, string>> = {}): string {
  const columns = staffArticleFields
    .filter((name) => names.includes(name))
    .map((name) => `${given[name] ?? fieldSql(name)} AS "${name}"`);
  return `(SELECT row_to_json(v) FROM (SELECT ${columns.join(', ')}) v)`;
}

/**
 * SQL for the same object as text, with those of these fields alone that the text array `chosen` names. The choice is a
 * value, so that one prepared statement serves every choice: planning one takes longer than reading. It is a value of the
 * execution, so that PostgreSQL makes one plan for all of them and none that lacks what this choice leaves out.
 */
export function chosenJson(names: readonly ArticleField[], chosen: string): string {
  const members = staffArticleFields
    .filter((name) => names.includes(name))
    .map(
      (name) =>
        `CASE WHEN '${name}' = ANY((SELECT ${chosen}::text[])::text[]) THEN '"${name}":' || coalesce(to_json(${fieldSql(name)})::text, 'null') END`,
    );
  return `('{' || concat_ws(',', ${members.join(', ')}) || '}')`;
}

/** The same for one audience. Staff fields are shown only in articles that the caller sees in every state. */
export function articleJsonFor(
  audience: Audience,
  names: readonly ArticleField[],
  actorId: string,
  given: Partial<Record<ArticleField, string>> = {},
): string {
  const shown = names.filter((name) => fields[name].seenBy === 'everyone');
  if (audience === 'public') return articleJson(shown, given);
  const seen = { translations: translationsOf(visibleTo(audience, actorId)), ...given };
  if (audience !== 'author') return articleJson(names, seen);
  const open = articleJson(shown, seen);
  return `CASE WHEN a.created_by_id = ${actorId}::uuid THEN ${articleJson(names, seen)} ELSE ${open} END`;
}
