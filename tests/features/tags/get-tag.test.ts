import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

describe('GET /v1/tags/{idOrSlug}', () => {
  let desk: LabelDesk;
  let tag: Labelled;
  const read = (segment: string) => desk.app.request('get', `/v1/tags/${encodeURIComponent(segment)}`);

  beforeAll(async () => {
    desk = await openLabelDesk();
    tag = await desk.make('tags', { name: 'আবহাওয়া', slug: 'Weather আবহাওয়া' });
  });
  afterAll(() => desk.close());

  it('opens by id, by slug, in capitals and in the other spelling', async () => {
    const other = 'weather-আবহাও\u09DFা';
    for (const segment of [tag.id, tag.slug, 'WEATHER-আবহাওয়া', other, 'Weather আবহাওয়া']) {
      expect((await read(segment).expect(200)).body.id).toBe(tag.id);
    }
  });

  it('has an ETag of its version and answers 304 to it', async () => {
    const { headers } = await read(tag.id).expect(200);
    expect(headers.etag).toMatch(/^"1-[\w-]{22}"$/);
    expect(headers['cache-control']).toBe('public, max-age=10');
    await read(tag.slug)
      .set('If-None-Match', headers.etag ?? '')
      .expect(304);
  });

  it('is not kept by caches for a caller with a token', async () => {
    const { headers } = await read(tag.id)
      .set(...bearer(desk.editor))
      .expect(200);
    expect(headers['cache-control']).toBe('private, no-store, no-transform');
  });

  it.each(['0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11', 'নেই', 'latest', '!!!', '\u0000', "' OR 1=1 --"])(
    'answers 404 to %j',
    async (segment) => {
      expect((await read(segment).expect(404)).body.code).toBe('not-found');
    },
  );

  it('refuses any parameter', async () => {
    await desk.app.request('get', `/v1/tags/${tag.id}?fields=name`).expect(400);
  });
});
