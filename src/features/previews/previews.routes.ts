import { publishedForReaders } from '../../article/samples.ts';
import { del, type Endpoint, get, post } from '../../http/endpoint.ts';
import { noContent } from '../../http/json.ts';
import { presentArticle, presentMade, presentPage } from './previews.presenter.ts';
import { PreviewCreate, PreviewedArticle, PreviewMade, PreviewPage, previewListQuery } from './previews.schema.ts';
import type { PreviewService } from './previews.service.ts';
import { createText } from './previews.texts.ts';

const newestFirst = 'newest first; their ids begin with the time when they were made, so that no two are equal';

export function previewRoutes(
  previews: PreviewService,
  { publicUrl, itemsMax }: { publicUrl: string; itemsMax: number },
): Endpoint[] {
  return [
    get(
      '/articles/{idOrSlug}/previews',
      {
        id: 'listPreviews',
        summary: 'List the preview links of an article, newest first',
        order: newestFirst,
        description: 'Those that ended too, for a while. Never the links themselves.',
        access: 'author',
        query: previewListQuery(itemsMax),
        reply: PreviewPage,
      },
      async ({ actor, params, query }) => presentPage(await previews.list({ actor, segment: params.idOrSlug }, query)),
    ),
    get(
      '/users/{id}/previews',
      {
        id: 'listUserPreviews',
        summary: 'List the preview links that a user made, newest first',
        order: newestFirst,
        description:
          'Of every article, those that were made with the access keys of this user too; those that ended for a while. Never the links themselves. `POST /v1/users/{id}/revoke` ends them.',
        access: 'admin',
        keys: false,
        query: previewListQuery(itemsMax),
        reply: PreviewPage,
      },
      async ({ params, query }) => presentPage(await previews.listOfPerson(params.id, query)),
    ),
    post(
      '/articles/{idOrSlug}/previews',
      {
        id: 'createPreview',
        summary: 'Make a preview link',
        description: createText,
        access: 'author',
        body: PreviewCreate,
        bodyOptional: true,
        reply: PreviewMade,
        status: 201,
        unversioned: true,
        location: '/v1/previews/{token}',
        codes: ['killed', 'wrong-state', 'gone'],
        bodyExample: { expiresInHours: 48 },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentMade(await previews.create({ actor, segment: params.idOrSlug, ifMatch, call }, body), publicUrl),
    ),
    del(
      '/articles/{idOrSlug}/previews/{previewId}',
      {
        id: 'revokePreview',
        summary: 'Revoke a preview link at once',
        description: 'One that has ended already stays so. It needs no If-Match.',
        access: 'author',
        reply: null,
      },
      async ({ actor, params, ifMatch, call }) => {
        await previews.revoke({ actor, segment: params.idOrSlug, ifMatch, call }, params.previewId);
        return noContent;
      },
    ),
    get(
      '/previews/{token}',
      {
        id: 'getPreview',
        summary: 'Read an article by a preview link',
        description:
          'Never cached, never indexed. 404 for a link that is wrong, expired or revoked; where who made it, or the access key with which it was made, may not share the article any more; and for an article that was deleted or that its source has killed.',
        access: 'public',
        token: 'ignored',
        secretPath: true,
        headers: ['X-Robots-Tag'],
        reply: PreviewedArticle,
        replyExample: { ...publishedForReaders, preview: { blockedBy: [] } },
      },
      async ({ params }) => presentArticle(await previews.show(params.token)),
    ),
  ];
}
