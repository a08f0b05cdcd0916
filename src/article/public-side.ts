import type { Content } from './content.ts';

/** What strangers saw of an article at one moment: where they had it, and in which lists. */
export type PublicSide = {
  readonly slug: string;
  /** Ids, in order. */
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

/** The same of the row `a`. */
export const sideSql = `jsonb_build_object('slug', a.slug, 'tags', (SELECT coalesce(jsonb_agg(y.tag_id ORDER BY y.position), '[]')
  FROM @article_tags y WHERE y.article_id = a.id), 'source', a.source_id, 'language', a.language)`;

/** The same of a revision, by the snapshot that it keeps. */
export const sideOfSnapshotSql = (snapshot: string) =>
  `jsonb_build_object('slug', ${snapshot}->'slug', 'tags', jsonb_path_query_array(${snapshot}, '$.tags[*].id'),
  'source', ${snapshot}#>'{source,id}', 'language', ${snapshot}->'language')`;
