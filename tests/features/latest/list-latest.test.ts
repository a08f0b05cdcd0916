import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, publicUrl, startApp, type TestApp } from '../../support/app.ts';
import { minutesAgo, minutesAhead, plantLabels, plantStories } from '../../support/stories.ts';
import { idsOf } from '../../support/walk.ts';

describe('GET /v1/latest', () => {
  let app: TestApp;
  let newest: string[];
  const list = (query = '') => app.request('get', `/v1/latest${query}`);

  beforeAll(async () => {
    app = await startApp();
    await plantLabels(app, 'tags', ['কৃষি', 'নদী']);
    await plantLabels(app, 'sources', ['বাসস']);
    newest = await plantStories(
      app,
      Array.from({ length: 105 }, (_, index) => ({ publishedAt: minutesAgo(10 + index) })),
    );
  });
  afterAll(() => app.close());

  it('shows of an item what a sidebar needs, and nothing else', async () => {
    const [id = ''] = await plantStories(app, [
      { title: 'নদীর চরে সরিষার খেত', source: 'বাসস', tags: ['নদী', 'কৃষি'], publishedAt: '2024-01-02T03:04:05.678Z' },
    ]);
    await app.sql(
      `UPDATE articles SET kicker = 'চরের চাষ', excerpt = 'হলুদ ফুলে ঢাকা চর।', cover = '{"url":"/media/chor.png","alt":"চর","width":1200}' WHERE id = $1`,
      [id],
    );
    const [labels] = await app.sql<{ nodi: string; krishi: string; source: string }>(
      `SELECT (SELECT id FROM tags WHERE slug = 'নদী') AS nodi, (SELECT id FROM tags WHERE slug = 'কৃষি') AS krishi, (SELECT id FROM sources) AS source`,
    );
    const { body } = await list('?tag=নদী').expect(200);
    expect(body).toEqual({
      data: [
        {
          id,
          slug: `story-${id}`,
          title: 'নদীর চরে সরিষার খেত',
          kicker: 'চরের চাষ',
          excerpt: 'হলুদ ফুলে ঢাকা চর।',
          cover: {
            url: `${publicUrl}/media/chor.png`,
            alt: 'চর',
            caption: null,
            credit: null,
            width: 1200,
            height: null,
          },
          source: { id: labels?.source, slug: 'বাসস', name: 'বাসস', creditLine: null },
          tags: [
            { id: labels?.nodi, slug: 'নদী', name: 'নদী' },
            { id: labels?.krishi, slug: 'কৃষি', name: 'কৃষি' },
          ],
          language: 'bn',
          publishedAt: '2024-01-02T03:04:05.678Z',
        },
      ],
      page: { nextCursor: null },
    });
    const bare = (await list('?limit=1').expect(200)).body.data[0];
    expect(bare).toMatchObject({ id: newest[0], kicker: null, excerpt: null, cover: null, source: null, tags: [] });
  });

  it.each([
    ['', 20],
    ['?limit=1', 1],
    ['?limit=07', 7],
    ['?limit=100', 100],
  ])('gives for "%s" the %i newest', async (query, count) => {
    expect(idsOf((await list(query).expect(200)).body)).toEqual(newest.slice(0, count));
  });

  it.each(['0', '101', '-1', '+5', '1.5', '1e1', '0x10', '%205', '৫', 'all', '9007199254740993', '%00'])(
    'refuses limit=%s and names the bounds',
    async (limit) => {
      const { body } = await list(`?limit=${limit}`).expect(400);
      expect(body).toMatchObject({ code: 'invalid-input', errors: [{ in: 'query', pointer: '/limit' }] });
      expect(body.errors[0].detail).toContain('1 to 100');
    },
  );

  it.each([
    'page=2',
    'offset=20',
    'sort=title',
    'status=draft',
    'fields=title',
    'q=খবর',
    'ids=x',
    'populate=*',
    'where[status]=draft',
    'tag[$ne]=x',
    'filter[tags][some][articles][some][status]=draft',
    '__proto__=x',
    'LIMIT=5',
    'tag=কৃষি&tag=নদী',
    'tag=',
    'tag',
    'language=',
    'source=,',
    'exclude=1',
    'exclude=story',
    'limit=5&limit=5',
  ])('refuses ?%s', async (query) => {
    expect((await list(`?${encodeURI(query)}`).expect(400)).body.code).toBe('invalid-input');
  });

  it('orders by publication date, and items of one date by id, newest first', async () => {
    await plantLabels(app, 'tags', ['সমান']);
    const ids = await plantStories(
      app,
      [1, 1, 2, 2, 2, 1].map((day) => ({ tags: ['সমান'], publishedAt: `2024-02-0${day}T00:00:00Z` })),
    );
    const inOrder = [2, 3, 4, 0, 1, 5]
      .map((index) => ids[index] ?? '')
      .sort((a, b) => {
        const later = Number([2, 3, 4].includes(ids.indexOf(b))) - Number([2, 3, 4].includes(ids.indexOf(a)));
        return later || (a < b ? 1 : -1);
      });
    expect(idsOf((await list('?tag=সমান').expect(200)).body)).toEqual(inOrder);
  });

  it('shows what is public and nothing else, whoever asks; only what caches may do with it differs', async () => {
    const author = await app.person('author');
    await plantLabels(app, 'tags', ['সবার']);
    const own = { tags: ['সবার'], createdById: author.id };
    const [open] = await plantStories(app, [
      { ...own, expiresAt: minutesAhead(60) },
      { ...own, status: 'draft' },
      { ...own, status: 'draft', publishedAt: minutesAgo(9) },
      { ...own, status: 'review' },
      { ...own, status: 'archived', publishedAt: minutesAgo(9) },
      { ...own, publishedAt: minutesAhead(9) },
      { ...own, expiresAt: minutesAgo(9) },
      { ...own, deletedAt: minutesAgo(9) },
    ]);
    for (const query of ['?tag=সবার', '?limit=100']) {
      const anonymous = await list(query).expect(200);
      expect(anonymous.headers['cache-control']).toBe('public, max-age=5');
      if (query === '?tag=সবার') expect(idsOf(anonymous.body)).toEqual([open]);
      for (const person of [
        author,
        await app.person('viewer'),
        await app.person('editor'),
        await app.person('admin'),
      ]) {
        const signedIn = await list(query)
          .set(...bearer(person))
          .expect(200);
        expect(signedIn.text).toBe(anonymous.text);
        expect(signedIn.headers).toMatchObject({
          'cache-control': 'private, no-store, no-transform',
          etag: anonymous.headers.etag,
        });
      }
    }
  });

  it('has an article that falls due, and has lost one that expires, at the very next request', async () => {
    await plantLabels(app, 'tags', ['সময়']);
    const [due = '', ending = ''] = await plantStories(app, [
      { tags: ['সময়'], publishedAt: minutesAhead(5), source: 'বাসস' },
      { tags: ['সময়'], publishedAt: minutesAgo(5), expiresAt: minutesAhead(5) },
    ]);
    const queries = ['?tag=সময়', '?limit=100', '?language=bn&limit=100', '?source=বাসস'];
    const seen = async () => {
      const pages = await Promise.all(queries.map(async (query) => idsOf((await list(query).expect(200)).body)));
      return pages.map((ids) => [ids.includes(due), ids.includes(ending)]);
    };
    expect(await seen()).toEqual([
      [false, true],
      [false, true],
      [false, true],
      [false, false],
    ]);
    await app.sql(`UPDATE articles SET published_at = date_trunc('milliseconds', now()) WHERE id = $1`, [due]);
    await app.sql(`UPDATE articles SET expires_at = date_trunc('milliseconds', now()) WHERE id = $1`, [ending]);
    expect(await seen()).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [true, false],
    ]);
  });

  it('answers 304 to its own tag until the list is another', async () => {
    const { headers } = await list('?limit=2').expect(200);
    const again = () => list('?limit=2').set('If-None-Match', String(headers.etag));
    expect((await again().expect(304)).headers).toMatchObject({
      etag: headers.etag,
      'cache-control': 'public, max-age=5',
    });
    await plantStories(app, [{ publishedAt: minutesAgo(1) }]);
    expect((await again().expect(200)).headers.etag).not.toBe(headers.etag);
  });
});
