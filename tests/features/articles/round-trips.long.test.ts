import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';
import { collectTrips } from '../../support/statement-count.ts';

/** Most of the time of a write is the sum of its round trips. */

const bodyOf = (paragraphs: number) => '<p>উজানের ঢলে নদীর পানি বাড়ছে, ঘাটে নৌকা বাঁধা।</p>'.repeat(paragraphs);

describe('the round trips of a write, the look at the account and COMMIT among them', () => {
  let room: Newsroom;
  let names: { source: string; tags: string[] };
  let sourceId: string;
  let sent: () => string[];
  let title = 0;

  const draft = (more: object = {}) => {
    title += 1;
    return { title: `ঘাটের খবর ${title}`, body: bodyOf(12), ...names, ...more };
  };
  /** The round trips of one call. */
  const during = async (call: () => PromiseLike<{ status: number; text: string }>, status: number) => {
    sent();
    const answer = await call();
    if (answer.status !== status) throw new Error(answer.text);
    return sent();
  };

  beforeAll(async () => {
    room = await openNewsroom();
    const tags = [];
    for (const name of ['নদী', 'বন্যা', 'ঘাট']) tags.push((await room.label('tags', { name })).slug);
    const source = await room.label('sources', { name: 'উপকূল বার্তা' });
    sourceId = source.id;
    names = { source: source.slug, tags };
    sent = collectTrips(room.app.deps.db.pool);
  });
  afterAll(() => room.close());

  it('creates in at most 3', async () => {
    const trips = await during(() => room.create(draft()), 201);
    expect(trips.length).toBeLessThanOrEqual(3);
  });

  it('creates in at most 2 more with an Idempotency-Key', async () => {
    const trips = await during(() => room.create(draft()).set('Idempotency-Key', 'nodir-ghat-1'), 201);
    expect(trips.length).toBeLessThanOrEqual(5);
  });

  it('creates at once where another article has the derived slug, in at most 1 more', async () => {
    const same = draft();
    await room.story(same);
    const trips = await during(() => room.create(same), 201);
    expect(trips.length).toBeLessThanOrEqual(4);
    expect(trips.filter((text) => /ROLLBACK/.test(text))).toEqual([]);
  });

  it('patches title and body in at most 4, and what is no body in at most 3', async () => {
    const { id } = await room.story(draft({ status: 'published' }));
    const whole = await during(() => room.patch(id, { title: 'ঘাটে ভিড়', body: bodyOf(13), tags: names.tags }), 200);
    expect(whole.length).toBeLessThanOrEqual(4);
    const line = await during(() => room.patch(id, { kicker: 'নদী' }), 200);
    expect(line.length).toBeLessThanOrEqual(3);
  });

  it('publishes with a working draft in at most 4, and without one in at most 4', async () => {
    const { id } = await room.story(draft());
    const edit = room.as('editor', 'patch', pathOf(id, '/draft')).set('If-Match', '*').send({ excerpt: 'নতুন সারাংশ' });
    await edit.expect(200);
    const withDraft = await during(() => room.step('publish', id), 200);
    expect(withDraft.length).toBeLessThanOrEqual(4);
    const other = await room.story(draft());
    const without = await during(() => room.step('publish', other.id), 200);
    expect(without.length).toBeLessThanOrEqual(4);
  });

  it("takes a wire's item, new or a newer version of one, in at most 5, and under its source's id in at most 4", async () => {
    const send = (source: string, itemVersion: number) => {
      const item = {
        itemVersion,
        title: `তারের খবর ${itemVersion} ${source.length}`,
        body: bodyOf(12),
        tags: names.tags,
        status: 'draft',
      };
      return room.as('editor', 'put', `/v1/sources/${source}/items/tar-${source.length}`).send(item);
    };
    for (const [source, most] of [
      [encodeURIComponent(names.source), 5],
      [sourceId, 4],
    ] as const) {
      expect((await during(() => send(source, 1), 201)).length).toBeLessThanOrEqual(most);
      expect((await during(() => send(source, 2), 200)).length).toBeLessThanOrEqual(most);
    }
  });

  it('creates 100 in bulk in at most 121, or 106 if they are one transaction', async () => {
    const bulk = (atomic: boolean) => {
      const operations = Array.from({ length: 100 }, () => ({ op: 'create', body: draft() }));
      return room.as('editor', 'post', '/v1/articles/bulk').send({ operations, atomic });
    };
    expect((await during(() => bulk(false), 200)).length).toBeLessThanOrEqual(121);
    expect((await during(() => bulk(true), 200)).length).toBeLessThanOrEqual(106);
  });
});
