import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, together } from '../../support/newsroom.ts';

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

  /** How often the database had to end a transaction for another to go on: a second of waiting each time. */
  const deadlocks = async () => {
    const clients = await Promise.all(Array.from({ length: poolMax }, () => room.app.deps.db.pool.connect()));
    for (const client of clients) {
      await client.query('SELECT pg_stat_force_next_flush()');
      client.release();
    }
    return room.app.sql('SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()');
  };

  beforeAll(async () => {
    room = await openNewsroom({ DATABASE_POOL_MAX: String(poolMax) });
  });
  afterAll(async () => {
    expect(await gaps()).toEqual([]);
    await room.close();
  });

  it('patches of any version follow each other: the version counts each', async () => {
    const story = await room.story();
    const calls = Array.from({ length: 20 }, (_, index) => () => room.patch(story.id, { kicker: `খবর ${index}` }));
    const { statuses } = await together(calls);
    expect(count(statuses, 200)).toBe(20);
    expect((await room.seen(story.id)).version).toBe(21);
  });

  it('100 creations of one slug in both spellings: one is made, 99 are told that it is taken', async () => {
    const spellings = ['পাড়ার-পুকুর'.normalize('NFC'), 'পা\u09DCার-পুকুর', 'পাড়ার পুকুর'.normalize('NFD')];
    const calls = Array.from(
      { length: 100 },
      (_, index) => () => room.create({ title: `পুকুর ${index}`, slug: spellings[index % spellings.length] }),
    );
    const { answers, statuses } = await together(calls);
    expect([count(statuses, 201), count(statuses, 409)]).toEqual([1, 99]);
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code))).toEqual(
      new Set(['slug-taken']),
    );
    const rows = await room.app.sql('SELECT id FROM articles WHERE slug = $1', [spellings[0]]);
    expect(rows).toHaveLength(1);
    expect(await deadlocks()).toEqual([{ deadlocks: 0 }]);
  });

  it('creations of one title all succeed with different slugs', async () => {
    const { answers, statuses } = await together(
      Array.from({ length: 16 }, () => () => room.create({ title: 'একই শিরোনাম', status: 'published' })),
    );
    expect(count(statuses, 201)).toBe(16);
    expect(new Set(answers.map(({ body }) => body.slug)).size).toBe(16);
    expect(await deadlocks()).toEqual([{ deadlocks: 0 }]);
  });

  it('two articles that swap their slugs at once end without a fault, each slug with one of them', async () => {
    const [one, two] = [await room.story({ slug: 'bam' }), await room.story({ slug: 'dan' })];
    const { statuses } = await together([
      () => room.patch(one.id, { slug: 'dan' }),
      () => room.patch(two.id, { slug: 'bam' }),
    ]);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    const slugs = [(await room.seen(one.id)).slug, (await room.seen(two.id)).slug];
    expect([...slugs].sort()).toEqual(['bam', 'dan']);
  });

  it('a tag that goes while an article takes it: the article has it or was refused', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id } = await room.label('tags', { name: `যায় ${round}` });
      const { statuses } = await together([
        () => room.create({ title: `ট্যাগ ${round}`, tags: [id] }),
        () => room.as('editor', 'delete', `/v1/tags/${id}`).set('If-Match', '*'),
      ]);
      expect(['201,409', '422,204', '409,204']).toContain(statuses.join());
    }
  });

  it('a story takes one of four editions in a language that are linked at once', async () => {
    const { id: first } = await room.story({ status: 'published' });
    const rival = { language: 'en', status: 'published' };
    const rivals = await Promise.all([1, 2, 3, 4].map((n) => room.story({ ...rival, title: `Rival ${n}` })));
    const { statuses } = await together(
      rivals.map(
        ({ id }) =>
          () =>
            room.link(id, first),
      ),
    );
    expect(statuses.sort()).toEqual([200, 409, 409, 409]);
    expect((await room.seen(first)).translations).toHaveLength(1);
  });

  it('editions that are linked in every direction: no call waits for another that waits for it', async () => {
    const languages = ['bn', 'en', 'hi', 'ur', 'ar', 'fr'];
    const six = await Promise.all(languages.map((language) => room.story({ language, status: 'published' })));
    const pairs = six.flatMap((one) =>
      six.filter((other) => other !== one).map((other) => [one.id, other.id] as const),
    );
    const before = await deadlocks();
    const answers = await Promise.all(pairs.map(([id, other]) => room.link(id, other)));
    expect(answers.map(({ status }) => status)).toEqual(pairs.map(() => 200));
    expect(await deadlocks()).toEqual(before);
  });
});
