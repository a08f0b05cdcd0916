import { type Endpoint, get } from '../../http/endpoint.ts';
import { answer, jsonMadeBySql } from '../../http/json.ts';
import { streamRoute } from '../../http/schema/stream-route.ts';
import { Change, ChangePage, changeStreamQuery, changesQuery, kinds } from './changes.schema.ts';
import type { ChangeService } from './changes.service.ts';
import type { ChangeStreams } from './changes.streams.ts';

const description = `For who keeps a copy: search indexes, static sites, partner papers.

**When**
- Without \`after\`: a walk through what there is, articles by id, then sources, then tags, and then what has changed since it began.
- With \`after\`: what has changed since. Keep \`nextCursor\` with what you have taken in; it is never null. Keep the filters too: it is a place in the changes, and with others you are told nothing of what those had before.

**Effect**
- An entry says what is true when it is read: \`upsert\` of what is public and matches the filters, else \`remove\`. What changes meanwhile may come again, but never in an older version.
- An event matches if what readers saw before it or what they saw after it does, so that a follower of one tag learns of what left it.
- A page may be short, or empty, while \`page.more\` is true; with \`include=item\` it ends at 4 MB.

**Errors**
- 410 \`cursor-expired\`: what followed the cursor is not kept any more. Walk anew, and drop what the walk does not name.`;

const replyExample = {
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
};

const streamDescription = `The entries of \`/v1/changes\` as Server-Sent Events, as they come; an event for each, whose \`id\` is a cursor of both.

**When**
- To know of a change without asking. Walk through what there is with \`/v1/changes\` first, and give its \`nextCursor\` as \`after\`.

**Effect**
- Without \`after\` and \`Last-Event-ID\`: from now on. The first block has an \`id\` already, so that nothing is lost before the first event.
- An entry says what is true when it is sent. Of one thing several events may come as one; after a cut the last ones may come again.
- \`audience=staff\` ends with the access token, and within a second after the session, the key or the account; open it anew with another token.
${streamRoute.about}

**Errors**
- 410 \`cursor-expired\`, before the stream begins: as with \`/v1/changes\`. A stream that finds it out later ends, and is 410 when it is opened again.`;

export function changeRoutes(changes: ChangeService, streams: ChangeStreams, limits: { itemsMax: number }): Endpoint[] {
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
        failures: ['Forbidden'],
        codes: ['cursor-expired', 'unauthenticated'],
        replyExample: {
          data: [replyExample],
          page: { nextCursor: 'bmV4dA', more: false },
        },
      },
      async ({ actor, query }) => {
        const { data, nextCursor, more } = await changes.list(actor, query);
        const page = JSON.stringify({ nextCursor, more });
        return answer(jsonMadeBySql<ChangePage>(`{"data":${data},"page":${page}}`), { nextCursor });
      },
    ),
    get(
      '/changes/stream',
      {
        ...streamRoute.spec,
        id: 'streamChanges',
        summary: 'What changes, as it happens',
        description: streamDescription,
        access: 'public',
        query: changeStreamQuery,
        events: { message: Change },
        failures: ['Forbidden'],
        codes: ['cursor-expired', 'unauthenticated'],
        replyExample,
      },
      async ({ actor, query, call: { lastEventId } }) => {
        const { audience, kind = kinds, include, after, ...wanted } = query;
        const show = include === undefined ? 'entry' : 'item';
        const asked = { actor, audience, kinds: kind, show, wanted, exclude: [], after, lastEventId } as const;
        return { body: null, events: await streams.open(asked) };
      },
    ),
  ];
}
