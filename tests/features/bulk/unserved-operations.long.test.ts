import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRefusing } from './refused-titles.ts';

let desk: Awaited<ReturnType<typeof openRefusing>>;
beforeAll(async () => {
  desk = await openRefusing();
});
afterAll(() => desk.room.close());

describe('an operation of a bulk that cannot be served', () => {
  it('is 503 in its place where its row stays locked, and the others are done', async () => {
    const story = await desk.room.story({});
    const other = await desk.room.app.deps.db.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM articles WHERE id = $1 FOR UPDATE', [story.id]);
      const { body } = await desk
        .bulk([
          desk.create('তালার আগে'),
          { op: 'update', id: story.id, ifMatch: '*', body: { kicker: 'তালা' } },
          desk.create('তালার পরে'),
        ])
        .expect(200);
      expect(desk.told(body)).toEqual([201, expect.stringMatching(/^503 /), 201]);
      expect(body.results[1]).toMatchObject({ article: null, etag: null });
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    expect([await desk.countOf('তালার আগে'), await desk.countOf('তালার পরে')]).toEqual([1, 1]);
  });
});

describe('a bulk under an Idempotency-Key', () => {});
