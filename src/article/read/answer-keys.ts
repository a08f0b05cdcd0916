import { cacheKeys } from '../../core/cache-keys.ts';

/** Cache keys of answers, which name what they show. Together they fit into a header of 1 KB. */

const tagsMax = 20;

/**
 * SQL over `a` for the relations of a public page: the ids of story, source (`-` for none) and tags, as words of one text.
 * An array would be parsed at each call, which takes longer than all else that is done with it.
 */
export const relationsSql = `concat_ws(' ', coalesce(a.story_id, a.id), coalesce(a.source_id::text, '-'),
  (SELECT string_agg(y.tag_id::text, ' ') FROM (SELECT t.tag_id FROM @article_tags t WHERE t.article_id = a.id LIMIT ${tagsMax + 1}) y)) AS relations`;

export function keysOfPage(id: string, relations: string): string[] {
  const [story = id, source = '-', ...tags] = relations.split(' ');
  return [
    cacheKeys.article(id),
    cacheKeys.story(story),
    ...(source === '-' ? [] : [cacheKeys.source(source)]),
    ...(tags.length > tagsMax ? [cacheKeys.tags] : tags.map(cacheKeys.tag)),
  ];
}

/** The ids of the tags and sources by which a list is filtered. A name that does not exist has no id. */
export type NamedLabels = { tags: readonly string[]; sources: readonly string[] };

type Filters = { [Kind in 'tags' | 'sources' | 'languages']?: readonly unknown[] | undefined } & {
  languages?: readonly string[] | undefined;
};

const filterValuesMax = 10;
const filterBytesMax = 350;

/**
 * The keys of a list. Of several filters, the one with the fewest values gives the keys, since everything in the list
 * matches it too. The keys of all tags and sources are always there: a change of one may change what the list shows, and
 * what the names in a filter stand for.
 */
export function keysOfList({ tags, sources, languages }: Filters, named: NamedLabels): string[] {
  const filters = [
    { asked: tags, keys: named.tags.map(cacheKeys.latestOfTag) },
    { asked: sources, keys: named.sources.map(cacheKeys.latestOfSource) },
    { asked: languages, keys: (languages ?? []).map(cacheKeys.latestOfLanguage) },
  ].flatMap(({ asked, keys }) => (asked === undefined ? [] : [{ values: asked.length, keys }]));
  const [fewest] = filters.toSorted((a, b) => a.values - b.values);
  const fits = fewest && fewest.values <= filterValuesMax && fewest.keys.join(' ').length <= filterBytesMax;
  return [...(fits ? fewest.keys : [cacheKeys.latest]), cacheKeys.tags, cacheKeys.sources];
}
