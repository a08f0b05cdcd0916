import { cacheKeys } from '../../core/cache-keys.ts';
import { type Endpoint, get } from '../../http/endpoint.ts';
import { pageJson } from '../../http/json.ts';
import { RedirectPage, type RedirectView, redirectListQuery } from './redirects.schema.ts';
import type { RedirectService } from './redirects.service.ts';

export function redirectRoutes(redirects: RedirectService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/redirects',
      {
        id: 'listRedirects',
        summary: 'List old slugs and where their articles are now',
        order: 'by the old slug, `from`; no two have the same',
        description:
          'For the configuration of an edge; each is one hop. `GET /v1/articles/{idOrSlug}` answers the same with 308.',
        access: 'public',
        query: redirectListQuery(limits.itemsMax),
        reply: RedirectPage,
        cache: 'list',
      },
      async ({ query }) => {
        const { data, nextCursor, maxAgeS } = await redirects.list(query);
        return pageJson<RedirectView>(data, nextCursor, { maxAgeS, keys: [cacheKeys.redirects] });
      },
    ),
  ];
}
