import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { plantStories } from '../../support/stories.ts';
import { walk } from '../../support/walk.ts';

const hourMs = 3_600_000;
const queries = ['হাওর', 'হাওর ধান', '"ধান কাটা"', 'হাওর -আলু', 'title:হাওর'];
const searchPath = (q: string, rest = '') => `/v1/search?q=${encodeURIComponent(q)}${rest}`;

/** Every few hours for months, with the first and the last instant of days and of months. */
function instants(): string[] {
  const end = Date.UTC(2019, 4, 3, 7, 30);
  const spread = Array.from({ length: 90 }, (_, index) => end - index * 29 * hourMs);
  const edges = [Date.UTC(2019, 4, 1), Date.UTC(2019, 3, 30), Date.UTC(2019, 3, 24), Date.UTC(2019, 3, 23)];
  const all = [...spread, ...edges.flatMap((edge) => [edge - 1, edge])];
  return all.sort((a, b) => b - a).map((instant) => new Date(instant).toISOString());
}

describe('a search that goes back by days and then by months', () => {
  let room: Newsroom;
  let ids: string[];
  beforeAll(async () => {
    room = await openNewsroom();
    ids = await plantStories(
      room.app,
      instants().map((publishedAt) => ({ title: 'হাওরে ধান কাটা শুরু', publishedAt })),
    );
    await room.app.services.fillEntries(new AbortController().signal);
  });
  afterAll(() => room.close());

  const found = async (q: string, limit: number, rest = '') =>
    (await walk(room.app, searchPath(q, `&limit=${limit}${rest}`))).map(({ id }) => id);

  it.each(queries)('finds each article once and in order that has %s, whatever the size of a page', async (q) => {
    for (const limit of [3, 40, 100]) expect([limit, await found(q, limit)]).toEqual([limit, ids]);
  });

  it('finds what is within dates, from the middle of a day on', async () => {
    const [from, to] = ['2019-04-12T11:00:00Z', '2019-05-01T13:00:00Z'];
    const at = instants();
    const within = ids.filter((_, index) => {
      const instant = at[index] ?? '';
      return instant >= from && instant < to;
    });
    expect(within.length).toBeGreaterThan(10);
    for (const q of queries) expect(await found(q, 4, `&publishedFrom=${from}&publishedTo=${to}`)).toEqual(within);
  });

  it('finds the same by rules whose entries have no keys of days', async () => {
    await room.app.sql(`UPDATE search_entries SET rules = 4, terms = ts_delete(terms,
      ARRAY(SELECT t.lexeme FROM unnest(terms) t WHERE t.lexeme LIKE '@d%')) WHERE ctid::text LIKE '%1)'`);
    await room.app.sql('UPDATE search_entries SET rules = 4');
    await room.app.sql(`UPDATE settings SET value = '4' WHERE name = 'search rules'`);
    for (const q of queries) expect(await found(q, 7)).toEqual(ids);
  });
});
