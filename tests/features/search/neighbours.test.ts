import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { plantStories } from '../../support/stories.ts';
import { walk } from '../../support/walk.ts';

const words = [
  'নদীর',
  'নদী',
  'পানি',
  'পানির',
  'বাড়ছে',
  'বি.এন.পি',
  'ঢাকার',
  'ঢাকা',
  'মহাসড়কে',
  'মহা',
  'সড়ক',
  'যানজট',
  'শুরু',
  '২০২৪',
  'police',
  'ই-পাসপোর্ট',
];

/** A row of chance that is the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a search for words in order', () => {
  let room: Newsroom;
  const random = chance(11);
  const some = (count: number) => Array.from({ length: count }, () => words[Math.floor(random() * words.length)]);
  const phrases = [
    ...Array.from({ length: 60 }, (_, index) => `"${some(2 + (index % 3)).join(' ')}"`),
    '"মহা সড়ক"',
    '"নদীর পানি" -"পানি বাড়ছে"',
    '"ঢাকা মহাসড়ক" যানজট',
    'title:"নদীর পানি"',
  ];

  beforeAll(async () => {
    room = await openNewsroom();
    const stories = Array.from({ length: 80 }, (_, index) => ({
      title: some(4).join(' '),
      publishedAt: new Date(Date.UTC(2024, 1, 1) + index * 40_000_000).toISOString(),
    }));
    const ids = await plantStories(room.app, stories);
    const bodies = ids.map(() => `<p>${some(14).join(' ')}। ${some(6).join(', ')}</p>`);
    await room.app.sql(
      'UPDATE articles a SET body_html = x.body FROM unnest($1::uuid[], $2::text[]) x (id, body) WHERE a.id = x.id',
      [ids, bodies],
    );
    await room.app.services.fillEntries(new AbortController().signal);
  });
  afterAll(() => room.close());

  it('finds by neighbours that an entry tells of what it finds without them, and without is how it finds what has none yet', async () => {
    const all = async () => {
      const found: Record<string, string[]> = {};
      for (const q of phrases)
        found[q] = (await walk(room.app, `/v1/search?q=${encodeURIComponent(q)}&limit=30`)).map(({ id }) => id);
      return found;
    };
    const [{ told }] = (await room.app.sql('SELECT count(neighbours)::int AS told FROM search_entries')) as [
      { told: number },
    ];
    expect(told).toBe(80);
    const byNeighbours = await all();
    await room.app.sql('UPDATE search_entries SET neighbours = NULL');
    expect(await all()).toEqual(byNeighbours);
    expect(Object.values(byNeighbours).filter((ids) => ids.length > 0).length).toBeGreaterThan(20);
    // None of these bits are in any article, so no vector is looked at.
    await room.app.sql("UPDATE search_entries SET neighbours = repeat('0', 4096)::bit(4096)");
    expect((await all())['"মহা সড়ক"']).toEqual([]);
  });
});
