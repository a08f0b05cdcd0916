import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('POST /v1/tags/{id}/merge', () => {
  let desk: LabelDesk;
  let from: Labelled;
  let into: Labelled;
  let count = 0;
  const merge = (tag: string, name: string, match = '"1"') =>
    desk.send('post', `/v1/tags/${encodeURIComponent(tag)}/merge`, { into: name }, match);

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  beforeEach(async () => {
    count += 1;
    from = await desk.make('tags', { name: `Ghat ${count}` });
    into = await desk.make('tags', { name: `ঘাট ${count}` });
  });
  afterAll(() => desk.close());

  it('moves 5,000 articles in one call', async () => {
    await desk.app.sql(
      `WITH made AS (INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, published_at, first_published_at)
         SELECT gen_random_uuid(), 'bn', 'ঢেউ-' || $2::text || '-' || n, true, 'ঢেউ', repeat('জল ', 30), 'text', repeat('জল ', 30), 'published', now(), now()
         FROM generate_series(1, 5000) n RETURNING id)
       INSERT INTO article_tags (article_id, tag_id, position) SELECT id, $1::uuid, 0 FROM made`,
      [from.id, count],
    );
    const events = await desk.count('events');
    await merge(from.id, into.id).expect(200);
    const [{ moved } = { moved: 0 }] = await desk.app.sql<{ moved: number }>(
      'SELECT count(*)::int AS moved FROM article_tags t JOIN revisions r USING (article_id) WHERE t.tag_id = $1 AND r.version = 2',
      [into.id],
    );
    expect(moved).toBe(5_000);
    expect(await desk.count('events')).toBe(events + 5_001);
  });
});
