import type { Content } from './content.ts';

/** What the public saw of an article at one moment: its address, and the lists that showed it. */
export type PublicSide = {
  readonly slug: string;
  /** Ids, in the order of the article. */
  readonly tags: readonly string[];
  readonly source: string | null;
  readonly language: string;
};

export const sideOf = ({ slug, tagIds, sourceId, language }: Content): PublicSide => ({
  slug,
  tags: tagIds,
  source: sourceId,
  language,
});

/** The same for the row `a`. */
export const sideSql = `jsonb_build_object('slug', a.slug, 'tags', (SELECT coalesce(jsonb_agg(y.tag_id ORDER BY y.position), '[]')
  FROM @article_tags y WHERE y.article_id = a.id), 'source', a.source_id, 'language', a.language)`;

/** The same for a revision, from its snapshot. */
export const sideOfSnapshotSql = (snapshot: string) =>
  `jsonb_build_object('slug', ${snapshot}->'slug', 'tags', jsonb_path_query_array(${snapshot}, '$.tags[*].id'),
  'source', ${snapshot}#>'{source,id}', 'language', ${snapshot}->'language')`;
