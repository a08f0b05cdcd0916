import { hash } from 'node:crypto';
import { keyOf, type Ref } from '../core/ref.ts';
import { betweenSql, type Few, fewRowsMax, fewSql, fewUsesMax } from './article-few.ts';
import { changesInSql, instantSql, knowsPublicUrl } from './article-sql.ts';
import { type LabelTable, labelIdSql } from './label-names.ts';
import { type Bind, binder, type Statement, type Value } from './sql.ts';
import { type Audience, anyState, type ListedState, visibleIn } from './visible.ts';

export type ArticleOrder = 'publishedAt' | 'title' | 'updatedAt';

/** Lists by more values than this are not prepared, so that a connection keeps a bounded number of statements. */
const preparedBranchesMax = 3;

/**
 * Sizes in which rows are looked up, for the page that was asked for fits into one. The number stands in the text: with a
 * parameter in its place PostgreSQL plans for a tenth of the table and so makes a new plan for every call.
 */
const lookUpSizes = [20, 50, 100];

/** Which articles, in which order, from where. Of several values of one filter any matches. */
export type ArticleListing = {
  audience: Audience;
  actorId: string | null;
  publicUrl: string;
  /** SQL for the JSON of one item; gets the place of the caller's id. */
  item: (actorId: string) => string;
  /** The columns of an item that may be very long, of those that are shown. */
  long?: readonly ('body' | 'body_html')[];
  order: ArticleOrder;
  descending: boolean;
  /** The sort keys of the row to go on after. */
  after: readonly string[] | null;
  limit: number;
  tags?: readonly Ref[] | undefined;
  sources?: readonly Ref[] | undefined;
  languages?: readonly string[] | undefined;
  /** One item of any of the sources. */
  sourceItemId?: string | undefined;
  ids?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  story?: string | undefined;
  createdBy?: string | undefined;
  updatedBy?: string | undefined;
  /** Whose articles alone are asked for by the two before. */
  ownOf?: string | undefined;
  /** All of them must be in the title, as search compares words. */
  titleWords?: readonly string[] | undefined;
  publishedFrom?: Date | undefined;
  publishedTo?: Date | undefined;
  /** Whether the text recurs often enough to be prepared. */
  prepared: boolean;
  /** The states asked for; without them everything but the trash. */
  states?: readonly ListedState[] | undefined;
  /** The filter of which it is known that few articles match it: the list is sorted from these. */
  few?: Few | null;
};

export type ArticleRows = {
  data: string;
  more: boolean;
  last_key: string | null;
  last_id: string | null;
  /** Seconds until an article expires or comes due, if that is soon. */
  changes_in: number | null;
};

type Branch = { from: string; key: string; id: string; where: string[] };

const keyTypes: Record<ArticleOrder, string> = { publishedAt: 'timestamptz', title: 'text', updatedAt: 'timestamptz' };

const refSql = (table: LabelTable, ref: Ref, bind: Bind) =>
  labelIdSql(table, 'id' in ref ? 'id' : 'slug', bind(keyOf(ref)));

/** Any of these, by their ids: as values of their own they tell PostgreSQL how many articles to expect. */
const anyRefSql = (refs: readonly Ref[] | undefined, bind: Bind) => {
  const ids = (refs ?? []).map((ref) => {
    if ('id' in ref) return ref.id;
    throw new Error('a list that is not steady takes its tags and sources by id');
  });
  return `ANY(${bind(ids)}::uuid[])`;
};

function keySql(listing: ArticleListing): string {
  if (listing.order === 'title') return 'a.title COLLATE "C"';
  if (listing.order === 'updatedAt') return 'a.updated_at';
  return listing.audience === 'public' ? 'a.published_at' : `coalesce(a.published_at, 'infinity'::timestamptz)`;
}

/** The filters that lists and counts of staff have in common. */
export function narrowed(
  listing: Pick<ArticleListing, 'story' | 'createdBy' | 'updatedBy' | 'ownOf' | 'titleWords'>,
  bind: Bind,
): string[] {
  const { story, createdBy, updatedBy, ownOf, titleWords } = listing;
  const where: string[] = [];
  if (story) {
    const place = bind(story);
    where.push(`(a.story_id = ${place}::uuid OR (a.id = ${place}::uuid AND a.story_id IS NULL))`);
  }
  if (createdBy) where.push(`a.created_by_id = ${bind(createdBy)}::uuid`);
  if (updatedBy) where.push(`a.updated_by_id = ${bind(updatedBy)}::uuid`);
  if (ownOf) where.push(`a.created_by_id = ${bind(ownOf)}::uuid`);
  if (titleWords) where.push(titleWords.length === 0 ? 'FALSE' : `a.title_words @> ${bind(titleWords)}::text[]`);
  return where;
}

/** What holds of every row, whichever index it is found by; `taken` names the filter that the index answers. */
function filters(
  listing: ArticleListing,
  actorId: string,
  bind: Bind,
  taken: 'tags' | 'sources' | 'languages' | null,
): string[] {
  const where = [visibleIn(listing.audience, actorId, listing.states)];
  where.push(listing.states ? anyState(listing.states) : 'a.deleted_at IS NULL', ...narrowed(listing, bind));
  if (listing.tags && taken !== 'tags') {
    where.push(
      `EXISTS (SELECT 1 FROM @article_tags y WHERE y.article_id = a.id AND y.tag_id = ${anyRefSql(listing.tags, bind)})`,
    );
  }
  if (listing.sources && taken !== 'sources') where.push(`a.source_id = ${anyRefSql(listing.sources, bind)}`);
  if (listing.languages && taken !== 'languages') where.push(`a.language = ANY(${bind(listing.languages)}::text[])`);
  if (listing.ids) where.push(`a.id = ANY(${bind(listing.ids)}::uuid[])`);
  if (listing.exclude) where.push(`a.id <> ALL(${bind(listing.exclude)}::uuid[])`);
  return where;
}

/** What the states say of the order by publication, so that the index is not read through what has no such date. */
function boundsOfStates(states: readonly ListedState[] | undefined, key: string): string[] {
  if (!states || states.some((state) => !dated.includes(state))) return [];
  if (!states.includes('scheduled')) return [`${key} <= now()`];
  return [`${key} < 'infinity'::timestamptz`, ...(states.length === 1 ? [`${key} > now()`] : [])];
}
const dated: readonly ListedState[] = ['scheduled', 'published', 'expired'];

/**
 * The bounds of publication, said of the column and, where the list goes by another form of it, of that too: then the index
 * is entered at the bound and not read up to it.
 */
function boundsSql(listing: ArticleListing, key: string, bind: Bind): string[] {
  const { publishedFrom, publishedTo, order, states } = listing;
  const from = publishedFrom && `a.published_at >= ${bind(publishedFrom.toISOString())}::timestamptz`;
  const to = publishedTo && `a.published_at < ${bind(publishedTo.toISOString())}::timestamptz`;
  const asked = [from, to].filter((bound) => bound !== undefined);
  if (order !== 'publishedAt' || key === 'a.published_at') return asked;
  const entered = asked.length > 0 ? [betweenSql(key, publishedFrom, publishedTo, bind)] : [];
  return [...asked, ...entered, ...boundsOfStates(states, key)];
}

/** Whether tags, sources and languages have an index each in the order of the list. */
const isIndexed = ({ audience, order, ids, story }: ArticleListing): boolean =>
  audience === 'public' && order === 'publishedAt' && !ids && !story;

/** Titles of one language have an index, whoever reads. */
const isByTitle = ({ order, ids, story }: ArticleListing): boolean => order === 'title' && !ids && !story;

const lookedUpFor = (limit: number) => lookUpSizes.find((size) => size >= limit);

/**
 * Whether one plan serves the list whatever the values are: one index answers it, since there is one kind of filter at
 * most. Its text recurs, so it is prepared.
 */
export function isSteady(listing: ArticleListing): boolean {
  const filters = [listing.tags, listing.sources, listing.languages].filter((filter) => filter !== undefined);
  const [branched = []] = filters;
  return (
    isIndexed(listing) &&
    filters.length <= 1 &&
    branched.length <= preparedBranchesMax &&
    lookedUpFor(listing.limit) !== undefined &&
    listing.sourceItemId === undefined &&
    listing.prepared
  );
}

const idsOfTags = ({ tags }: ArticleListing, bind: Bind) =>
  `SELECT DISTINCT y.article_id AS id FROM @article_tags y WHERE y.tag_id = ${anyRefSql(tags, bind)}`;

/** The articles of the sources, or of the item that each of them has one article of. */
const idsOfSources = ({ sources, sourceItemId }: ArticleListing, bind: Bind) => {
  const ofItem = sourceItemId === undefined ? '' : ` AND y.source_item_id = ${bind(sourceItemId)}::text`;
  return `SELECT y.id FROM @articles y WHERE y.source_id = ${anyRefSql(sources, bind)}${ofItem}`;
};

/**
 * One branch for each tag (or source, or language) asked for: each walks one index in the order of the list and stops
 * after a page, so that no filter of the newest-first public list ever sorts more than its pages.
 */
function branches(listing: ArticleListing, actorId: string, bind: Bind): Branch[] {
  const plain = { from: '@articles a', key: keySql(listing), id: 'a.id' };
  if (listing.few === 'tags' || listing.few === 'sources') {
    // The limit is out of reach. It tells PostgreSQL that there are few, which it would not believe.
    const few = `${listing.few === 'tags' ? idsOfTags(listing, bind) : idsOfSources(listing, bind)} LIMIT ${2 * fewUsesMax}`;
    const where = filters(listing, actorId, bind, listing.few);
    return [{ ...plain, from: `(${few}) n JOIN @articles a ON a.id = n.id`, where }];
  }
  if (listing.few) {
    const few = `SELECT * FROM @articles a WHERE ${fewSql(listing, listing.few, bind)} LIMIT ${2 * fewRowsMax}`;
    return [{ ...plain, from: `(${few}) a`, where: filters(listing, actorId, bind, null) }];
  }
  const indexed = isIndexed(listing);
  if (indexed && listing.tags) {
    const where = filters(listing, actorId, bind, 'tags');
    return listing.tags.map((ref) => ({
      from: '@article_tags at JOIN @articles a ON a.id = at.article_id',
      key: 'at.listed_at',
      id: 'at.article_id',
      where: [`at.tag_id = ${refSql('tags', ref, bind)}`, 'at.listed_at <= now()', ...where],
    }));
  }
  if (indexed && listing.sources) {
    const where = filters(listing, actorId, bind, 'sources');
    return listing.sources.map((ref) => ({
      ...plain,
      where: [`a.source_id = ${refSql('sources', ref, bind)}`, ...where],
    }));
  }
  if ((indexed || isByTitle(listing)) && listing.languages) {
    const where = filters(listing, actorId, bind, 'languages');
    return listing.languages.map((language) => ({ ...plain, where: [`a.language = ${bind(language)}`, ...where] }));
  }
  return [{ ...plain, where: filters(listing, actorId, bind, null) }];
}

/** A page ends before an item with which it would have more bytes; one item it has. */
export const pageBytesMax = 4_000_000;
const fitsSql = (bytes: string) => `(p.pos = 1 OR ${bytes} <= ${pageBytesMax})`;

/** The rows of a page without those that bodies alone make too many: PostgreSQL knows how long these are without reading them. */
function weighedSql(found: string, size: string, long: readonly string[]): string {
  if (long.length === 0) return found;
  const bytes = long.map((column) => `octet_length(x.${column})`).join(' + ');
  return `(SELECT p.k, p.id, p.pos, p.n FROM (SELECT f.*, sum(${bytes}) OVER (ORDER BY f.pos) AS bytes
    FROM ${found} f JOIN @articles x ON x.id = f.id WHERE f.pos <= ${size}) p WHERE ${fitsSql('p.bytes')})`;
}

/** Whether a page of these may well have more bytes than it may: only then each item is weighed, which costs a quarter. */
export const isHeavy = ({ long }: ArticleListing): boolean => long !== undefined && long.length > 0;

/**
 * The statement of one page: its items as one JSON array, and the keys of its last row where more follow. `weighed`: the
 * page ends before it has too many bytes.
 */
export function articleListSql(listing: ArticleListing, weighed: boolean): { statement: Statement; values: Value[] } {
  const { bind, values } = binder([listing.publicUrl]);
  const actorId = listing.audience === 'author' && listing.actorId !== null ? bind(listing.actorId) : 'NULL';
  const direction = listing.descending ? 'DESC' : 'ASC';
  const type = keyTypes[listing.order];
  const [afterKey, afterId] = listing.after ?? [];
  const after =
    afterKey !== undefined && afterId !== undefined ? `(${bind(afterKey)}::${type}, ${bind(afterId)}::uuid)` : null;
  const size = `${bind(String(listing.limit))}::int`;
  const rowsMax = (lookedUpFor(listing.limit) ?? listing.limit) + 1;
  const parts = branches(listing, actorId, bind).map(({ from, key, id, where: filtered }) => {
    const where = [...filtered, ...boundsSql(listing, key, bind)];
    const all = after ? [...where, `(${key}, ${id}) ${listing.descending ? '<' : '>'} ${after}`] : where;
    return `(SELECT ${key} AS k, ${id} AS id FROM ${from} WHERE ${all.join(' AND ')} ORDER BY ${key} ${direction}, ${id} ${direction} LIMIT ${rowsMax})`;
  });
  const rows =
    parts.length === 1
      ? `${parts[0]}`
      : `(SELECT DISTINCT ON (k, id) k, id FROM (${parts.join(' UNION ALL ')}) u ORDER BY k ${direction}, id ${direction} LIMIT ${rowsMax})`;
  const shown = type === 'text' ? 'p.k' : `CASE WHEN isfinite(p.k) THEN ${instantSql('p.k')} ELSE p.k::text END`;
  const found = `(SELECT k, id, row_number() OVER () AS pos, count(*) OVER () AS n FROM ${rows} q)`;
  const item = `(${listing.item(actorId)})::text`;
  const joined = (
    page: string,
  ) => `FROM ${page} p JOIN @articles a ON a.id = p.id LEFT JOIN @sources s ON s.id = a.source_id
  WHERE p.pos <= ${size} AND ${knowsPublicUrl}`;
  const text = weighed ? heavyText() : lightText();
  const named = isSteady(listing) ? { name: hash('sha1', text), text } : { text };
  return { statement: named, values };

  function lightText(): string {
    return `SELECT '[' || coalesce(string_agg(${item}, ',' ORDER BY p.pos), '') || ']' AS data,
  coalesce(bool_or(p.n > ${size}), false) AS more,
  ${changesInSql}::float8 AS changes_in,
  max(${shown}) FILTER (WHERE p.pos = ${size}) AS last_key, max(p.id::text) FILTER (WHERE p.pos = ${size}) AS last_id
  ${joined(found)}`;
  }

  function heavyText(): string {
    const items = `SELECT p.k, p.id, p.pos, p.n, ${item} AS item ${joined(weighedSql(found, size, listing.long ?? []))}`;
    return `SELECT '[' || coalesce(string_agg(p.item, ',' ORDER BY p.pos), '') || ']' AS data,
  coalesce(max(p.n) > count(*), false) AS more,
  ${changesInSql}::float8 AS changes_in,
  (array_agg(${shown} ORDER BY p.pos DESC))[1] AS last_key, (array_agg(p.id::text ORDER BY p.pos DESC))[1] AS last_id
FROM (SELECT i.*, sum(octet_length(i.item)) OVER (ORDER BY i.pos) AS bytes FROM (${items}) i) p
WHERE ${fitsSql('p.bytes')}`;
  }
}
