import { publishedForReaders } from '../../article/samples.ts';
import { type Endpoint, get } from '../../http/endpoint.ts';
import { pageJson } from '../../http/json.ts';
import { type SearchHit, SearchPageView, searchQueries } from './search.schema.ts';
import type { SearchService } from './search.service.ts';

const description =
  'What readers may see and has the words: a Bangla word finds its other endings and spellings, পুতিন also পুতিনের. Staff search every state that they may see; what is in the trash only where `status` names it. ' +
  'A page looks at 2,000 candidates at most, so it may be short or empty; only `nextCursor: null` is the end. Where folding leaves no word, or only excluded ones, nothing is found.\n\n' +
  'ঢাকা, হলে, জেলে, ভোলা and ছাড়া are what their neighbours make them: ঢাকা does not find মেঘে ঢাকা আকাশ.';

export function searchRoutes(search: SearchService, options: { itemsMax: number }): Endpoint[] {
  const { forReaders, forStaff } = searchQueries(options.itemsMax);
  return [
    get(
      '/search',
      {
        id: 'searchArticles',
        summary: 'Search articles',
        order:
          'newest first by `publishedAt`, then by `id`, downwards; for staff what has no `publishedAt` comes before, by `updatedAt`. With `sort=relevance`: the words as they stand in the title, then other endings of them there, then title, kicker, excerpt and byline, then the body; then how near they are to each other, then the later one, then `id`',
        description,
        access: 'public',
        query: forStaff,
        publicQuery: forReaders,
        reply: SearchPageView,
        cache: 'list',
        codes: ['unauthenticated', 'forbidden'],
        replyExample: { data: [publishedForReaders] },
      },
      async ({ actor, query }) => {
        const { data, nextCursor, ...rest } = await search.search(actor, query);
        // Words are hardly ever asked for twice.
        return pageJson<SearchHit>(data, nextCursor, { ...rest, unkept: true });
      },
    ),
  ];
}
