import type { Ref } from '../core/ref.ts';
import { type ArticleListing, type ArticleRows, articleListSql, fewMax, isSteady } from './article-list.ts';
import type { Read } from './client.ts';

const nothing: ArticleRows = { data: '[]', more: false, last_key: null, last_id: null, changes_in: null };

/** The ids of tags and sources, and how often they are used, as far as that matters. */
const uses = {
  name: 'uses-of-labels',
  text: `WITH t AS MATERIALIZED (SELECT x.id FROM @tags x WHERE x.slug = ANY($1::text[]) OR x.id = ANY($2::uuid[])),
    s AS MATERIALIZED (SELECT x.id FROM @sources x WHERE x.slug = ANY($3::text[]) OR x.id = ANY($4::uuid[]))
  SELECT ARRAY(SELECT id::text FROM t) AS tags, ARRAY(SELECT id::text FROM s) AS sources,
    (SELECT count(*)::int FROM (SELECT 1 FROM t JOIN @article_tags y ON y.tag_id = t.id LIMIT ${fewMax + 1}) q) AS tag_uses,
    (SELECT count(*)::int FROM (SELECT 1 FROM s JOIN @articles y ON y.source_id = s.id LIMIT ${fewMax + 1}) q) AS source_uses`,
};
type Uses = { tags: string[]; sources: string[]; tag_uses: number; source_uses: number };

const slugsOf = (refs: readonly Ref[] = []) => refs.flatMap((ref) => ('slug' in ref ? [ref.slug] : []));
const idsOf = (refs: readonly Ref[] = []) => refs.flatMap((ref) => ('id' in ref ? [ref.id] : []));
const byId = (ids: readonly string[]): Ref[] => ids.map((id) => ({ id }));

/** The listing with its tags and sources by id, and which of them few articles have; null where they name nothing. */
async function informed(read: Read, listing: ArticleListing): Promise<ArticleListing | null> {
  const { tags, sources } = listing;
  if (!tags && !sources) return listing;
  const [row] = await read<Uses>(uses, [slugsOf(tags), idsOf(tags), slugsOf(sources), idsOf(sources)]);
  if (row === undefined || (tags && row.tags.length === 0) || (sources && row.sources.length === 0)) return null;
  const few = tags && row.tag_uses <= fewMax ? 'tags' : sources && row.source_uses <= fewMax ? 'sources' : null;
  return { ...listing, few, tags: tags && byId(row.tags), sources: sources && byId(row.sources) };
}

/**
 * One page of a list. A list that one index answers as it stands is one statement. For the others it is asked first
 * which tags and sources there are and whether they have few articles: PostgreSQL does not know that of a rare one, and
 * would look for it through the whole order of the list.
 */
export async function readArticleRows(read: Read, asked: ArticleListing): Promise<ArticleRows> {
  const listing = isSteady(asked) ? asked : await informed(read, asked);
  if (listing === null) return nothing;
  const { statement, values } = articleListSql(listing);
  const [row] = await read<ArticleRows>(statement, values);
  return row ?? nothing;
}
