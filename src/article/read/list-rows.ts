import { type LabelRef, splitLabelRefs } from '../../core/label-ref.ts';
import { binder } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import { keysOfList } from './answer-keys.ts';
import { labelIdsSql } from './label-names.ts';
import { type ArticleRows, articleListSql, isHeavy, pageBytesMax } from './list.ts';
import { isPreparable } from './list-branches.ts';
import type { ArticleListing, StaffFilter } from './listing.ts';
import { filterSql, filtersWithoutIndex, selectiveRowsMax, selectiveUsesMax } from './selective.ts';

const nothing: ArticleRows = {
  data: '[]',
  more: false,
  last_key: null,
  last_id: null,
  due_in: null,
  ends_in: null,
  labels: [],
};

/**
 * `keys`: the cache keys of the list. `unkept`: it was asked for by dates, by names that do not exist, or without some
 * articles, which is seldom the same twice.
 */
export type ListedRows = ArticleRows & { keys: string[]; unkept: boolean };

/** Seconds until time alone changes a list, and until something that it shows ends. */
export function timesOf({ due_in, ends_in }: Pick<ArticleRows, 'due_in' | 'ends_in'>): ListTimes {
  const both = [due_in, ends_in].filter((seconds) => seconds !== null);
  return { maxAgeS: both.length === 0 ? undefined : Math.min(...both), endsInS: ends_in ?? Number.POSITIVE_INFINITY };
}
export type ListTimes = { maxAgeS: number | undefined; endsInS: number };

const noLabels = { tags: [], sources: [] };

/** The ids of tags and sources, and how often they are used; counting stops just above the limit. */
const uses = {
  name: 'uses-of-labels',
  text: `WITH t AS MATERIALIZED (${labelIdsSql('tags', '$1', '$2')}),
    s AS MATERIALIZED (${labelIdsSql('sources', '$3', '$4')})
  SELECT ARRAY(SELECT id::text FROM t) AS tags, ARRAY(SELECT id::text FROM s) AS sources,
    (SELECT count(*)::int FROM (SELECT 1 FROM t JOIN @article_tags y ON y.tag_id = t.id LIMIT ${selectiveUsesMax + 1}) q) AS tag_uses,
    (SELECT count(*)::int FROM (SELECT 1 FROM s JOIN @articles y ON y.source_id = s.id LIMIT ${selectiveUsesMax + 1}) q) AS source_uses`,
};
type Uses = { tags: string[]; sources: string[]; tag_uses: number; source_uses: number };

const isId = (id: string | null): id is string => id !== null;
const byId = (ids: readonly string[]): LabelRef[] => ids.map((id) => ({ id }));

/** The filter of staff that matches the fewest articles, if they are few enough to sort. */
async function mostSelective(read: Read, listing: ArticleListing): Promise<StaffFilter | null> {
  const kinds = filtersWithoutIndex(listing);
  if (kinds.length === 0) return null;
  const { bind, values } = binder();
  const counts = kinds.map(
    (kind) =>
      `(SELECT count(*)::int FROM (SELECT 1 FROM @articles a WHERE ${filterSql(listing, kind, bind)} LIMIT ${selectiveRowsMax + 1}) q) AS ${kind}`,
  );
  const [row] = await read<Partial<Record<StaffFilter, number>>>({ text: `SELECT ${counts.join(', ')}` }, values);
  const sizeOf = (kind: StaffFilter) => row?.[kind] ?? Number.POSITIVE_INFINITY;
  const [best] = kinds.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  return best !== undefined && sizeOf(best) <= selectiveRowsMax ? best : null;
}

/**
 * The listing with its tags and sources by id, and with the filter that matches few articles. Null if a tag or source
 * filter names nothing.
 */
async function informed(read: Read, listing: ArticleListing): Promise<ArticleListing | null> {
  const { tags, sources } = listing;
  if (!tags && !sources) return { ...listing, selective: await mostSelective(read, listing) };
  const [ofTags, ofSources] = [splitLabelRefs(tags ?? []), splitLabelRefs(sources ?? [])];
  const [row] = await read<Uses>(uses, [ofTags.called, ofTags.ids, ofSources.called, ofSources.ids]);
  if (row === undefined || (tags && row.tags.length === 0) || (sources && row.sources.length === 0)) return null;
  // However many articles a source has, an index gives the one for an item.
  const byItem = listing.sourceItemId === undefined ? null : 'sources';
  const byLabels =
    byItem ??
    (tags && row.tag_uses <= selectiveUsesMax
      ? 'tags'
      : sources && row.source_uses <= selectiveUsesMax
        ? 'sources'
        : null);
  return {
    ...listing,
    selective: byLabels ?? (await mostSelective(read, listing)),
    tags: tags && byId(row.tags),
    sources: sources && byId(row.sources),
  };
}

const isEmpty = ({ publishedFrom, publishedTo }: ArticleListing) =>
  publishedFrom !== undefined && publishedTo !== undefined && publishedFrom >= publishedTo;

/**
 * One page of a list. If one index answers the list as it is, this is one statement. For other lists, a first statement
 * finds the ids of tags and sources, and the filter that matches few articles. PostgreSQL does not know that a tag is rare
 * or that drafts are all at one end, and would search for them through the whole order of the list.
 */
export async function readArticleRows(read: Read, asked: ArticleListing): Promise<ListedRows> {
  if (isEmpty(asked)) return { ...nothing, keys: keysOfList({}, noLabels), unkept: true };
  const prepared = isPreparable(asked);
  const listing = prepared ? asked : await informed(read, asked);
  if (listing === null) return { ...nothing, keys: keysOfList(asked, noLabels), unkept: true };
  const rows = await readPage(read, listing);
  const labels = rows.labels.filter(isId);
  const named = prepared
    ? { tags: asked.tags ? labels : [], sources: asked.sources ? labels : [] }
    : { tags: splitLabelRefs(listing.tags ?? []).ids, sources: splitLabelRefs(listing.sources ?? []).ids };
  const namesAll =
    named.tags.length === (asked.tags ?? []).length && named.sources.length === (asked.sources ?? []).length;
  const isSeldom = [asked.exclude, asked.publishedFrom, asked.publishedTo].some((filter) => filter !== undefined);
  return { ...rows, keys: keysOfList(asked, named), unkept: isSeldom || !namesAll };
}

async function readPage(read: Read, listing: ArticleListing): Promise<ArticleRows> {
  const ask = async (weighed: boolean): Promise<ArticleRows> => {
    const { statement, values } = articleListSql(listing, weighed);
    return (await read<ArticleRows>(statement, values))[0] ?? nothing;
  };
  if (isHeavy(listing)) return ask(true);
  const page = await ask(false);
  return Buffer.byteLength(page.data) > pageBytesMax ? ask(true) : page;
}
