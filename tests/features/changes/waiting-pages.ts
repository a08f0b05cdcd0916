import type { Newsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { numberOnce } = outside;

/** The cursor behind all changes that there are. */
export async function endOfChanges(room: Newsroom): Promise<string> {
  let page = { nextCursor: '', more: true };
  while (page.more) {
    while ((await numberOnce(room.app.deps.db)) === null);
    const after: string = page.nextCursor === '' ? '' : `&after=${page.nextCursor}`;
    page = (await room.as(null, 'get', `/v1/changes?limit=100${after}`).expect(200)).body.page;
  }
  return page.nextCursor;
}

/** A page of changes, with the milliseconds until it came. */
export async function timedPage(room: Newsroom, query: string) {
  const began = performance.now();
  const { body } = await room.as(null, 'get', `/v1/changes?${query}`).expect(200);
  return { ...body, ms: performance.now() - began };
}
