import type { ArticleField } from '../../article/fields.ts';
import { type ListTimes, readArticleRows, timesOf } from '../../article/read/list-rows.ts';
import { articleJson } from '../../article/read/view-sql.ts';
import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { pageItems } from '../../http/schema/values.ts';
import type { LatestQuery } from './latest.schema.ts';

/** A page of the latest list: its items as one JSON array, the cursor of the next, seconds until time changes it. */
export type LatestPage = ListTimes & {
  data: string;
  nextCursor: string | null;
  keys: string[];
  unkept: boolean;
};

export type LatestService = { list(query: LatestQuery): Promise<LatestPage> };

const itemFields: readonly ArticleField[] = [
  'id',
  'slug',
  'title',
  'kicker',
  'excerpt',
  'cover',
  'source',
  'tags',
  'language',
  'publishedAt',
];
/** SQL of an item of the list: the article `a` with its source `s`. */
export const latestItemSql = articleJson(itemFields);
const listName = 'latest';

/** What is public now, newest first, whoever asks. One statement, paged by keyset, so that later articles move nothing. */
export function latestService({
  db,
  cursors,
  publicUrl,
  itemsMax,
}: {
  db: Db;
  cursors: Cursors;
  publicUrl: string;
  itemsMax: number;
}): LatestService {
  return {
    async list({ limit = pageItems(itemsMax), after, tag, source, language, exclude }) {
      const { data, more, last_key, last_id, keys, unkept, ...times } = await readArticleRows(db.read, {
        audience: 'public',
        actorId: null,
        publicUrl,
        item: () => latestItemSql,
        order: 'publishedAt',
        descending: true,
        prepared: true,
        after: after === undefined ? null : cursors.open(listName, after),
        limit,
        tags: tag,
        sources: source,
        languages: language,
        exclude,
      });
      return {
        data,
        nextCursor: more && last_key !== null && last_id !== null ? cursors.seal(listName, [last_key, last_id]) : null,
        ...timesOf(times),
        keys,
        unkept,
      };
    },
  };
}
