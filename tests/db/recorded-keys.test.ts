import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passes } from '../support/due.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { commit, openProxy } from '../support/proxy.ts';

let room: Newsroom;
let heard: string[] = [];
let unsubscribe: () => void;
beforeAll(async () => {
  room = await openNewsroom();
  unsubscribe = room.app.deps.db.onRecorded((keys) => {
    heard.push(...keys);
  });
});
afterAll(async () => {
  unsubscribe();
  await room.close();
});

/** The keys of the events that `work` records, and those that were heard by the time it was answered. */
async function keysOf(work: () => PromiseLike<unknown>): Promise<{ recorded: string[]; told: string[] }> {
  const [last] = await room.app.sql<{ seq: string }>('SELECT coalesce(max(seq), 0) AS seq FROM events');
  heard = [];
  await work();
  const told = [...new Set(heard)].sort();
  const [row] = await room.app.sql<{ keys: string[] }>(
    'SELECT ARRAY(SELECT DISTINCT unnest(keys) COLLATE "C" AS key FROM events WHERE seq > $1 ORDER BY key) AS keys',
    [last?.seq],
  );
  return { recorded: row?.keys ?? [], told };
}

describe('the keys of what a transaction records', () => {
  it('are heard before the answer, all of them, once something is published', async () => {
    const tag = await room.label('tags', { name: 'ঘাট' });
    const { recorded, told } = await keysOf(() =>
      room.create({ title: 'ঘাটে নৌকার ভিড়', status: 'published', tags: [tag.slug] }).expect(201),
    );
    expect(recorded.length).toBeGreaterThan(3);
    expect(told).toEqual(recorded);
  });

  it('are heard of every article that a merge of tags moves', async () => {
    const [from, to] = [await room.label('tags', { name: 'নৌকা' }), await room.label('tags', { name: 'নৌযান' })];
    for (const title of ['নৌকা বাইচ', 'নৌকার হাট']) await room.story({ title, status: 'published', tags: [from.slug] });
    const { recorded, told } = await keysOf(() =>
      room.as('editor', 'post', `/v1/tags/${from.id}/merge`).set('If-Match', '*').send({ into: to.slug }).expect(200),
    );
    expect(recorded.filter((key) => key.startsWith('a:'))).toHaveLength(2);
    expect(told).toEqual(recorded);
  });

  it('are heard of what fell due before the change that found it', async () => {
    const { id } = await room.story({ status: 'published', expiresAt: '2199-01-01T00:00:00Z' });
    await passes(room, id, 'expired');
    const { recorded, told } = await keysOf(() => room.patch(id, { kicker: 'হাট' }).expect(200));
    expect(recorded).toContain('latest');
    expect(told).toEqual(recorded);
  });

  it('are not heard where nothing was committed', async () => {
    const { slug } = await room.story({ status: 'published' });
    expect(await keysOf(() => room.create({ title: 'একই ঠিকানা', slug, status: 'published' }).expect(409))).toEqual({
      recorded: [],
      told: [],
    });
  });
});

it('keys are heard also where COMMIT was sent and no answer came', async () => {
  const proxy = await openProxy(room.app.databaseUrl);
  const behind = await openNewsroom({}, { databaseUrl: proxy.url });
  try {
    const told: string[] = [];
    behind.app.deps.db.onRecorded((keys) => told.push(...keys));
    proxy.trap = { kind: 'deliver', text: commit };
    const { body } = await behind.create({ title: 'সেতুর খবর', status: 'published' }).expect(503);
    expect(body.code).toBe('outcome-unknown');
    expect(told).toContain('latest');
  } finally {
    await behind.close();
    await proxy.close();
  }
});
