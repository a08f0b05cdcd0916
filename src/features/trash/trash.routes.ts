import { type Endpoint, post } from '../../http/endpoint.ts';
import { noContent } from '../../http/json.ts';
import { PurgeBody } from './trash.schema.ts';
import type { TrashService } from './trash.service.ts';

const description =
  'With its revisions, working draft and old slugs; its slug is free again. What its source has sent is remembered, so that an older version that comes late is 410; `forgetItem` forgets it. `GET /v1/articles?status=trash` lists what can be purged.';

export const trashRoutes = (trash: TrashService): Endpoint[] => [
  post(
    '/articles/{idOrSlug}/purge',
    {
      id: 'purgeArticle',
      summary: 'Remove an article in the trash for good',
      description,
      access: 'admin',
      body: PurgeBody,
      bodyOptional: true,
      bodyExample: { forgetItem: true },
      ifMatch: true,
      reply: null,
      codes: ['wrong-state', 'draft-etag'],
    },
    async ({ actor, params, body, ifMatch, call }) => {
      await trash.purge({ actor, segment: params.idOrSlug, ifMatch, call }, body);
      return noContent;
    },
  ),
];
