import { type Endpoint, get } from '../../http/endpoint.ts';
import { pageJson } from '../../http/json.ts';
import { EventPage, type EventView, eventListQuery } from './events.schema.ts';
import type { EventService } from './events.service.ts';

export function eventRoutes(events: EventService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/events',
      {
        id: 'listEvents',
        summary: 'Who did what to which thing, newest first',
        order: 'newest first, as they were written; no two are equal',
        description: 'Every change is here, written in the same transaction. All filters must hold.',
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
