import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { numberOnce, startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  stopOutbox = startOutbox(room.app);
});
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const pageFrom = async (after: string, wait = '') =>
  (await room.as(null, 'get', `/v1/changes?${wait}${after === '' ? '' : `after=${after}`}`).expect(200)).body;

async function end(): Promise<string> {
  let [after, more] = ['', true];
  while (more) {
    const { page } = await pageFrom(after);
    [after, more] = [page.nextCursor, page.more];
  }
  return after;
}

describe('what time does to an article', () => {
  it('is told when it comes and not before, to who waits for it: published with its instant, and expired', async () => {
    const before = await end();
    const [publishedAt, expiresAt] = [2_500, 4_500].map((ms) => new Date(Date.now() + ms).toISOString());
    const story = await room.story({ title: 'আগামীকালের ফল', status: 'published', publishedAt, expiresAt });
    await room.patch(story.id, { kicker: 'ফলাফল' }).expect(200);
    while ((await numberOnce(room.app.deps.db)) === null);
    const early = await pageFrom(before);
    expect(early).toEqual({ data: [], page: { nextCursor: before, more: false } });

    const shown = await pageFrom(before, 'wait=20&');
    expect(shown.data).toMatchObject([
      { op: 'upsert', id: story.id, version: 2, event: { type: 'article.published', at: publishedAt } },
    ]);
    const over = await pageFrom(shown.page.nextCursor, 'wait=20&');
    expect(over.data).toMatchObject([
      { op: 'remove', id: story.id, slug: story.slug, version: 2, event: { type: 'article.expired', at: expiresAt } },
    ]);
    expect(over.data[0].position).toBe(shown.data[0].position + 1);
  });
});
