import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { minutesAgo, minutesAhead, plantStories } from '../../support/stories.ts';
import { idsOf, walk } from '../../support/walk.ts';

const dayMinutes = 24 * 60;
/** One word, two that have to meet, two in order, and what excludes. */
const queries = ['বাওড়', 'মাছ বাওড়', '"মাছ ধরা"', 'বাওড় -পদ্মা'];
const searchPath = (q: string, rest = '') => `/v1/search?q=${encodeURIComponent(q)}${rest}`;

/** Plants an article of each instant, newest first. Returns their ids. */
async function plantAt(room: Newsroom, instants: readonly string[]): Promise<string[]> {
  const stories = instants.map((publishedAt) => ({ title: 'বাওড়ে মাছ ধরা শুরু', publishedAt }));
  const ids = await plantStories(room.app, stories);
  await room.app.services.fillEntries(new AbortController().signal);
  return ids;
}

describe('a search of an archive in which nothing is recent', () => {
  let room: Newsroom;
  let ids: string[];
  beforeAll(async () => {
    room = await openNewsroom();
    const days = Array.from({ length: 12 }, (_, day) => `2016-05-${28 - day}T06:00:00.000Z`);
    ids = await plantAt(room, [
      '2018-05-09T06:00:00.000Z',
      ...days,
      '2011-01-01T00:00:00.000Z',
      '1952-02-21T09:00:00.000Z',
    ]);
  });
  afterAll(() => room.close());

  it.each(queries)('finds all that has %s, whatever the size of a page, as a reader and as staff', async (q) => {
    for (const person of [undefined, room.people.editor])
      for (const limit of [1, 4, 100]) {
        const items = await walk(room.app, searchPath(q, `&limit=${limit}`), { ...(person && { person }) });
        expect([limit, items.map(({ id }) => id)]).toEqual([limit, ids]);
      }
  });

  it.each(queries)('ranks what has %s, and finds it within dates', async (q) => {
    const found = async (rest: string) => idsOf((await room.as(null, 'get', searchPath(q, rest)).expect(200)).body);
    expect((await found('&sort=relevance&limit=100')).sort()).toEqual([...ids].sort());
    expect(await found('&publishedFrom=2017-01-01')).toEqual(ids.slice(0, 1));
    expect(await found('&publishedTo=2011-06-01')).toEqual(ids.slice(-2));
    expect(await found('&publishedFrom=2016-05-27&publishedTo=2017-01-01&limit=100')).toEqual(ids.slice(1, 3));
  });
});

describe('a search by a program whose clock is not the database’s', () => {
  let room: Newsroom;
  let ids: string[];
  let aheadMinutes = 0;
  beforeAll(async () => {
    room = await openNewsroom({}, { clock: () => Date.now() + aheadMinutes * 60_000 });
    const ages = [1, 5, 36 * dayMinutes, 100 * dayMinutes, 800 * dayMinutes];
    ids = await plantAt(room, ages.map(minutesAgo));
    await plantAt(room, [minutesAhead(10 * dayMinutes)]);
  });
  afterAll(() => room.close());

  it.each([
    ['six minutes behind', -6],
    ['six minutes ahead', 6],
    ['three days behind', -3 * dayMinutes],
    ['40 days behind', -40 * dayMinutes],
    ['40 days ahead', 40 * dayMinutes],
    ['three years behind', -1_100 * dayMinutes],
    ['three years ahead', 1_100 * dayMinutes],
  ])('finds the same %s: all that is published, and nothing of what is to come', async (_, ahead) => {
    aheadMinutes = ahead;
    for (const q of queries) {
      for (const limit of [1, 100])
        expect((await walk(room.app, searchPath(q, `&limit=${limit}`))).map(({ id }) => id)).toEqual(ids);
      expect(await walk(room.app, searchPath(q, '&sort=relevance&limit=100'))).toHaveLength(ids.length);
      const until = encodeURIComponent(minutesAgo(30 * dayMinutes));
      const older = await walk(room.app, searchPath(q, `&limit=2&publishedTo=${until}`));
      expect(older.map(({ id }) => id)).toEqual(ids.slice(2));
    }
  });
});
