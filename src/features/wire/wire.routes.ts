import { type Endpoint, put } from '../../http/endpoint.ts';
import { presentTaken } from '../articles/articles.presenter.ts';
import { ArticleWritten } from '../articles/articles.views.ts';
import { wireItem } from './wire.schema.ts';
import type { WireService } from './wire.service.ts';

const description =
  "By the wire's own id (percent-encoded, case kept) and version. A new item makes an article, published where the caller may and the body does not say otherwise. " +
  'A higher version changes it, also in the trash, where it stays (`in-trash`); an older one that arrives late changes nothing (`older-version`), and the same one again is no change. ' +
  '`kill` takes it back from readers and from review, with its reason as a note; of an item that never came it leaves a mark in the trash, which the next version brings to life. ' +
  'The working draft of the desk is left alone; what the desk had edited in the article itself gives way to what the wire sends, and `overwrote-desk-edit` in `warnings` names each such field. ' +
  'A cover is whole: it loses the caption and the credit that the item does not name. ' +
  'The same item sent many times at once is one article. No `If-Match` is needed.';

export function wireRoutes(wire: WireService, options: { publicUrl: string }): Endpoint[] {
  return [
    put(
      '/sources/{idOrSlug}/items/{sourceItemId}',
      {
        id: 'putItem',
        summary: "Take a wire's item",
        description,
        access: 'author',
        body: wireItem(options.publicUrl),
        reply: ArticleWritten,
        creates: true,
        failures: ['Conflict', 'Unprocessable', 'Gone'],
        bodyExample: {
          itemVersion: 1,
          title: 'বন্দরে নতুন জেটি চালু',
          body: '<p>ভোরে প্রথম জাহাজ ভিড়েছে।</p>',
          tags: ['অর্থনীতি'],
        },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentTaken(
          await wire.put(actor, { source: params.idOrSlug, itemId: params.sourceItemId, ifMatch }, body, call),
        ),
    ),
  ];
}
