import type { LatestItem } from '../../article/views.ts';
import { type Endpoint, get } from '../../http/endpoint.ts';
import { pageJson } from '../../http/json.ts';
import { LatestPageView, latestQuery } from './latest.schema.ts';
import type { LatestService } from './latest.service.ts';

const description =
  'Newest first. A reader who goes from page to page while news arrives sees no item twice and misses none that was public at the first page; ' +
  'one that an editor dates anew meanwhile stands at its new date. A cursor is a place in the list and serves under other filters too.';

export function latestRoutes(latest: LatestService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/latest',
      {
        id: 'listLatest',
        summary: 'The latest list: what is public, newest first',
        order: 'newest first by `publishedAt`, then by `id`, downwards',
        description,
        access: 'public',
        query: latestQuery(limits.itemsMax),
        reply: LatestPageView,
        cache: 'list',
      },
      async ({ query }) => {
        const { data, nextCursor, ...rest } = await latest.list(query);
        return pageJson<LatestItem>(data, nextCursor, rest);
      },
    ),
  ];
}
