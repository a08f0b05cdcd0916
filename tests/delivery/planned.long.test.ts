import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSending, type Sending } from '../support/sending.ts';

/** To plan a large statement takes longer than to run it. */

/** PostgreSQL plans the first five runs of a prepared statement for their values; by then it has to be content with one. */
const tries = 5;
const rounds = 14;

let desk: Sending;
beforeAll(async () => {
  desk = await openSending({ DATABASE_POOL_MAX: '1' });
  // On the one connection, as servers have it; that of the tests has another mode.
  await desk.app.sql('SET plan_cache_mode = auto');
});
afterAll(() => desk.close());

describe('a statement of the sending', () => {
  it('is planned for each round no longer once it was planned for all', async () => {
    const { id } = await desk.hook();
    const cache = await desk.another();
    await desk.hook({ type: 'varnish', url: cache.url });
    for (let round = 0; round < rounds; round += 1) {
      const { id: story } = await desk.story({ title: `পাল তোলা ${round}`, status: 'published' });
      await desk.patch(story, { kicker: 'ভাটি' }).expect(200);
      await desk.number();
      await desk.until(id, (rows) => rows.length === 2 * (round + 1) && rows.every(({ state }) => state === 'done'));
      await desk.as(null, 'get', '/v1/changes?include=item').expect(200);
      await desk.as(null, 'get', '/v1/changes').expect(200);
      if (round === 0) await desk.app.sql('ANALYZE');
    }
    const statements = await desk.app.deps.db.read<{ name: string; custom: number; generic: number }>({
      text: 'SELECT name, custom_plans::int AS custom, generic_plans::int AS generic FROM pg_prepared_statements',
    });
    const ours = statements.filter(({ custom, generic }) => custom + generic > tries);
    expect(ours.map(({ name }) => name)).toEqual(expect.arrayContaining(['claim-deliveries', 'record-attempts']));
    expect(ours.filter(({ generic }) => generic === 0)).toEqual([]);
    await cache.close();
  });
});
