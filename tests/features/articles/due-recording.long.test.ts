import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Deps } from '../../../src/deps.ts';
import { dueOf, eventsOf, passes } from '../../support/due.ts';
import { eventually } from '../../support/eventually.ts';
import { fillDisk } from '../../support/full-disk.ts';
import { whileHeld } from '../../support/held.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { openDb, startOutbox, takeDue } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const take = () => takeDue(room.app.deps.db);
const takeAll = async (db: Deps['db']) => {
  let taken = 0;
  await eventually(async () => {
    taken += await takeDue(db);
    expect(await db.read({ text: 'SELECT 1 FROM due WHERE at <= now()' })).toEqual([]);
  });
  return taken;
};
const scheduled = () => room.story({ status: 'published', publishedAt: '2028-02-21T00:00:00Z' });
const countsOf = async (id: string) => [(await eventsOf(room, id)).length, (await dueOf(room, id)).length];
const published = async (id: string) => (await room.events(id)).filter(({ type }) => type === 'article.published');

describe('recording what falls due', () => {
  it('happens and is numbered by itself, also after it has failed', async () => {
    const { id } = await scheduled();
    const makeRoom = await fillDisk(room.app, 'events');
    await passes(room, id, 'published');
    const stop = startOutbox(room.app);
    try {
      const told = () => room.app.logLines.filter((line) => line.includes('fallen due') && line.includes('"level":40'));
      await eventually(async () => expect(told()).toHaveLength(1));
      await room.read(id).expect(200);
      expect(await published(id)).toEqual([]);
      await makeRoom();
      await eventually(async () => expect(await published(id)).toHaveLength(1));
      const numbered = `SELECT c.public_position FROM changes c JOIN events e ON e.seq = c.event_seq
        WHERE e.subject_id = $1 AND e.type = 'article.published'`;
      await eventually(async () =>
        expect(await room.app.sql(numbered, [id])).toEqual([{ public_position: expect.anything() }]),
      );
      expect(told()).toHaveLength(1);
    } finally {
      await stop();
    }
  });

  it('leaves an article that is being changed for later, and holds up no other for it', async () => {
    const busy = await scheduled();
    const free = await scheduled();
    await passes(room, busy.id, 'published', '2 seconds');
    await passes(room, free.id, 'published', '1 second');
    await whileHeld(room.app, busy.id, async () => expect(await take()).toBe(1));
    expect(await countsOf(free.id)).toEqual([3, 0]);
    expect(await countsOf(busy.id)).toEqual([2, 1]);
    expect(await take()).toBe(1);
    expect(await countsOf(busy.id)).toEqual([3, 0]);
  });

  it('is whole or not at all', async () => {
    const stories = [];
    for (let count = 0; count < 3; count += 1) {
      const { id } = await scheduled();
      await passes(room, id, 'published', `${3 - count} seconds`);
      stories.push(id);
    }
    const end = await fillDisk(room.app, 'events', `NEW.subject_id = '${stories[1]}'`);
    try {
      await expect(take()).rejects.toThrow();
      for (const id of stories) expect(await countsOf(id)).toEqual([2, 1]);
    } finally {
      await end();
    }
    expect(await take()).toBe(3);
  });

  it('happens once for each of 1,000 that are due in one moment, by two instances', async () => {
    await room.app.sql(`WITH made AS (
        INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, published_at, first_published_at)
        SELECT gen_random_uuid(), 'bn', 'প্রভাত-' || n, true, 'প্রভাত ' || n, '', 'html', '', 'published', m.at, m.at
        FROM generate_series(1, 1000) n, (SELECT date_trunc('milliseconds', now()) AS at) m RETURNING id, published_at)
      INSERT INTO due SELECT id, 'published', published_at FROM made`);
    const other = openDb({ url: room.app.databaseUrl, poolMax: 5, prepare: true }, () => {});
    const taken = await Promise.all([takeAll(room.app.deps.db), takeAll(other)]).finally(() => other.close());
    expect(taken[0] + taken[1]).toBe(1_000);
    const [counted] = await room.app.sql(
      `SELECT count(*)::int AS events, count(DISTINCT subject_id)::int AS articles, bool_and(e.at = a.published_at) AS exact
       FROM events e JOIN articles a ON a.id = e.subject_id WHERE a.slug LIKE 'প্রভাত-%' AND e.type = 'article.published'`,
    );
    expect(counted).toEqual({ events: 1_000, articles: 1_000, exact: true });
  });
});
