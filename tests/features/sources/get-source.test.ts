import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('GET /v1/sources/{idOrSlug}', () => {
  let desk: LabelDesk;
  let source: Labelled;
  const read = (segment: string) => desk.app.request('get', `/v1/sources/${encodeURIComponent(segment)}`);

  beforeAll(async () => {
    desk = await openLabelDesk();
    source = await desk.make('sources', { name: 'রয়টার্স', slug: 'reuters', creditLine: 'সূত্র : রয়টার্স' });
  });
  afterAll(() => desk.close());

  it('opens by id and by slug in any case, with an ETag of its version', async () => {
    for (const segment of [source.id, 'reuters', 'REUTERS']) {
      const { body, headers } = await read(segment).expect(200);
      expect(body).toMatchObject({ id: source.id, creditLine: 'সূত্র : রয়টার্স' });
      expect(headers.etag).toMatch(/^"1-/);
      await read(segment)
        .set('If-None-Match', headers.etag ?? '')
        .expect(304);
    }
  });

  it.each(['0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11', 'নেই', 'search'])('answers 404 to %s', async (segment) => {
    await read(segment).expect(404);
  });
});
