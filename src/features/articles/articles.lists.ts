import { publicArticleFields } from '../../article/field-lists.ts';
import type { ArticleField } from '../../article/fields.ts';
import { checkStates } from '../../article/read/asked-states.ts';
import { type Counts, countStates } from '../../article/read/counts.ts';
import { type ListTimes, readArticleRows, timesOf } from '../../article/read/list-rows.ts';
import type { ArticleListing, ArticleOrder } from '../../article/read/listing.ts';
import { chosen, fieldsOf, lean } from '../../article/read/shown-fields.ts';
import { articleJsonFor, chosenJson } from '../../article/read/view-sql.ts';
import { callerOf, type ListedState, stateSql } from '../../article/read/visible.ts';
import type { SearchFilter } from '../../article/search/filter.ts';
import type { AskedLabels } from '../../article/search/labels.ts';
import { matchingIds } from '../../article/search/matching.ts';
import type { WithWords } from '../../article/search/words.ts';
import { type Actor, hasRole } from '../../core/actor.ts';
import { cacheKeys } from '../../core/cache-keys.ts';
import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { rangeFrom, rangeTo } from '../../http/schema/day.ts';
import type { ArticleCountsQuery, ArticleListQuery } from './articles.schema.ts';

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

export type ListParts = { db: Db; cursors: Cursors; words: WithWords; publicUrl: string; timeZone: string };

const orders: Readonly<Record<string, ArticleOrder>> = {
  publishedAt: 'publishedAt',
  title: 'title',
  updatedAt: 'updatedAt',
};

const leanPublicFields = publicArticleFields.filter(lean);

const longOf = (fields: readonly ArticleField[]) => [
  ...(fields.includes('body') ? (['body'] as const) : []),
  ...(fields.includes('bodyHtml') ? (['body_html'] as const) : []),
];

/** The filters by author, for staff. Authors see only in their own articles who wrote them, so it finds only those. */
function staffFilters(
  actor: Actor | null,
  { createdBy, updatedBy }: ArticleCountsQuery,
): Pick<ArticleListing, 'createdBy' | 'updatedBy' | 'ownOf'> {
  const idOf = (person: string | undefined) => (person === 'me' ? actor?.userId : person);
  const asksWho = createdBy !== undefined || updatedBy !== undefined;
  return {
    createdBy: idOf(createdBy),
    updatedBy: idOf(updatedBy),
    ownOf: asksWho && actor?.role === 'author' ? actor.userId : undefined,
  };
}

/** Those of the ids asked for that have the words; without words the same as asked. */
function narrowed(asked: readonly string[] | undefined, matching: readonly string[] | undefined) {
  if (matching === undefined || asked === undefined) return matching ?? asked;
  const found = new Set(matching);
  return asked.filter((id) => found.has(id));
}

const isState = (state: string): state is ListedState => Object.hasOwn(stateSql, state);
const allStates = Object.keys(stateSql).filter(isState);

export function articleLists({ db, cursors, words, publicUrl, timeZone }: ListParts): ArticleLists {
  const matching = async (q: string | undefined, filter: SearchFilter, labelled?: AskedLabels) =>
    q === undefined ? undefined : matchingIds({ read: db.read, words }, q, filter, labelled);

  return {
    async list(actor, query) {
      checkStates(actor, query.status);
      const { audience, actorId } = callerOf(actor);
      const sort = query.sort ?? (actor === null ? '-publishedAt' : '-updatedAt');
      const order = orders[sort.replace('-', '')] ?? 'publishedAt';
      const listName = `articles:${audience}:${sort}`;
      const fields = chosen(fieldsOf(actor), query.fields, lean);
      const publishedFrom = query.publishedFrom && rangeFrom(query.publishedFrom, timeZone);
      const publishedTo = query.publishedTo && rangeTo(query.publishedTo, timeZone);
      const [states, languages] = [query.status, query.language];
      const searched = { audience, actorId, states, languages, publishedFrom, publishedTo };
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
        languages,
        sourceItemId: query.sourceItemId,
        ids: narrowed(query.ids, await matching(query.q, searched, { tags: query.tag, sources: query.source })),
        story: query.story,
        publishedFrom,
        publishedTo,
        states,
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

    async count(actor, query) {
      const viewer = { ...callerOf(actor), publicUrl };
      const ids = await matching(query.q, { ...callerOf(actor), states: allStates });
      return countStates(db.read, viewer, { ...staffFilters(actor, query), ids }, hasRole(actor, 'author'));
    },
  };
}
