import { LatestItem } from '../../article/views.ts';
import { type Endpoint, get } from '../../http/endpoint.ts';
import { pageJson } from '../../http/json.ts';
import { streamRoute } from '../../http/schema/stream-route.ts';
import type { ChangeStreams } from '../changes/changes.streams.ts';
import { LatestPageView, LatestRemoved, latestQuery, latestStreamQuery } from './latest.schema.ts';
import type { LatestService } from './latest.service.ts';

const description =
  'Newest first. A reader who goes from page to page while news arrives sees no item twice and misses none that was public at the first page; ' +
  'one that an editor dates anew meanwhile stands at its new date. A cursor is a place in the list and serves under other filters too.';

const streamDescription = `What enters the latest list, changes in it or leaves it, as Server-Sent Events, for pages that are open.

**Effect**
- An event without a name has the item as the list shows it now; \`remove\` has the id of an article that the list has no more, or that left the filter. Items come in the order in which they changed: sort them by \`publishedAt\`.
- Without \`after\` and \`Last-Event-ID\`: from now on. Read \`/v1/latest\` after the stream has begun, and nothing is missing.
- What a tag or a source is called since comes with the next change of an article.
- A browser's \`EventSource\` sends no token; none is needed.
${streamRoute.about}

**Errors**
- 410 \`cursor-expired\`, before the stream begins: what followed the id is not kept any more. Read the list anew.`;

export function latestRoutes(latest: LatestService, streams: ChangeStreams, limits: { itemsMax: number }): Endpoint[] {
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
    get(
      '/latest/stream',
      {
        ...streamRoute.spec,
        id: 'streamLatest',
        summary: 'The latest list, as it changes',
        description: streamDescription,
        access: 'public',
        query: latestStreamQuery,
        events: { message: LatestItem, remove: LatestRemoved },
        codes: ['cursor-expired'],
      },
      async ({ query, call: { lastEventId } }) => {
        const { after, exclude = [], ...wanted } = query;
        const what = { actor: null, audience: 'public', kinds: ['article'], show: 'latest' } as const;
        return { body: null, events: await streams.open({ ...what, wanted, exclude, after, lastEventId }) };
      },
    ),
  ];
}
