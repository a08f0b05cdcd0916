import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openFollowing } from '../../src/outbox/following.ts';
import { eventually } from '../support/eventually.ts';
import { manyEvents, rowsReadWhole } from '../support/many-events.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { numberOnce } = outside;

let room: Newsroom;
let told: (string | 'everything')[] = [];
let [following, stop]: [ReturnType<typeof openFollowing> | null, () => Promise<void>] = [null, async () => {}];

/** Follows the room's database from now on. */
async function follow() {
  following = openFollowing({
    read: room.app.deps.db.read,
    forget: (keys) => void told.push(...keys),
    forgetAll: () => void told.push('everything'),
    failed: () => undefined,
  });
  stop = following.start();
  await eventually(async () => expect(following?.isCurrent()).toBe(true));
}

/** Waits for a look that begins after this call. */
async function looked() {
  const since = performance.now();
  following?.moved();
  await eventually(async () => expect((following?.lagS() ?? 0) * 1_000).toBeLessThan(performance.now() - since));
}

beforeAll(async () => {
  room = await openNewsroom({ DATABASE_POOL_MAX: '1' });
});
beforeEach(async () => {
  await stop();
  told = [];
});
afterAll(async () => {
  await stop();
  await room.close();
});

const publish = () => room.story({ status: 'published' });

describe('who follows what others change', () => {
  it('begins with nothing, and is current then', async () => {
    await publish();
    await numberOnce(room.app.deps.db);
    await follow();
    expect(told).toEqual(['everything']);
  });

  it('hears once of what has no position yet, and not again when it has one', async () => {
    await follow();
    await publish();
    await eventually(async () => expect(told).toContain('latest'));
    told = [];
    await numberOnce(room.app.deps.db);
    expect(await room.app.sql('SELECT 1 FROM unnumbered')).toEqual([]);
    for (const _ of [1, 2]) await looked();
    expect(told).toEqual([]);
  });

  it('forgets everything in another past of the database', async () => {
    await publish();
    await numberOnce(room.app.deps.db);
    await follow();
    told = [];
    await room.app.sql(`UPDATE events SET id = gen_random_uuid()
      WHERE seq = (SELECT c.event_seq FROM changes c JOIN changes_head h ON h.position = c.position)`);
    await eventually(async () => expect(told).toEqual(['everything']));
  });

  it('forgets everything where the head has gone back', async () => {
    await publish();
    await numberOnce(room.app.deps.db);
    await follow();
    told = [];
    await room.app.sql('DELETE FROM changes WHERE position = (SELECT position FROM changes_head)');
    await room.app.sql('UPDATE changes_head SET position = position - 1');
    await eventually(async () => expect(told).toContain('everything'));
  });

  it('goes on where the last event that it heard of is not kept any more', async () => {
    await publish();
    await numberOnce(room.app.deps.db);
    await room.app.sql('DELETE FROM changes');
    await follow();
    told = [];
    await publish();
    await numberOnce(room.app.deps.db);
    await eventually(async () => expect(told).toContain('latest'));
    expect(told).not.toContain('everything');
  });

  it('forgets everything after more changes than it reads at once', async () => {
    await follow();
    told = [];
    await room.app.sql(`INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
      SELECT gen_random_uuid(), 'user.updated', 'user', gen_random_uuid(), 1, '{}', '{}' FROM generate_series(1, 10001)`);
    await eventually(async () => expect(told).toContain('everything'));
    while ((await numberOnce(room.app.deps.db)) !== 0);
  });

  it('is not current once it has ended', async () => {
    await follow();
    await stop();
    expect(following?.isCurrent()).toBe(false);
    expect(following?.lagS()).toBe(Number.POSITIVE_INFINITY);
  });

  it('reads what is new and not all that was ever recorded, also after much had waited', async () => {
    await manyEvents(room.app);
    await follow();
    const before = await rowsReadWhole(room.app);
    await publish();
    await looked();
    await numberOnce(room.app.deps.db);
    await looked();
    expect(told).toContain('latest');
    expect(await rowsReadWhole(room.app)).toBe(before);
  });
});
