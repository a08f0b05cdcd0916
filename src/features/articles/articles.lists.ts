import { publicArticleFields } from '../../article/field-lists.ts';
import type { ArticleField } from '../../article/fields.ts';
import { type Counts, countStates } from '../../article/read/counts.ts';
import { type ListTimes, readArticleRows, timesOf } from '../../article/read/list-rows.ts';
import type { ArticleListing, ArticleOrder } from '../../article/read/listing.ts';
import { articleJsonFor, chosenJson } from '../../article/read/view-sql.ts';
import { callerOf } from '../../article/read/visible.ts';
import { type Actor, hasRole } from '../../core/actor.ts';
import { cacheKeys } from '../../core/cache-keys.ts';
import { forbidden, unauthenticated } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import { searchWords } from '../../core/search-key.ts';
import type { Db } from '../../db/client.ts';
import { rangeFrom, rangeTo } from '../../http/schema/day.ts';
import type { ArticleCountsQuery, ArticleListQuery } from './articles.queries.ts';
import { chosen, fieldsOf } from './articles.service.ts';

export type ArticleItems = ListTimes & {
  data: string;
  nextCursor: string | null;
  keys: string[];
  unkept: boolean;
};

export type ArticleLists = {
  list(actor: Actor | null, query: ArticleListQuery): Promise<ArticleItems>;
  /** How many articles in each state the caller may see. Counting stops at 10,000. */
  count(actor: Actor, query: ArticleCountsQuery): Promise<Counts>;
};

export type ListParts = { db: Db; cursors: Cursors; publicUrl: string; timeZone: string };

const orders: Readonly<Record<string, ArticleOrder>> = {
  publishedAt: 'publishedAt',
  title: 'title',
  updatedAt: 'updatedAt',
};
const lean = (field: ArticleField) => field !== 'body' && field !== 'bodyHtml';

const leanPublicFields = publicArticleFields.filter(lean);

const longOf = (fields: readonly ArticleField[]) => [
  ...(fields.includes('body') ? (['body'] as const) : []),
  ...(fields.includes('bodyHtml') ? (['body_html'] as const) : []),
];

/** Throws 401 or 403 if the caller may not ask for one of these states. */
function checkStates(actor: Actor | null, states: ArticleListQuery['status']): void {
  if (actor === null && states?.some((state) => state !== 'published')) {
    throw unauthenticated('Only staff may ask for articles that are not public; log in.');
  }
  if (actor?.role === 'viewer' && states?.includes('trash')) throw forbidden('The trash is for authors and editors.');
}

/**
 * The filters for staff: by author, and by words of the title. Authors see only in their own articles who wrote them, so
 * filtering by author finds only those.
 */
function staffFilters(
  actor: Actor | null,
  { createdBy, updatedBy, q }: ArticleCountsQuery,
): Pick<ArticleListing, 'createdBy' | 'updatedBy' | 'ownOf' | 'titleWords'> {
  const idOf = (person: string | undefined) => (person === 'me' ? actor?.userId : person);
  const asksWho = createdBy !== undefined || updatedBy !== undefined;
  return {
    createdBy: idOf(createdBy),
    updatedBy: idOf(updatedBy),
    ownOf: asksWho && actor?.role === 'author' ? actor.userId : undefined,
    titleWords: q === undefined ? undefined : searchWords(q),
  };
}

export function articleLists({ db, cursors, publicUrl, timeZone }: ListParts): ArticleLists {
  return {
    async list(actor, query) {
      checkStates(actor, query.status);
      const { audience, actorId } = callerOf(actor);
      const sort = query.sort ?? (actor === null ? '-publishedAt' : '-updatedAt');
      const order = orders[sort.replace('-', '')] ?? 'publishedAt';
      const listName = `articles:${audience}:${sort}`;
      const fields = chosen(fieldsOf(actor), query.fields, lean);
      const long = longOf(fields);
      // The choice of fields is a value, unless bodies are among them: those are weighed.
      const chooses = audience === 'public' && query.fields !== undefined && long.length === 0;
      const { data, more, last_key, last_id, keys, unkept, ...times } = await readArticleRows(db.read, {
        audience,
        actorId,
        publicUrl,
        item: (place, bind) =>
          chooses ? chosenJson(leanPublicFields, bind(fields)) : articleJsonFor(audience, fields, place),
        long,
        order,
        descending: sort.startsWith('-'),
        prepared: (query.fields === undefined || chooses) && order === 'publishedAt' && audience === 'public',
        after: query.after === undefined ? null : cursors.open(listName, query.after),
        limit: query.limit,
        tags: query.tag,
        sources: query.source,
        languages: query.language,
        sourceItemId: query.sourceItemId,
        ids: query.ids,
        story: query.story,
        publishedFrom: query.publishedFrom && rangeFrom(query.publishedFrom, timeZone),
        publishedTo: query.publishedTo && rangeTo(query.publishedTo, timeZone),
        states: query.status,
        ...staffFilters(actor, query),
      });
      return {
        data,
        nextCursor: more && last_key !== null && last_id !== null ? cursors.seal(listName, [last_key, last_id]) : null,
        ...timesOf(times),
        keys: [...keys, ...(fields.includes('translations') ? [cacheKeys.stories] : [])],
        unkept,
      };
    },

    count(actor, query) {
      const viewer = { ...callerOf(actor), publicUrl };
      return countStates(db.read, viewer, staffFilters(actor, query), hasRole(actor, 'author'));
    },
  };
}
