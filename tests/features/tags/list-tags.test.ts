import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabelDesk, openLabelDesk } from '../../support/labels.ts';

describe('GET /v1/tags', () => {
  let desk: LabelDesk;
  const names = ['জাতীয়', 'কৃষি', 'খেলা', 'Zebra', 'apple', 'Éclair', 'আবহাওয়া', 'ক', '১৯৭১', '2026', 'শিক্ষা'];
  const slugsOf = (body: { data: { slug: string }[] }) => body.data.map(({ slug }) => slug);
  const list = (query = '') => desk.app.request('get', `/v1/tags${query}`);

  const walk = async (limit: number): Promise<string[]> => {
    const slugs: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await list(`?limit=${limit}${after}`).expect(200);
      slugs.push(...slugsOf(body));
      if (body.page.nextCursor === null) return slugs;
      after = `&after=${encodeURIComponent(body.page.nextCursor)}`;
    }
  };

  beforeAll(async () => {
    desk = await openLabelDesk();
    for (const name of names) await desk.make('tags', { name });
  });
  afterAll(() => desk.close());

  it('walks every tag once in slug order, whatever the size of a page', async () => {
    const inOrder = slugsOf((await list('?limit=100').expect(200)).body);
    expect(inOrder).toHaveLength(names.length);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    for (const limit of [1, 3, names.length]) expect(await walk(limit)).toEqual(inOrder);
  });

  it('goes on where it was when the tag that a cursor was made from is gone', async () => {
    const { body } = await list('?limit=2').expect(200);
    const [first, second] = body.data;
    await desk.send('delete', `/v1/tags/${second.id}`, undefined, '"1"').expect(204);
    const rest = await list(`?limit=100&after=${body.page.nextCursor}`).expect(200);
    expect(slugsOf(rest.body)).not.toContain(first.slug);
    expect(rest.body.data).toHaveLength(names.length - 2);
    await desk.make('tags', { name: second.name });
  });

  it('shows the public fields only, links the next page, and lets caches keep it', async () => {
    const answer = await list('?limit=1').expect(200);
    expect(Object.keys(answer.body.data[0])).toEqual(['id', 'slug', 'name', 'description', 'version']);
    expect(answer.headers.link).toBe(
      `<https://news.example/api/v1/tags?limit=1&after=${answer.body.page.nextCursor}>; rel="next"`,
    );
    expect(answer.headers['cache-control']).toBe('public, max-age=5');
    await list('?limit=1')
      .set('If-None-Match', answer.headers.etag ?? '')
      .expect(304);
  });

  it('refuses a cursor of another list and one that was edited', async () => {
    await desk.make('sources', { name: 'রয়টার্স' });
    await desk.make('sources', { name: 'বাসস' });
    const other = (await desk.app.request('get', '/v1/sources?limit=1').expect(200)).body.page.nextCursor;
    const own = (await list('?limit=1').expect(200)).body.page.nextCursor;
    for (const cursor of [other, `${own}A`, own.slice(0, -2), 'abc']) {
      expect((await list(`?after=${cursor}`).expect(400)).body.code).toBe('invalid-cursor');
    }
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=', 'limit=1&limit=2', 'page=2', 'sort=name', 'after='])(
    'refuses ?%s',
    async (query) => {
      expect((await list(`?${query}`).expect(400)).body.code).toBe('invalid-input');
    },
  );
});
