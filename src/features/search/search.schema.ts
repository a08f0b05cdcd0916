import { z } from 'zod';
import { publicArticleFields, staffArticleFields } from '../../article/field-lists.ts';
import { ArticleItem } from '../../article/views.ts';
import { pageOf, paging, sources, tags, text } from '../../http/schema/values.ts';
import { fieldList, fieldNames, languagesAndDates, status } from '../articles/articles.schema.ts';

const wordsMax = 200;

const qText =
  'Up to 12 words, in any spelling and with any ending; all of them have to be in the title, kicker, excerpt, byline or body. `"…"` holds words in order, `-word` excludes, `title:word` asks the title alone.';

const sorts = ['-publishedAt', 'relevance'] as const;

const query = (itemsMax: number, fields: readonly string[]) =>
  z.strictObject({
    q: text({ max: wordsMax }).meta({ description: qText, example: 'নদীর পানি' }),
    status: status(),
    tag: tags(),
    source: sources(),
    ...languagesAndDates(),
    sort: z
      .enum(sorts, { error: `Use one of ${sorts.join(', ')}.` })
      .optional()
      .meta({
        description:
          'Newest first when absent. `relevance` ranks the newest 300 articles that have the words in the title and the newest 500 that have them anywhere, as of the first page; the list ends there.',
      }),
    highlight: z
      .enum(['true', 'false'], { error: 'Use true or false.' })
      .optional()
      .meta({ description: '`true`: each item says where the words are in it.' }),
    fields: fieldList(fields).meta({
      description: `Only these fields, and \`id\`; without it, all but body and bodyHtml. ${fieldNames}`,
    }),
    ...paging(itemsMax),
  });

export const searchQueries = (itemsMax: number) => ({
  forReaders: query(itemsMax, publicArticleFields),
  forStaff: query(itemsMax, staffArticleFields),
});
export type SearchQuery = z.output<ReturnType<typeof query>>;

const mark = (description: string, example: string | null) => z.string().nullable().meta({ description, example });

const Highlight = z
  .object({
    title: mark(
      'The title as HTML, with the words that were found in `<mark>`; null where it has none.',
      '<mark>নদীর</mark> <mark>পানি</mark> বাড়ছে, সতর্ক থাকার পরামর্শ',
    ),
    passage: mark(
      'A passage of the body, or else of the excerpt, in the same way; null where they have none. It is looked for in the first 20,000 characters of a body.',
      'উজানের ঢলে <mark>নদীর</mark> <mark>পানি</mark> বিপৎসীমার কাছে।',
    ),
  })
  .meta({ id: 'Highlight' });

const SearchHit = ArticleItem.extend({
  highlight: Highlight.optional().meta({ description: 'Where the words are in the article, with `highlight=true`.' }),
}).meta({ id: 'SearchHit', description: 'An article as lists show it, with `highlight` where that was asked for.' });
export type SearchHit = z.input<typeof SearchHit>;

export const SearchPageView = pageOf(SearchHit, 'SearchPage');
