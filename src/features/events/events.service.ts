import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { rangeFrom, rangeTo } from '../../http/schema/day.ts';
import { listEvents } from './events.repository.ts';
import type { EventListQuery } from './events.schema.ts';

export type EventService = {
  /** Who did what to which thing, newest first; `data` is one JSON array. */
  list(query: EventListQuery): Promise<{ data: string; nextCursor: string | null }>;
};

const listName = 'events';

export function eventService({ db, cursors, timeZone }: { db: Db; cursors: Cursors; timeZone: string }): EventService {
  return {
    async list({ limit, after, type, from, to, ...filter }) {
      const found = await listEvents(db.read, {
        ...filter,
        types: type,
        from: from && rangeFrom(from, timeZone),
        to: to && rangeTo(to, timeZone),
        after: after === undefined ? null : (cursors.open(listName, after)[0] ?? null),
        limit: limit + 1,
      });
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return {
        data: `[${rows.map(({ json }) => json).join(',')}]`,
        nextCursor: found.length > limit && last !== undefined ? cursors.seal(listName, [last.seq]) : null,
      };
    },
  };
}
