import { keyOfLabel, kindOfLabelRef, type LabelRef } from '../../core/label-ref.ts';
import type { Bind } from '../../db/sql.ts';
import { type LabelTable, labelIdSql } from './label-names.ts';
import { anyRefSql, filters, keySql } from './list-filters.ts';
import type { ArticleListing } from './listing.ts';
import { filterSql, selectiveRowsMax, selectiveUsesMax } from './selective.ts';

/** Lists by more values than this are not prepared, so that a connection keeps a bounded number of statements. */
const preparedBranchesMax = 3;

/**
 * Rows are looked up in the smallest of these sizes that holds the page. The number stands in the text: for a parameter,
 * PostgreSQL would expect a tenth of the table, and plan every call anew.
 */
const lookUpSizes = [20, 50, 100];

type Branch = { from: string; key: string; id: string; where: string[] };

const refSql = (table: LabelTable, ref: LabelRef, bind: Bind) =>
  labelIdSql(table, kindOfLabelRef(ref), bind(keyOfLabel(ref)));

/** Whether tags, sources and languages each have an index in the order of the list. */
const isIndexed = ({ audience, order, ids, story }: ArticleListing): boolean =>
  audience === 'public' && order === 'publishedAt' && !ids && !story;

/** Titles have an index by language, for every audience. */
const isByTitle = ({ order, ids, story }: ArticleListing): boolean => order === 'title' && !ids && !story;

export const lookedUpFor = (limit: number) => lookUpSizes.find((size) => size >= limit);

/**
 * Whether one plan serves the list for all values: it has at most one kind of filter, which one index answers. Its text
 * recurs, so it is prepared.
 */
export function isPreparable(listing: ArticleListing): boolean {
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

/** SQL for the ids of the tags or sources of a prepared list, whose text contains only their names. */
export function labelsSql({ tags, sources }: ArticleListing, bind: Bind): string {
  const ids = [
    ...(tags ?? []).map((ref) => refSql('tags', ref, bind)),
    ...(sources ?? []).map((ref) => refSql('sources', ref, bind)),
  ];
  return `ARRAY[${ids.join(', ')}]::uuid[]::text[]`;
}

const idsOfTags = ({ tags }: ArticleListing, bind: Bind) =>
  `SELECT DISTINCT y.article_id AS id FROM @article_tags y WHERE y.tag_id = ${anyRefSql(tags, bind)}`;

/** The articles of the sources; with `sourceItemId`, the one article that each source has for that item. */
const idsOfSources = ({ sources, sourceItemId }: ArticleListing, bind: Bind) => {
  const ofItem = sourceItemId === undefined ? '' : ` AND y.source_item_id = ${bind(sourceItemId)}::text`;
  return `SELECT y.id FROM @articles y WHERE y.source_id = ${anyRefSql(sources, bind)}${ofItem}`;
};

const idsOfArticles = { tags: idsOfTags, sources: idsOfSources } as const;

/**
 * One branch for each tag (or source, or language) asked for. Each branch walks one index in the order of the list and
 * stops after a page, so no filter of the newest-first public list ever sorts more than its pages.
 */
export function branches(listing: ArticleListing, actorId: string, bind: Bind): Branch[] {
  const plain = { from: '@articles a', key: keySql(listing), id: 'a.id' };
  if (listing.selective === 'tags' || listing.selective === 'sources') {
    // A planner hint: the limit is never reached, and tells PostgreSQL that few rows come.
    const looked = `${idsOfArticles[listing.selective](listing, bind)} LIMIT ${2 * selectiveUsesMax}`;
    const where = filters(listing, actorId, bind, listing.selective);
    return [{ ...plain, from: `(${looked}) n JOIN @articles a ON a.id = n.id`, where }];
  }
  if (listing.selective) {
    const looked = `SELECT * FROM @articles a WHERE ${filterSql(listing, listing.selective, bind)} LIMIT ${2 * selectiveRowsMax}`;
    return [{ ...plain, from: `(${looked}) a`, where: filters(listing, actorId, bind, null) }];
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
