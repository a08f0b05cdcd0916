import type { Actor, Role } from '../../core/actor.ts';
import { forbidden, unauthenticated } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import type { Waiting } from '../../outbox/waiting.ts';
import { orderOf } from './changes.channel.ts';
import { firstPlace, openPlace, type Place, sealPlace } from './changes.cursor.ts';
import { readFilter } from './changes.filter.ts';
import type { Asked, Page, Pages } from './changes.pages.ts';
import { readHead } from './changes.repository.ts';
import { type ChangeAudience, type ChangesQuery, kinds } from './changes.schema.ts';

export type ChangeService = {
  /** The changes since the cursor, or the walk through everything that exists. Each entry is one JSON object. */
  list(actor: Actor | null, query: ChangesQuery): Promise<ChangesFound>;
};

export type ChangesFound = { data: string; nextCursor: string; more: boolean };

export type ChangeParts = {
  db: Pick<Db, 'read'>;
  cursors: Cursors;
  waiting: Pick<Waiting, 'past'>;
  pages: Pages;
};

/** The most bytes of articles on a page, as they are stored. */
const pageBytesMax = 4_000_000;

/** Whether people with this role see what staff follow. */
export const followsStaff = (role: Role): boolean => role !== 'author';

/** Throws 401 or 403 if the caller may not see what this audience sees. */
export function checkAudience(actor: Actor | null, audience: ChangeAudience): void {
  if (audience === 'public') return;
  if (actor === null) throw unauthenticated('Changes that are not public are for staff; log in.');
  if (!followsStaff(actor.role))
    throw forbidden('Authors see only their own drafts; these changes are for viewers, editors and admins.');
  if (actor.key && (actor.key.dead || actor.key.sourceIds.length + actor.key.tagIds.length > 0))
    throw forbidden('This access key is limited to sources or tags; these changes are for keys without limits.');
}

export function changeService({ db, cursors, waiting, pages }: ChangeParts): ChangeService {
  /** Asks again after each new event, until there is an entry for this caller or the time is over. */
  const waitAt = async (place: Place, asked: Asked, waitS: number): Promise<Page> => {
    const until = performance.now() + waitS * 1_000;
    let page = await pages.at(place, asked);
    for (;;) {
      const leftMs = until - performance.now();
      if (page.entries.length > 0 || page.more || leftMs <= 0) return page;
      if (!(await waiting.past(orderOf(asked.audience), page.next.head.position, leftMs))) return page;
      page = await pages.atTogether(page.next, asked);
    }
  };

  return {
    async list(actor, query) {
      const { audience, kind = kinds, include, limit, after, wait = 0 } = query;
      checkAudience(actor, audience);
      const filter = await readFilter(db.read, query);
      const show = include === undefined ? 'entry' : 'item';
      const asked: Asked = { audience, kinds: kind, filter, show, limit, bytesMax: pageBytesMax };
      const place =
        after === undefined ? firstPlace(await readHead(db.read, audience)) : openPlace(cursors, audience, after);
      const { entries, next, more } = await waitAt(place, asked, wait);
      const data = `[${entries.map(({ json }) => json).join(',')}]`;
      return { data, nextCursor: sealPlace(cursors, audience, next), more };
    },
  };
}
