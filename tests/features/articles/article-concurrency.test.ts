import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, type Story, together } from '../../support/newsroom.ts';

const poolMax = 20;

describe('many at one article', () => {
  let room: Newsroom;
  const count = <Value>(values: readonly Value[], value: Value) => values.filter((each) => each === value).length;
  /** Every article has its revisions from 1 to its version, and as many events of change. */
  const gaps = () =>
    room.app.sql(
      `SELECT a.id FROM articles a WHERE (SELECT array_agg(r.version ORDER BY r.version) FROM revisions r WHERE r.article_id = a.id)
         IS DISTINCT FROM (SELECT array_agg(n) FROM generate_series(1, a.version) n)
       OR (SELECT count(DISTINCT e.version) FROM events e WHERE e.subject_id = a.id) <> a.version`,
    );

  beforeAll(async () => {
    room = await openNewsroom({ DATABASE_POOL_MAX: String(poolMax) });
  });
  afterAll(async () => {
    expect(await gaps()).toEqual([]);
    await room.close();
  });

  it('50 patches with one ETag: one is taken, 49 are told that it changed', async () => {
    const story = await room.story();
    const { headers } = await room.read(story.id, 'editor').expect(200);
    const match = String(headers.etag);
    const calls = Array.from(
      { length: 50 },
      (_, index) => () =>
        room.patch(story.id, { title: `সংস্করণ ${index}` }, { match, as: index % 2 === 0 ? 'editor' : 'admin' }),
    );
    const { answers, statuses } = await together(calls);
    expect([count(statuses, 200), count(statuses, 412)]).toEqual([1, 49]);
    const won: Story = answers.find(({ status }) => status === 200)?.body;
    const seen = await room.seen(story.id);
    expect([seen.version, seen.title]).toEqual([2, won.title]);
    expect(await room.revisions(story.id)).toHaveLength(2);
  });

  it('creations of one item of a source: one is made', async () => {
    const { id } = await room.label('sources', { name: 'সমান্তরাল বার্তা' });
    const { statuses } = await together(
      Array.from(
        { length: 20 },
        (_, index) => () => room.create({ title: `তার ${index}`, source: id, sourceItemId: 'w-1' }),
      ),
    );
    expect([count(statuses, 201), count(statuses, 409)]).toEqual([1, 19]);
  });

  it('publish and trash at once: both orders are whole, and readers see what is true', async () => {
    const stories = await Promise.all(Array.from({ length: 8 }, () => room.story()));
    for (const { id } of stories) {
      const { statuses } = await together([
        () => room.step('publish', id, undefined, { match: '"1"' }),
        () => room.trash(id, { match: '"1"' }),
      ]);
      expect([...statuses].sort().at(-1)).toBe(412);
      const { deletedAt, version } = await room.seen(id);
      expect(version).toBe(2);
      expect((await room.read(id)).status).toBe(deletedAt === null ? 200 : 404);
    }
  });
});
