import { z } from 'zod';
import { publicArticleFields, staffArticleFields } from '../../db/article-sql.ts';
import { id, language, list, paging, ref, text } from '../../http/schema.ts';
import { dayOrInstant } from '../../http/schema-day.ts';
import { shownStatuses } from './articles.schema.ts';

/** What may be asked of articles; staff may ask more than readers. */

const sorts = ['publishedAt', '-publishedAt', 'title', '-title'] as const;
const staffSorts = [...sorts, 'updatedAt', '-updatedAt'] as const;

const statuses = [...shownStatuses, 'trash'] as const;
const status = () =>
  list(z.enum(statuses, { error: `Use one of ${statuses.join(', ')}.` }), statuses.length).optional();

const listQuery = <Sort extends z.ZodType>(itemsMax: number, sort: Sort, fields: readonly string[]) =>
  z.strictObject({
    status: status(),
    story: id().optional().meta({ description: 'The storyId: every edition of one story.' }),
    tag: list(ref(), 50).optional(),
    source: list(ref(), 50).optional(),
    language: list(language(), 50)
      .optional()
      .meta({ description: 'BCP 47 tags in any case. Exact: `bn` does not take in `bn-BD`.' }),
    publishedFrom: dayOrInstant()
      .optional()
      .meta({ description: 'Inclusive. A date means from the start of that day in TIME_ZONE.' }),
    publishedTo: dayOrInstant()
      .optional()
      .meta({ description: 'Exclusive. A date means to the end of that day in TIME_ZONE.' }),
    ids: list(id(), 100).optional(),
    sort: sort,
    fields: list(z.enum(fields, { error: 'Name fields of the article.' }), fields.length)
      .optional()
      .meta({ description: 'Only these fields, and `id`. Without it, all but body and bodyHtml.' }),
    ...paging(itemsMax),
  });

const sortOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .enum(words, { error: `Use one of ${words.join(', ')}.` })
    .optional()
    .meta({ description: 'Newest first, or for staff newest change first, when absent.' });

const person = () => z.union([z.literal('me'), id()], { error: 'Use me, or the id of a user.' }).optional();

/** What only staff ask: whose articles, and words of the title. */
const staffFilters = {
  createdBy: person().meta({ type: 'string', description: '`me`, or the id of a user.' }),
  updatedBy: person().meta({ type: 'string', description: '`me`, or the id of a user.' }),
  q: text({ max: 200 }).optional().meta({ description: 'Words of the title, in any spelling; all of them.' }),
};

export const articleQueries = (itemsMax: number) => ({
  publicList: listQuery(itemsMax, sortOf(sorts), publicArticleFields),
  list: listQuery(itemsMax, sortOf(staffSorts), staffArticleFields).extend(staffFilters),
  counts: z.strictObject(staffFilters),
  publicPage: pageQuery(publicArticleFields),
  page: pageQuery(staffArticleFields),
});

const pageQuery = (fields: readonly string[]) =>
  z.strictObject({
    include: list(z.enum(['latest'], { error: 'Use latest.' }), 1)
      .optional()
      .meta({ description: '`latest` adds the latest list without the article itself.' }),
    redirects: z
      .enum(['true', 'false'], { error: 'Use true or false.' })
      .optional()
      .meta({ description: '`false`: an old slug gives the article with `redirectedFrom` in the place of 308.' }),
    fields: list(z.enum(fields, { error: 'Name fields of the article.' }), fields.length)
      .optional()
      .meta({ description: 'Only these fields, and `id`.' }),
  });

export type ArticleListQuery = z.output<ReturnType<typeof articleQueries>['list']>;
export type ArticlePageQuery = z.output<ReturnType<typeof articleQueries>['page']>;
export type ArticleCountsQuery = z.output<ReturnType<typeof articleQueries>['counts']>;
