import { type Endpoint, get } from '../../http/endpoint.ts';
import { answer, jsonMadeBySql } from '../../http/json.ts';
import { ChangePage, changesQuery } from './changes.schema.ts';
import type { ChangeService } from './changes.service.ts';

const description = `For who keeps a copy: search indexes, static sites, partner papers.

**When**
- Without \`after\`: a walk through what there is, articles by id, then sources, then tags, and then what has changed since it began.
- With \`after\`: what has changed since. Keep \`nextCursor\` with what you have taken in; it is never null, and good for the filters that it was made with.

**Effect**
- An entry says what is true when it is read: \`upsert\` of what is public and matches the filters, else \`remove\`. What changes meanwhile may come again, but never in an older version.
- An event matches if what readers saw before it or what they saw after it does, so that a follower of one tag learns of what left it.
- A page may be short, or empty, while \`page.more\` is true; with \`include=item\` it ends at 4 MB.

**Errors**
- 410 \`cursor-expired\`: what followed the cursor is not kept any more. Walk anew, and drop what the walk does not name.`;

export function changeRoutes(changes: ChangeService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/changes',
      {
        id: 'listChanges',
        summary: 'What there is, and then what has changed, in a settled order',
        order: 'as the changes were settled, oldest first; of one thing the last of a page',
        description,
        access: 'public',
        query: changesQuery(limits.itemsMax),
        reply: ChangePage,
        failures: ['Unauthenticated', 'Forbidden'],
        codes: ['cursor-expired'],
        replyExample: {
          data: [
            {
              op: 'upsert',
              kind: 'article',
              id: '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11',
              slug: 'নদীর-পানি-বাড়ছে-সতর্ক-থাকার-পরামর্শ',
              version: 3,
              event: {
                id: '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b12',
                type: 'article.published',
                at: '2026-03-01T00:00:00.000Z',
              },
              position: 1204,
              keys: ['a:AZnzwnoQfMOdW28KPx8rEQ', 'latest'],
            },
          ],
          page: { nextCursor: 'bmV4dA', more: false },
        },
      },
      async ({ actor, query }) => {
        const { data, nextCursor, more } = await changes.list(actor, query);
        const page = JSON.stringify({ nextCursor, more });
        return answer(jsonMadeBySql<ChangePage>(`{"data":${data},"page":${page}}`), { nextCursor });
      },
    ),
  ];
}
