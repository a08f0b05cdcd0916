import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, publicUrl, startApp, type TestApp } from '../../support/app.ts';
import { minutesAgo, plantLabels, plantStories } from '../../support/stories.ts';
import { idsOf, nextOf, readPage, walk } from '../../support/walk.ts';

describe('GET /v1/latest, page after page', () => {
  let app: TestApp;
  let ids: string[];
  const list = (query: string) => app.request('get', `/v1/latest?${query}`);
  const at = (index: number) => ids[index] ?? '';
  const cursorOf = async (query: string) => String((await list(query).expect(200)).body.page.nextCursor);

  beforeAll(async () => {
    app = await startApp();
    await plantLabels(app, 'tags', ['কৃষি', 'নদী']);
    await plantLabels(app, 'sources', ['বাসস']);
  });
  beforeEach(async () => {
    await app.sql('DELETE FROM articles');
    ids = await plantStories(
      app,
      Array.from({ length: 12 }, (_, index) => ({
        publishedAt: minutesAgo(100 + index),
        tags: ['কৃষি', 'নদী'],
        source: 'বাসস',
      })),
    );
  });
  afterAll(() => app.close());

  it('walks 25 items of one date and 5 of an earlier one, made later, each once and twice in the same order', async () => {
    const same = minutesAgo(300);
    await plantStories(app, [
      ...Array.from({ length: 25 }, () => ({ publishedAt: same, title: 'একই শিরোনাম', tags: ['নদী'] })),
      ...Array.from({ length: 5 }, (_, index) => ({ publishedAt: minutesAgo(400 + index), tags: ['নদী'] })),
    ]);
    for (const query of ['limit=7', 'limit=7&tag=নদী', 'limit=7&tag=নদী,কৃষি', 'limit=7&language=bn', 'limit=1']) {
      const path = `/v1/latest?${encodeURI(query)}`;
      const [first, second] = [await walk(app, path), await walk(app, path)];
      expect(first.map(({ id }) => id)).toEqual(second.map(({ id }) => id));
      expect(new Set(first.map(({ id }) => id)).size).toBe(42);
    }
  });

  it.each(['', 'tag=কৃষি', 'tag=কৃষি,নদী', 'source=বাসস', 'language=bn'])(
    'shows no item twice and misses none while news is published, dated, taken back and removed between pages (%s)',
    async (filter) => {
      const path = `/v1/latest?limit=3&${encodeURI(filter)}`;
      const news = { tags: ['নদী', 'কৃষি'], source: 'বাসস' };
      const gone: string[] = [];
      const items = await walk(app, path, {
        between: async (page) => {
          if (page === 1) {
            await plantStories(
              app,
              Array.from({ length: 5 }, () => ({ ...news, publishedAt: minutesAgo(0) })),
            );
            await app.sql(`UPDATE articles SET published_at = now() WHERE id = $1`, [at(0)]);
            await app.sql(`UPDATE articles SET status = 'draft' WHERE id = $1`, [at(1)]);
          } else if (page === 2) {
            await app.sql('DELETE FROM articles WHERE id = $1', [at(5)]);
            await app.sql(`UPDATE articles SET status = 'draft' WHERE id = $1`, [at(7)]);
            gone.push(at(7));
          } else if (page === 3) {
            await app.sql(`UPDATE articles SET published_at = now() - interval '1 hour' WHERE id = $1`, [at(8)]);
            await app.sql(`UPDATE articles SET title = 'নতুন শিরোনাম', updated_at = now() WHERE id = $1`, [at(10)]);
          }
        },
      });
      expect(items.map(({ id }) => id)).toEqual(ids.filter((id) => !gone.includes(id)));
    },
  );

  it('shows an item that is published under an earlier date once, where that date stands', async () => {
    let late = '';
    const items = await walk(app, '/v1/latest?limit=5', {
      between: async (page) => {
        if (page === 1) [late = ''] = await plantStories(app, [{ publishedAt: minutesAgo(107.5) }]);
      },
    });
    expect(items.map(({ id }) => id)).toEqual([...ids.slice(0, 8), late, ...ids.slice(8)]);
  });

  it.each([
    ['deleted', 'DELETE FROM articles WHERE id = $1'],
    ['unpublished', `UPDATE articles SET status = 'draft' WHERE id = $1`],
    ['trashed', 'UPDATE articles SET deleted_at = now() WHERE id = $1'],
    ['dated anew', `UPDATE articles SET published_at = now() WHERE id = $1`],
    ['expired', `UPDATE articles SET expires_at = now() - interval '1 minute' WHERE id = $1`],
  ])('goes on from a cursor whose own row was %s', async (_what, change) => {
    const after = await cursorOf('limit=4');
    await app.sql(change, [at(3)]);
    expect(idsOf((await list(`after=${after}`).expect(200)).body)).toEqual(ids.slice(4));
  });

  it('ends with a null cursor and no link, also when the last page is full or all that was left has gone', async () => {
    for (const limit of [4, 5, 12, 100]) await walk(app, `/v1/latest?limit=${limit}`);
    const page = await readPage(app, '/v1/latest?limit=12');
    expect([page.data.length, page.page.nextCursor, page.link]).toEqual([12, null, undefined]);
    const after = await cursorOf('limit=11');
    await app.sql('DELETE FROM articles WHERE id = $1', [at(11)]);
    const empty = await readPage(app, `/v1/latest?after=${after}`);
    expect(empty).toEqual({ data: [], page: { nextCursor: null }, link: undefined });
  });

  it('links the next page under PUBLIC_URL with every parameter once, in one order and spelling, whatever the request calls the host', async () => {
    const query = `limit=3&tag=${encodeURIComponent('কৃষি')}&language=BN&source=${encodeURIComponent('বাসস')}&exclude=${at(0)}`;
    const { headers, body } = await list(query)
      .set('Host', 'inner:3000')
      .set('X-Forwarded-Proto', 'https')
      .set('X-Forwarded-Host', 'evil.example')
      .expect(200);
    expect(String(headers.link)).toMatch(/^<[\x21-\x7e]+>; rel="next"$/);
    const address = new URL(/^<([^>]+)>/.exec(String(headers.link))?.[1] ?? '');
    expect(address.href.startsWith(`${publicUrl}/v1/latest?`)).toBe(true);
    expect([...address.searchParams]).toEqual([
      ['tag', 'কৃষি'],
      ['source', 'বাসস'],
      ['language', 'bn'],
      ['exclude', at(0)],
      ['limit', '3'],
      ['after', body.page.nextCursor],
    ]);
    const second = await readPage(app, String(nextOf(String(headers.link))));
    expect(idsOf(second)).toEqual(ids.slice(4, 7));
    expect(new URL(/^<([^>]+)>/.exec(String(second.link))?.[1] ?? '').searchParams.getAll('after')).toEqual([
      second.page.nextCursor,
    ]);
  });

  it('refuses a cursor that was edited, cut, lengthened or made by hand', async () => {
    const own = await cursorOf('limit=3');
    const flipped = (index: number) => `${own.slice(0, index)}${own[index] === 'A' ? 'B' : 'A'}${own.slice(index + 1)}`;
    const handmade = [
      ['latest', minutesAgo(0), at(0)],
      { id: at(0), status: 'draft' },
      { passwordHash: '$2' },
      [null],
    ].map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    const cut = [own.slice(0, -1), own.slice(0, 20), own.slice(1), own.slice(16)];
    const grown = [`${own}A`, `${own}=`, `${own}%00`, `%20${own}`, own + own];
    const spelled = [own.toLowerCase(), `${own.slice(0, 5)}+${own.slice(6)}`, 'null', '0', at(0), '%E0%A6%95'];
    for (const cursor of [0, 9, 20, 40, own.length - 1].map(flipped).concat(handmade, cut, grown, spelled)) {
      const { body } = await list(`after=${cursor}`).expect(400);
      expect(body).toMatchObject({ code: 'invalid-cursor', errors: [{ in: 'query', pointer: '/after' }] });
    }
  });

  it('refuses a cursor of another list or another order', async () => {
    const editor = await app.person('editor');
    const others = ['articles', 'articles?sort=publishedAt', 'articles?sort=title', 'tags', 'sources'];
    await plantLabels(app, 'sources', ['আরেক সূত্র']);
    for (const other of others) {
      const [path, query = ''] = other.split('?');
      for (const person of path === 'articles' ? [undefined, editor] : [undefined]) {
        const { page } = await readPage(app, `/v1/${path}?limit=1&${query}`, person);
        expect((await list(`after=${page.nextCursor}`).expect(400)).body.code).toBe('invalid-cursor');
      }
    }
  });

  it('takes a cursor as the place it stands for: under another filter or limit and for another reader it goes on there', async () => {
    const after = await cursorOf(`limit=3&tag=${encodeURIComponent('কৃষি')}`);
    const viewer = await app.person('viewer');
    const answer = await list(`limit=2&language=bn&after=${after}`)
      .set(...bearer(viewer))
      .expect(200);
    expect(idsOf(answer.body)).toEqual(ids.slice(3, 5));
  });
});
