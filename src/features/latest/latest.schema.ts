import { z } from 'zod';
import { LatestItem } from '../../article/views.ts';
import { streamAfter } from '../../http/schema/stream-route.ts';
import { id, language, list, pageOf, paging, shownId, sources, tags } from '../../http/schema/values.ts';

export const latestQuery = (itemsMax: number) =>
  z.strictObject({
    tag: tags(),
    source: sources(),
    language: list(language(), 50)
      .optional()
      .meta({ description: 'BCP 47 tags in any case. Exact: `bn` does not take in `bn-BD`.' }),
    exclude: list(id(), 100)
      .optional()
      .meta({ description: 'Ids to leave out, as the article beside which the list stands.' }),
    ...paging(itemsMax),
  });
/** The same without what pages have. */
export const latestStreamQuery = latestQuery(1).omit({ limit: true }).extend({ after: streamAfter() });

export const LatestRemoved = z.object({ id: shownId('The id of the article.') }).meta({
  id: 'LatestRemoved',
  description: 'An article that is not in the list any more; it may not have been known.',
});

type Asked = z.output<ReturnType<typeof latestQuery>>;
/** Without a limit, a page has the default size. */
export type LatestQuery = { [Name in keyof Asked]?: Asked[Name] | undefined };

export const LatestPageView = pageOf(LatestItem, 'LatestPage');
