import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicUrl } from '../../support/app.ts';
import { type LabelDesk, openLabelDesk } from '../../support/labels.ts';

describe('GET /v1/sources', () => {
  let desk: LabelDesk;
  const names = ['রয়টার্স', 'এএফপি', 'AP', 'বাসস', 'dpa', 'নিজস্ব প্রতিবেদক', '24 Desk'];
  const list = (query = '') => desk.app.request('get', `/v1/sources${query}`);

  beforeAll(async () => {
    desk = await openLabelDesk();
    for (const name of names) await desk.make('sources', { name, logoUrl: '/media/logo.png' });
  });
  afterAll(() => desk.close());

  it('walks every source once in slug order', async () => {
    const slugs: string[] = [];
    let after = '';
    do {
      const { body } = await list(`?limit=2${after}`).expect(200);
      slugs.push(...body.data.map((source: { slug: string }) => source.slug));
      after = body.page.nextCursor === null ? '' : `&after=${body.page.nextCursor}`;
    } while (after !== '');
    expect(slugs).toEqual([...slugs].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(new Set(slugs).size).toBe(names.length);
  });

  it('shows each as its own page does, under PUBLIC_URL, on every page of the list', async () => {
    const { body } = await list('?limit=1').expect(200);
    const next = await list(`?limit=1&after=${body.page.nextCursor}`).expect(200);
    for (const [shown] of [body.data, next.body.data]) {
      expect(shown.logoUrl).toBe(`${publicUrl}/media/logo.png`);
      expect((await desk.app.request('get', `/v1/sources/${shown.id}`).expect(200)).body).toEqual(shown);
    }
  });

  it('refuses a cursor of the list of tags and unknown parameters', async () => {
    await desk.make('tags', { name: 'কৃষি' });
    await desk.make('tags', { name: 'খেলা' });
    const cursor = (await desk.app.request('get', '/v1/tags?limit=1').expect(200)).body.page.nextCursor;
    expect((await list(`?after=${cursor}`).expect(400)).body.code).toBe('invalid-cursor');
    expect((await list('?language=bn').expect(400)).body.errors).toEqual([
      expect.objectContaining({ in: 'query', pointer: '/language' }),
    ]);
  });
});
