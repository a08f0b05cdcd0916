import { presentTaken } from '../../article/answers.ts';
import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleBodies } from '../../article/inputs.ts';
import { publishedForStaff } from '../../article/samples.ts';
import { ArticleTaken } from '../../article/views.ts';
import { type Endpoint, put } from '../../http/endpoint.ts';
import { wireItem } from './wire.schema.ts';
import type { WireService } from './wire.service.ts';
import { putItemText } from './wire.texts.ts';

export function wireRoutes(
  wire: WireService,
  options: { bodies: ArticleBodies; prepare: Bodies['prepare'] },
): Endpoint[] {
  return [
    put(
      '/sources/{idOrSlug}/items/{sourceItemId}',
      {
        id: 'putItem',
        summary: "Take a wire's item",
        description: putItemText,
        access: 'author',
        body: wireItem(options.bodies),
        reply: ArticleTaken,
        creates: true,
        location: '/v1/articles/{id}',
        codes: [
          ...(['slug-taken', 'source-item-taken', 'edition-taken', 'conflict', 'body-too-costly'] as const),
          ...(['unknown-tag', 'unprocessable', 'item-purged', 'item-killed', 'gone', 'draft-etag'] as const),
        ],
        replyExample: publishedForStaff,
        bodyExample: {
          itemVersion: 1,
          title: 'বন্দরে নতুন জেটি চালু',
          body: '<p>ভোরে প্রথম জাহাজ ভিড়েছে।</p>',
          tags: ['অর্থনীতি'],
        },
      },
      async ({ actor, params, body, ifMatch, call }) => {
        const { idOrSlug: source, sourceItemId: itemId } = params;
        return presentTaken(await wire.put({ actor, source, itemId, ifMatch, call }, body));
      },
      ({ actor, body }) => options.prepare(actor, [body]),
    ),
  ];
}
