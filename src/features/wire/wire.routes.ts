import { presentTaken } from '../../article/answers.ts';
import type { Bodies } from '../../article/body/bodies.ts';
import { ArticleTaken } from '../../article/views.ts';
import { type Endpoint, put } from '../../http/endpoint.ts';
import { wireItem } from './wire.schema.ts';
import type { WireService } from './wire.service.ts';

const description =
  "By the wire's own id (percent-encoded, case kept) and version. A new item makes an article, published where the caller may and the body does not say otherwise. " +
  'A higher version changes it, also in the trash, where it stays (`in-trash`); an older one that arrives late changes nothing (`older-version`). The same one again is no change; what it says otherwise than before is not taken (`same-version`, or `item-killed` where that version was killed). ' +
  'What a source has sent is remembered when its article was purged or given to another item: a version that is not higher is then 410 `item-purged` or `item-killed` with `itemVersion`, and a higher one makes a new article. ' +
  '`kill` takes it back from readers and from review, with its reason as a note; of an item that never came it leaves a mark in the trash, which the next version brings to life. ' +
  'An author whose kill meets what an editor has published may not take it back: it stays, `kill-not-carried-out` says so, and the desk learns of it by a note and the event `article.kill-asked`. ' +
  "The source's `itemsFrom` says who may send and kill its items: under `keys` editors, and access keys whose limits name the source, which see and kill its items in every state, with the role of an author too; everybody else is 403. " +
  'The working draft of the desk is left alone; what the desk had edited in the article itself gives way to what the wire sends, and `overwrote-desk-edit` in `warnings` names each such field. ' +
  '`status: "published"` that readers do not see for a date is said as `expired` or `scheduled`. ' +
  'A cover is whole: it loses the caption and the credit that the item does not name. ' +
  'The same item sent many times at once is one article. No `If-Match` is needed; one that is sent must match.';

export function wireRoutes(wire: WireService, options: { publicUrl: string; prepare: Bodies['prepare'] }): Endpoint[] {
  return [
    put(
      '/sources/{idOrSlug}/items/{sourceItemId}',
      {
        id: 'putItem',
        summary: "Take a wire's item",
        description,
        access: 'author',
        body: wireItem(options.publicUrl),
        reply: ArticleTaken,
        creates: true,
        failures: ['Conflict', 'Unprocessable', 'Gone', 'Stale'],
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
