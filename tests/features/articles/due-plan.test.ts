import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Read } from '../../../src/db/tx.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { takeDue } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const plant = (from: number, to: number, at: string) =>
  room.app.sql(
    `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, published_at, first_published_at)
      SELECT gen_random_uuid(), 'bn', 'জোয়ার-' || n, false, 'জোয়ারের সময় ' || n, '', 'html', '', 'published', ${at}, ${at}
      FROM generate_series($1::int, $2::int) n`,
    [from, to],
  );

/** What PostgreSQL read to carry a statement out, in pages of 8 kB. */
const pagesOf = (plan: unknown) => Number(Object(plan)[0].Plan['Shared Hit Blocks']);

describe('taking what is due', () => {
  it('looks at each article by its id, whatever the statistics of a young newsroom say', async () => {
    // Nothing is known of these tables: nobody has analysed them.
    const due = 200;
    const others = 2_000;
    await plant(1, others, `now() - interval '1 day'`);
    await plant(others + 1, others + due, `now() - interval '1 second'`);
    await room.app.sql(`INSERT INTO due (article_id, what, at)
      SELECT id, 'published', published_at FROM articles WHERE published_at > now() - interval '1 hour'`);
    let pages = 0;
    const { db } = room.app.deps;
    const read: Read = async (statement, values) => {
      if (!('name' in statement) || statement.name !== 'take-due') return db.read(statement, values);
      const [row] = await db.read({ text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement.text}` }, values);
      pages = pagesOf(Object(row)['QUERY PLAN']);
      return [];
    };
    await takeDue({ read });
    const [told] = await room.app.sql(`SELECT count(*)::int AS count FROM events WHERE type = 'article.published'`);
    expect(told).toEqual({ count: due });
    expect(pages).toBeGreaterThan(due);
    // Each article alone, its keys and its event take some 30; with all that is public read for each it is hundreds.
    expect(pages).toBeLessThan(60 * due);
  });
});
