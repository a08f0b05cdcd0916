import { type Endpoint, get } from '../../http/endpoint.ts';
import { pageJson } from '../../http/json.ts';
import { EventPage, type EventView, eventListQuery } from './events.schema.ts';
import type { EventService } from './events.service.ts';

const description = `Every change is here, written in the same transaction. All filters must hold.

- \`article.scheduled\` is publishing with a date ahead.
- \`article.published\` is recorded when readers see the article, \`article.expired\` when they see it no more because its time is over, also where time alone does it.
- A change of another name by which one of these comes about, as \`article.created\` or \`article.updated\`, has that event as a second one.
- \`isPublic\` marks the one event of each change that strangers can see: something is public, is so no longer, or is so in another version.`;

export function eventRoutes(events: EventService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/events',
      {
        id: 'listEvents',
        summary: 'Who did what to which thing, newest first',
        order: 'newest first, as they were written; no two are equal',
        description,
        access: 'admin',
        query: eventListQuery(limits.itemsMax),
        reply: EventPage,
      },
      async ({ query }) => {
        const { data, nextCursor } = await events.list(query);
        return pageJson<EventView>(data, nextCursor);
      },
    ),
  ];
}
