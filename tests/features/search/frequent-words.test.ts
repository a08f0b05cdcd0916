import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { collectStatements } from '../../support/statement-count.ts';
import { minutesAgo, minutesAhead, plantStories } from '../../support/stories.ts';
import { walk } from '../../support/walk.ts';

const hour = 60;
const searchPath = (q: string, rest = '') => `/v1/search?q=${encodeURIComponent(q)}${rest}`;
const looksInWindows = (statements: readonly string[]) => statements.some((text) => text.includes('w (period, till)'));

describe('a search for words that most articles have', () => {
  let room: Newsroom;
  /** A program that has asked PostgreSQL how frequent words are before it knew. */
  let unknowing: TestApp;
  let knowing: TestApp;
  let statementsOf: (app: TestApp) => string[];
  beforeAll(async () => {
    room = await openNewsroom();
    unknowing = room.app;
    await walk(unknowing, searchPath('পানি'));
    const titles = ['নদীর পানি বাড়ছে', 'নদীর পানি কমছে', 'পানি নেই নদীতে', 'খালের পানি'];
    const visible = Array.from({ length: 40 }, (_, index) => ({
      title: titles[index % titles.length] ?? '',
      publishedAt: minutesAgo((1 + Math.floor(index / 3)) * 20 * hour),
    }));
    const hidden = [
      { title: 'নদীর পানি', status: 'draft' as const },
      { title: 'নদীর পানি', publishedAt: minutesAhead(hour) },
      { title: 'নদীর পানি', publishedAt: minutesAgo(30 * hour), expiresAt: minutesAgo(1) },
      { title: 'নদীর পানি', publishedAt: minutesAgo(31 * hour), deletedAt: minutesAgo(1) },
    ];
    await plantStories(unknowing, [...visible, ...hidden]);
    await unknowing.services.fillEntries(new AbortController().signal);
    await unknowing.sql('ANALYZE search_entries');
    knowing = await startApp({}, { databaseUrl: unknowing.databaseUrl });
    await walk(knowing, searchPath('পানি'));
    const taken = new Map([unknowing, knowing].map((app) => [app, collectStatements(app.deps.db.pool)]));
    statementsOf = (app) => taken.get(app)?.() ?? [];
  });
  afterAll(async () => {
    await knowing.close();
    await room.close();
  });

  it.each(['পানি', 'নদী', 'নদীর পানি', 'পানি -খাল', 'পানি নেই -খাল', 'নদীপানি পানি'])(
    'finds the same for %s by looking at the newest as by its index, page by page',
    async (q) => {
      for (const limit of [1, 3, 7, 100]) {
        const pages = await Promise.all([unknowing, knowing].map((app) => walk(app, searchPath(q, `&limit=${limit}`))));
        const [byIndex = [], byNewest] = pages;
        expect([limit, byNewest]).toEqual([limit, byIndex]);
        expect(byIndex.length).toBeGreaterThan(9);
      }
    },
  );

  it('finds the same within dates', async () => {
    const path = searchPath(
      'পানি',
      `&limit=2&publishedFrom=${minutesAgo(200 * hour)}&publishedTo=${minutesAgo(60 * hour)}`,
    );
    const [byIndex = [], byNewest] = await Promise.all([unknowing, knowing].map((app) => walk(app, path)));
    expect(byNewest).toEqual(byIndex);
    expect(byIndex.length).toBeGreaterThan(9);
  });

  it('asks the database once for a page, and its index only where the newest are too few', async () => {
    const asked = async (app: TestApp, path: string) => {
      statementsOf(app);
      await app.request('get', path).expect(200);
      return statementsOf(app);
    };
    const first = await asked(knowing, searchPath('পানি', '&limit=5'));
    expect([first.length, looksInWindows(first)]).toEqual([1, false]);
    expect(looksInWindows(await asked(unknowing, searchPath('পানি', '&limit=5')))).toBe(true);
    expect(looksInWindows(await asked(knowing, searchPath('পানি', '&limit=50')))).toBe(true);
    expect(looksInWindows(await asked(knowing, searchPath('খাল', '&limit=5&language=bn')))).toBe(true);
  });
});
