import { z } from 'zod';
import { ownFieldsOfStaff, publicArticleFields, staffArticleFields } from '../../article/field-lists.ts';
import { shownStatuses } from '../../article/lifecycle.ts';
import { dayOrInstant } from '../../http/schema/day.ts';
import {
  digits,
  id,
  itemId,
  language,
  list,
  pageItems,
  paging,
  sources,
  tags,
  text,
} from '../../http/schema/values.ts';

/** What may be asked about articles; staff may ask more than readers. */

const sorts = ['publishedAt', '-publishedAt', 'title', '-title'] as const;
const staffSorts = [...sorts, 'updatedAt', '-updatedAt'] as const;

const statuses = [...shownStatuses, 'trash'] as const;
export const status = () =>
  list(z.enum(statuses, { error: `Use one of ${statuses.join(', ')}.` }), statuses.length)
    .optional()
    .meta({ description: 'Any of them matches. All but `published` are for staff: without a token they are 401.' });

export const fieldList = (fields: readonly string[]) =>
  list(z.enum(fields, { error: `Use fields of ${fields.join(', ')}.` }), fields.length).optional();

/** Says both, since the document has one list of parameters for staff and readers. */
export const fieldNames = `Of ${publicArticleFields.join(', ')}; staff also ${ownFieldsOfStaff.join(', ')}.`;

/** The filters by language and by the instant of publication. */
export const languagesAndDates = () => ({
  language: list(language(), 50)
    .optional()
    .meta({ description: 'BCP 47 tags in any case. Exact: `bn` does not take in `bn-BD`.' }),
  publishedFrom: dayOrInstant()
    .optional()
    .meta({ description: 'Inclusive. A date means from the start of that day in TIME_ZONE.' }),
  publishedTo: dayOrInstant()
    .optional()
    .meta({ description: 'Exclusive. A date means to the end of that day in TIME_ZONE.' }),
});

const listQuery = <Sort extends z.ZodType>(itemsMax: number, sort: Sort, fields: readonly string[]) =>
  z.strictObject({
    status: status(),
    story: id().optional().meta({ description: 'The storyId: every edition of one story.' }),
    tag: tags(),
    source: sources(),
    sourceItemId: itemId()
      .optional()
      .meta({ description: "A source's own id of an article, exactly. It goes with `source`." }),
    ...languagesAndDates(),
    ids: list(id(), 100).optional().meta({ description: 'Only the articles with these ids.' }),
    sort: sort,
    fields: fieldList(fields).meta({
      description: `Only these fields, and \`id\`; without it, all but body and bodyHtml. ${fieldNames}`,
    }),
    ...paging(itemsMax),
  });

const sortOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .enum(words, { error: `Use one of ${words.join(', ')}.` })
    .optional()
    .meta({ description: 'Newest first, or for staff newest change first, when absent. `updatedAt` is for staff.' });

const person = () => z.union([z.literal('me'), id()], { error: 'Use me, or the id of a user.' }).optional();

const whose = {
  type: 'string',
  description: 'For staff: `me`, or the id of a user. Authors ask it of their own articles.',
} as const;

/** Filters for staff only: by author, and by words. */
const staffFilters = {
  createdBy: person().meta(whose),
  updatedBy: person().meta(whose),
  q: text({ max: 200 }).optional().meta({
    description:
      'For staff: words as `/v1/search` takes them. The list is of the newest 10,000 of its states, languages, labels and dates that have them; where words have to stand side by side, of the newest 20,000 that have all of them.',
  }),
};

const itemOfSource = (query: { source?: unknown; sourceItemId?: unknown }, context: z.RefinementCtx) => {
  if (query.sourceItemId === undefined || query.source !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['sourceItemId'],
    message: 'It goes with source: each counts its own items.',
  });
};

export const articleQueries = (itemsMax: number) => ({
  publicList: listQuery(itemsMax, sortOf(sorts), publicArticleFields).superRefine(itemOfSource),
  list: listQuery(itemsMax, sortOf(staffSorts), staffArticleFields).extend(staffFilters).superRefine(itemOfSource),
  counts: z.strictObject(staffFilters),
  publicPage: pageQuery(itemsMax, publicArticleFields),
  page: pageQuery(itemsMax, staffArticleFields),
});

const withLatest = 'It goes with include=latest.';

const pageQuery = (itemsMax: number, fields: readonly string[]) =>
  z
    .strictObject({
      include: list(z.enum(['latest'], { error: 'Use latest.' }), 1)
        .optional()
        .meta({ enum: ['latest'], description: '`latest` adds the latest list without the article itself.' }),
      latestLimit: digits(1, itemsMax)
        .optional()
        .meta({ description: `Items of the list that is included; ${pageItems(itemsMax)} otherwise.` }),
      latestLanguage: list(language(), 50)
        .optional()
        .meta({ description: 'The list that is included in these languages only.', example: 'bn' }),
      redirects: z
        .enum(['true', 'false'], { error: 'Use true or false.' })
        .optional()
        .meta({ description: '`false`: an old slug gives the article with `redirectedFrom` in the place of 308.' }),
      fields: fieldList(fields).meta({ description: `Only these fields, and \`id\`. ${fieldNames}` }),
    })
    .superRefine(({ include, latestLimit, latestLanguage }, context) => {
      if (include !== undefined) return;
      for (const [name, value] of Object.entries({ latestLimit, latestLanguage }))
        if (value !== undefined) context.addIssue({ code: 'custom', path: [name], message: withLatest });
    });

export type ArticleListQuery = z.output<ReturnType<typeof articleQueries>['list']>;
export type ArticlePageQuery = z.output<ReturnType<typeof articleQueries>['page']>;
export type ArticleCountsQuery = z.output<ReturnType<typeof articleQueries>['counts']>;
