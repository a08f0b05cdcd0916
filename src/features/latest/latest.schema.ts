import { z } from 'zod';
import { id, language, list, pageOf, paging, ref } from '../../http/schema.ts';
import { LatestItem } from '../../http/views.ts';

export const latestQuery = (itemsMax: number) =>
  z.strictObject({
    tag: list(ref(), 50).optional(),
    source: list(ref(), 50).optional(),
    language: list(language(), 50)
      .optional()
      .meta({ description: 'BCP 47 tags in any case. Exact: `bn` does not take in `bn-BD`.' }),
    exclude: list(id(), 100)
      .optional()
      .meta({ description: 'Ids to leave out, as the article beside which the list stands.' }),
    ...paging(itemsMax),
  });
export type LatestQuery = z.output<ReturnType<typeof latestQuery>>;

export const LatestPageView = pageOf(LatestItem, 'LatestPage');
