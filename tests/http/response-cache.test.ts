import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CachedRoom, caughtUp, commonPart, openCachedRoom } from '../support/cached.ts';
import { pathOf, type Story } from '../support/newsroom.ts';

let kept: CachedRoom;
beforeAll(async () => {
  kept = await openCachedRoom({ CORS_ORIGINS: 'https://a.example,https://b.example' });
});
afterAll(() => kept.close());

describe('an answer that was asked for before', () => {
  it('comes again as it was, without the database: pages, lists, redirects and what is gone', async () => {
    const { slug, id } = await kept.published({ title: 'ভাটার টান' });
    await kept.room.patch(id, { slug: 'ভাটার-পরে' }).expect(200);
    const lost = await kept.published();
    await kept.room.trash(lost.id).expect(204);
    const tag = await kept.room.label('tags', { name: 'ভাটা' });
    const source = await kept.room.label('sources', { name: 'ভাটা বার্তা' });
    const paths = [
      pathOf(id),
      pathOf(id, '?include=latest&latestLimit=2'),
      pathOf(slug),
      pathOf(slug, '?redirects=false'),
      pathOf(lost.id),
      '/v1/latest',
      `/v1/latest?tag=${tag.id}&limit=1`,
      '/v1/articles?fields=title&sort=title',
      '/v1/redirects',
      '/v1/tags',
      `/v1/tags/${tag.id}`,
      '/v1/sources',
      `/v1/sources/${source.id}`,
    ];
    await caughtUp(kept.room.app);
    const first: ReturnType<typeof commonPart>[] = [];
    for (const path of paths) first.push(commonPart(await kept.get(path)));
    expect(first.map(({ status }) => status)).toEqual([200, 200, 308, 200, 410, ...Array<number>(8).fill(200)]);
    const hits = await kept.hitsOf(async () => {
      for (const [index, path] of paths.entries())
        expect([path, commonPart(await kept.get(path))]).toEqual([path, first[index]]);
    });
    expect(hits).toBe(paths.length);
  });

  it('has the id of its own call, also of what is gone', async () => {
    const { id } = await kept.published();
    await kept.room.trash(id).expect(204);
    for (const path of ['/v1/latest', pathOf(id)])
      for (const requestId of ['first-call-1', 'second-call-2']) {
        const { headers, text } = await kept.get(path).set('X-Request-Id', requestId);
        expect(headers['x-request-id']).toBe(requestId);
        if (path !== '/v1/latest') expect(JSON.parse(text).requestId).toBe(requestId);
      }
  });

  it('allows the origin of its own call and no other', async () => {
    const allowed = async (origin: string | null) => {
      const call = kept.get('/v1/latest');
      return (await (origin === null ? call : call.set('Origin', origin))).headers['access-control-allow-origin'];
    };
    for (const origin of ['https://a.example', 'https://b.example', 'https://evil.example', null])
      expect(await allowed(origin)).toBe(origin?.includes('evil') ? undefined : (origin ?? undefined));
  });

  it('is one answer for every spelling of what is asked', async () => {
    const tag = await kept.room.label('tags', { name: 'জোয়ার' });
    for (const title of ['জোয়ার এক', 'জোয়ার দুই']) await kept.published({ title, tags: [tag.slug], language: 'bn-BD' });
    const { id } = await kept.room.label('tags', { name: 'উজান' });
    const slug = encodeURIComponent(tag.slug);
    const spellings = [
      `/v1/latest?tag=${slug},${id}&language=bn-BD,en&limit=1`,
      `/v1/latest?limit=01&language=en,BN-bd&tag=${id},${slug},${slug}`,
      `/v1/latest?%74ag=${id}%2C${slug}&&limit=1&language=en%2Cbn-BD`,
    ];
    const answers: object[] = [];
    const hits = await kept.hitsOf(async () => {
      for (const path of spellings) answers.push(commonPart(await kept.get(path).expect(200)));
    });
    expect(answers).toEqual(Array(3).fill(answers[0]));
    expect(hits).toBe(2);
    expect(Object(answers[0]).headers.link).toMatch(/limit=1/);
    const [plain, said] = [await kept.get('/v1/latest'), await kept.get('/v1/latest?limit=20')];
    expect(commonPart(said)).toEqual(commonPart(plain));
  });

  it('answers HEAD and conditions as the database would', async () => {
    const { id } = await kept.published();
    await caughtUp(kept.room.app);
    const { headers, text } = await kept.get(pathOf(id)).expect(200);
    const etag = String(headers.etag);
    const hits = await kept.hitsOf(async () => {
      const head = await kept.room.app.request('head', pathOf(id)).expect(200);
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)));
      const same = await kept.get(pathOf(id)).set('If-None-Match', etag).expect(304);
      expect(same.headers).toMatchObject({ etag, vary: headers.vary, 'surrogate-key': headers['surrogate-key'] });
      expect(same.headers['cache-control']).toMatch(/^public, max-age=\d+$/);
      expect(same.headers).not.toHaveProperty('content-type');
      await kept.get(pathOf(id)).set('If-None-Match', `"other", W/${etag}`).expect(304);
      await kept.get(pathOf(id)).set('If-None-Match', '"other"').expect(200);
      await kept.get(pathOf(id)).set('If-None-Match', 'broken').expect(400);
      await kept.get(pathOf(id)).set('If-Match', '"7"').expect(412);
      await kept.get(pathOf(id)).set('If-Match', '"7"').set('If-None-Match', etag).expect(412);
      await kept.get(pathOf(id)).set('If-Match', etag).expect(200);
      await kept.get(pathOf(id)).set('If-Match', 'broken').expect(400);
    });
    expect(hits).toBe(9);
  });

  it('is read from the database once, however many ask for it at once', async () => {
    const { id } = await kept.published();
    await caughtUp(kept.room.app);
    const before = kept.state().misses;
    const answers = await Promise.all(Array.from({ length: 40 }, () => kept.get(pathOf(id))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(kept.state().misses - before).toBe(1);
  });
});

describe('what is never kept', () => {
  it.each([
    ['what is not there', () => '/v1/articles/never-there'],
    ['a list without some articles', ({ id }: Story) => `/v1/latest?exclude=${id}`],
    ['a list of an unknown tag', () => '/v1/latest?tag=unknown-tag'],
    ['a list of an unknown source', () => '/v1/articles?source=unknown-source&sort=title'],
    ['a list of a range of dates', () => '/v1/articles?publishedFrom=2026-01-01'],
    ['a fault', () => '/v1/latest?limit=0'],
    ['changes', () => '/v1/changes'],
    ['readiness', () => '/readyz'],
  ])('is %s', async (_, pathFor) => {
    const path = pathFor(await kept.published());
    await kept.get(path);
    const entries = kept.state().entries;
    expect(await kept.hitsOf(async () => void (await kept.get(path)))).toBe(0);
    expect(kept.state().entries).toBeLessThanOrEqual(entries);
  });

  it('is an answer to a token, and nobody with a token gets what is kept', async () => {
    const draft = await kept.room.story({});
    await kept.room.read(draft.id, 'editor').expect(200);
    await kept.room.read(draft.id).expect(404);
    const { id } = await kept.published();
    await kept.room.read(id).expect(200);
    const hits = await kept.hitsOf(async () => {
      const { headers } = await kept.room.read(id, 'viewer').expect(200);
      expect(headers['cache-control']).toBe('private, no-store, no-transform');
      await kept.get(pathOf(id)).set('Authorization', '').expect(401);
      await kept.get(pathOf(id)).set('Authorization', 'Bearer nonsense').expect(401);
    });
    expect(hits).toBe(0);
  });
});
