import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { caughtUp, commonPart, keepAnswers } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom, pathOf, type Story } from '../support/newsroom.ts';

let room: Newsroom;
let stop: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom({ CORS_ORIGINS: 'https://a.example,https://b.example' });
  stop = await keepAnswers(room.app);
});
afterAll(async () => {
  await stop();
  await room.close();
});

/** Without an encoding, so that the first answer is like the next. */
const get = (path: string) => room.app.request('get', path).set('Accept-Encoding', 'identity');
const state = () => room.app.deps.cache?.state() ?? { hits: 0, misses: 0, entries: 0 };

/** How many times readers were answered without the database while this ran. */
async function hitsOf(work: () => Promise<unknown>): Promise<number> {
  await caughtUp(room.app);
  const before = state().hits;
  await work();
  return state().hits - before;
}
const published = (body: object = {}) => room.story({ status: 'published', ...body });

describe('an answer that was asked for before', () => {
  it('comes again as it was, without the database: pages, lists, redirects and what is gone', async () => {
    const { slug, id } = await published({ title: 'ভাটার টান' });
    await room.patch(id, { slug: 'ভাটার-পরে' }).expect(200);
    const lost = await published();
    await room.trash(lost.id).expect(204);
    const tag = await room.label('tags', { name: 'ভাটা' });
    const source = await room.label('sources', { name: 'ভাটা বার্তা' });
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
    await caughtUp(room.app);
    const first: ReturnType<typeof commonPart>[] = [];
    for (const path of paths) first.push(commonPart(await get(path)));
    expect(first.map(({ status }) => status)).toEqual([200, 200, 308, 200, 410, ...Array<number>(8).fill(200)]);
    const hits = await hitsOf(async () => {
      for (const [index, path] of paths.entries())
        expect([path, commonPart(await get(path))]).toEqual([path, first[index]]);
    });
    expect(hits).toBe(paths.length);
  });

  it('has the id of its own call, also of what is gone', async () => {
    const { id } = await published();
    await room.trash(id).expect(204);
    for (const path of ['/v1/latest', pathOf(id)])
      for (const requestId of ['first-call-1', 'second-call-2']) {
        const { headers, text } = await get(path).set('X-Request-Id', requestId);
        expect(headers['x-request-id']).toBe(requestId);
        if (path !== '/v1/latest') expect(JSON.parse(text).requestId).toBe(requestId);
      }
  });

  it('allows the origin of its own call and no other', async () => {
    const allowed = async (origin: string | null) => {
      const call = get('/v1/latest');
      return (await (origin === null ? call : call.set('Origin', origin))).headers['access-control-allow-origin'];
    };
    for (const origin of ['https://a.example', 'https://b.example', 'https://evil.example', null])
      expect(await allowed(origin)).toBe(origin?.includes('evil') ? undefined : (origin ?? undefined));
  });

  it('is one answer for every spelling of what is asked', async () => {
    const tag = await room.label('tags', { name: 'জোয়ার' });
    for (const title of ['জোয়ার এক', 'জোয়ার দুই']) await published({ title, tags: [tag.slug], language: 'bn-BD' });
    const { id } = await room.label('tags', { name: 'উজান' });
    const slug = encodeURIComponent(tag.slug);
    const spellings = [
      `/v1/latest?tag=${slug},${id}&language=bn-BD,en&limit=1`,
      `/v1/latest?limit=01&language=en,BN-bd&tag=${id},${slug},${slug}`,
      `/v1/latest?%74ag=${id}%2C${slug}&&limit=1&language=en%2Cbn-BD`,
    ];
    const answers: object[] = [];
    const hits = await hitsOf(async () => {
      for (const path of spellings) answers.push(commonPart(await get(path).expect(200)));
    });
    expect(answers).toEqual(Array(3).fill(answers[0]));
    expect(hits).toBe(2);
    expect(Object(answers[0]).headers.link).toMatch(/limit=1/);
    const [plain, said] = [await get('/v1/latest'), await get('/v1/latest?limit=20')];
    expect(commonPart(said)).toEqual(commonPart(plain));
  });

  it('answers HEAD and conditions as the database would', async () => {
    const { id } = await published();
    await caughtUp(room.app);
    const { headers, text } = await get(pathOf(id)).expect(200);
    const etag = String(headers.etag);
    const hits = await hitsOf(async () => {
      const head = await room.app.request('head', pathOf(id)).expect(200);
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)));
      const same = await get(pathOf(id)).set('If-None-Match', etag).expect(304);
      expect(same.headers).toMatchObject({ etag, vary: headers.vary, 'surrogate-key': headers['surrogate-key'] });
      expect(same.headers['cache-control']).toMatch(/^public, max-age=\d+$/);
      expect(same.headers).not.toHaveProperty('content-type');
      await get(pathOf(id)).set('If-None-Match', `"other", W/${etag}`).expect(304);
      await get(pathOf(id)).set('If-None-Match', '"other"').expect(200);
      await get(pathOf(id)).set('If-None-Match', 'broken').expect(400);
      await get(pathOf(id)).set('If-Match', '"7"').expect(412);
      await get(pathOf(id)).set('If-Match', '"7"').set('If-None-Match', etag).expect(412);
      await get(pathOf(id)).set('If-Match', etag).expect(200);
      await get(pathOf(id)).set('If-Match', 'broken').expect(400);
    });
    expect(hits).toBe(9);
  });

  it('is read from the database once, however many ask for it at once', async () => {
    const { id } = await published();
    await caughtUp(room.app);
    const before = state().misses;
    const answers = await Promise.all(Array.from({ length: 40 }, () => get(pathOf(id))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(state().misses - before).toBe(1);
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
    const path = pathFor(await published());
    await get(path);
    const entries = state().entries;
    expect(await hitsOf(async () => void (await get(path)))).toBe(0);
    expect(state().entries).toBeLessThanOrEqual(entries);
  });

  it('is an answer to a token, and nobody with a token gets what is kept', async () => {
    const draft = await room.story({});
    await room.read(draft.id, 'editor').expect(200);
    await room.read(draft.id).expect(404);
    const { id } = await published();
    await room.read(id).expect(200);
    const hits = await hitsOf(async () => {
      const { headers } = await room.read(id, 'viewer').expect(200);
      expect(headers['cache-control']).toBe('private, no-store, no-transform');
      await get(pathOf(id)).set('Authorization', '').expect(401);
      await get(pathOf(id)).set('Authorization', 'Bearer nonsense').expect(401);
    });
    expect(hits).toBe(0);
  });
});

describe('after a change the next reader', () => {
  it('sees it everywhere: page, old address, lists, other editions', async () => {
    const before = await published({ title: 'চরের মানুষ' });
    const edition = await published({ title: 'People of the char', language: 'en' });
    await room
      .as('editor', 'put', `${pathOf(edition.id)}/story`)
      .set('If-Match', '*')
      .send({ with: before.id })
      .expect(200);
    const paths = [pathOf(before.slug), pathOf(edition.id), '/v1/latest', '/v1/latest?language=bn', '/v1/articles'];
    for (const path of paths) expect((await get(path).expect(200)).text).toContain('চরের মানুষ');
    const { headers } = await get(pathOf(before.slug)).expect(200);
    await room.patch(before.id, { title: 'চরের জীবন', slug: 'চরের-জীবন' }).expect(200);
    await get(pathOf(before.slug)).expect(308);
    await get(pathOf(before.slug)).set('If-None-Match', String(headers.etag)).expect(308);
    for (const path of [pathOf('চরের-জীবন'), ...paths.slice(1)]) {
      const { text } = await get(path).expect(200);
      expect(text).toContain('চরের জীবন');
      expect(text).not.toContain('চরের মানুষ');
    }
  });

  it('sees a new name of a tag and of a source in pages and lists', async () => {
    const tag = await room.label('tags', { name: 'পুরোনো বিভাগ' });
    const source = await room.label('sources', { name: 'পুরোনো বার্তা' });
    const { id } = await published({ tags: [tag.id], source: source.id });
    const paths = [
      pathOf(id),
      '/v1/latest',
      `/v1/latest?tag=${encodeURIComponent(tag.slug)}`,
      '/v1/tags',
      '/v1/sources',
    ];
    for (const path of paths) await get(path).expect(200);
    const rename = (path: string, name: string) =>
      room.as('editor', 'patch', path).set('If-Match', '*').send({ name }).expect(200);
    await rename(`/v1/tags/${tag.id}`, 'নতুন বিভাগ');
    await rename(`/v1/sources/${source.id}`, 'নতুন বার্তা');
    for (const path of paths) expect((await get(path).expect(200)).text).not.toMatch(/পুরোনো (বিভাগ|বার্তা)"/);
  });

  it('finds what is gone, what is back, and what took its address', async () => {
    const { id, slug } = await published({ title: 'হাটবার' });
    await get(pathOf(slug)).expect(200);
    await room.step('archive', id).expect(200);
    await get(pathOf(slug)).expect(410);
    await room.step('restore', id).expect(200);
    await get(pathOf(slug)).expect(404);
    await room.step('publish', id).expect(200);
    await get(pathOf(slug)).expect(200);
    await room.patch(id, { slug: 'হাটবার-শেষে' }).expect(200);
    await get(pathOf(slug)).expect(308);
    const other = await published({ slug });
    expect((await get(pathOf(slug)).expect(200)).body.id).toBe(other.id);
  });
});

describe('what time alone changes', () => {
  /** Reads until the status is another; gives what `max-age` said meanwhile, with the time of each reading. */
  async function watch(path: string, status: number): Promise<{ at: number; maxAge: number; status: number }[]> {
    const seen: { at: number; maxAge: number; status: number }[] = [];
    await eventually(async () => {
      const answer = await get(path);
      const maxAge = Number(/max-age=(\d+)/.exec(String(answer.headers['cache-control']))?.[1] ?? 0);
      seen.push({ at: Date.now(), maxAge, status: answer.status });
      expect(answer.status).toBe(status);
    });
    return seen;
  }
  const soon = (ms: number) => new Date(Date.now() + ms);

  it('is shown until its instant and never after, and max-age never reaches past it', async () => {
    const over = soon(1_500);
    const { id } = await published({ expiresAt: over.toISOString() });
    const hits = await hitsOf(async () => {
      for (const { at, maxAge, status } of await watch(pathOf(id), 410)) {
        if (status === 200) expect(at + maxAge * 1_000).toBeLessThanOrEqual(over.getTime() + 50);
        else expect(at).toBeGreaterThanOrEqual(over.getTime() - 50);
      }
    });
    expect(hits).toBeGreaterThan(0);
    expect((await get('/v1/latest').expect(200)).text).not.toContain(id);
  });

  it('appears at its instant in what was kept before it was scheduled: lists, pages with a list, other editions', async () => {
    const edition = await published({ title: 'আগের সংস্করণ' });
    const paths = ['/v1/latest', '/v1/latest?language=en', pathOf(edition.id, '?include=latest'), pathOf(edition.id)];
    const draft = await room.story({ title: 'The later edition', language: 'en' });
    await room
      .as('editor', 'put', `${pathOf(draft.id)}/story`)
      .set('If-Match', '*')
      .send({ with: edition.id })
      .expect(200);
    await caughtUp(room.app);
    for (const path of paths) await get(path).expect(200);
    const due = soon(1_500);
    await room.step('publish', draft.id, { at: due.toISOString() }).expect(200);
    const hits = await hitsOf(async () => {
      await eventually(async () => {
        const texts = await Promise.all(paths.map(async (path) => (await get(path).expect(200)).text));
        const shown = texts.filter((text) => text.includes(draft.id)).length;
        if (shown > 0) expect(Date.now()).toBeGreaterThanOrEqual(due.getTime() - 50);
        expect(shown).toBe(paths.length);
      });
    });
    expect(Date.now()).toBeLessThan(due.getTime() + 5_000);
    expect(hits).toBeGreaterThan(0);
  });

  it('ends at its instant in what was kept before that was set: lists, pages with a list, other editions', async () => {
    const edition = await published({ title: 'যে থাকে' });
    const ending = await published({ title: 'What ends', language: 'en' });
    await room
      .as('editor', 'put', `${pathOf(ending.id)}/story`)
      .set('If-Match', '*')
      .send({ with: edition.id })
      .expect(200);
    const paths = [
      '/v1/latest',
      pathOf(edition.id, '?include=latest'),
      pathOf(edition.id),
      '/v1/articles?fields=translations',
    ];
    await caughtUp(room.app);
    for (const path of paths) await get(path).expect(200);
    const over = soon(1_500);
    await room.patch(ending.id, { expiresAt: over.toISOString() }).expect(200);
    await eventually(async () => {
      const asked = Date.now();
      const texts = await Promise.all(paths.map(async (path) => (await get(path).expect(200)).text));
      const shown = texts.filter((text) => text.includes(ending.id)).length;
      if (asked > over.getTime() + 50) expect(['after its end', shown]).toEqual(['after its end', 0]);
      expect(shown).toBe(0);
    });
    expect(Date.now()).toBeLessThan(over.getTime() + 5_000);
  });

  it('shows an article that comes due at an address where another one is gone', async () => {
    const first = await published({ slug: 'পালাবদল' });
    await room.patch(first.id, { slug: 'পালাবদল-আগের' }).expect(200);
    await room.trash(first.id).expect(204);
    await caughtUp(room.app);
    await get(pathOf('পালাবদল')).expect(410);
    const due = soon(1_500);
    const second = await published({ slug: 'পালাবদল', publishedAt: due.toISOString() });
    const statuses = (await watch(pathOf('পালাবদল'), 200)).map(({ status }) => status);
    expect([...new Set(statuses)].filter((status) => status !== 410)).toEqual([200]);
    expect((await get(pathOf('পালাবদল')).expect(200)).body.id).toBe(second.id);
    expect(Date.now()).toBeLessThan(due.getTime() + 5_000);
  });
});

describe('another instance', () => {
  let other: TestApp;
  let stopOther: () => Promise<void>;
  beforeAll(async () => {
    other = await startApp({}, { databaseUrl: room.app.databaseUrl });
    stopOther = await keepAnswers(other);
  });
  afterAll(async () => {
    await stopOther();
    await other.close();
  });

  it('shows a change within two seconds, though nothing tells it and the change has no position yet', async () => {
    const { id } = await published({ title: 'ওপারে' });
    const read = () => other.request('get', pathOf(id)).expect(200);
    for (const _ of [1, 2]) await read();
    await room.patch(id, { title: 'এপারে' }).expect(200);
    await eventually(async () => expect((await read()).body.title).toBe('এপারে'), 2_000);
  });

  it('answers from the database while it does not know what others have changed', async () => {
    const { id } = await published({ title: 'জানা নেই' });
    const read = () => other.request('get', pathOf(id)).expect(200);
    for (const _ of [1, 2]) await read();
    await stopOther();
    await room.patch(id, { title: 'জানা গেল' }).expect(200);
    expect((await read()).body.title).toBe('জানা গেল');
    stopOther = await keepAnswers(other);
    for (const _ of [1, 2]) expect((await read()).body.title).toBe('জানা গেল');
  });
});

it('tells operators of hits, misses, memory and how far what others change is known', async () => {
  for (const _ of [1, 2]) await get('/v1/latest').expect(200);
  const { text } = await get('/metrics').expect(200);
  const sampleOf = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')[1],
    );
  const { hits, misses } = state();
  expect(sampleOf('response_cache_requests_total{result="hit"}')).toBe(hits);
  expect(sampleOf('response_cache_requests_total{result="miss"}')).toBe(misses);
  for (const sample of ['response_cache_bytes', 'response_cache_entries']) expect(sampleOf(sample)).toBeGreaterThan(0);
  expect(sampleOf('outbox_following_lag_seconds')).toBeLessThan(2);
});

it('RESPONSE_CACHE_BYTES=0 keeps nothing, and answers as ever', async () => {
  const plain = await startApp({ RESPONSE_CACHE_BYTES: '0' }, { databaseUrl: room.app.databaseUrl });
  try {
    expect(plain.deps.cache).toBeNull();
    const paths = ['/v1/latest', '/v1/tags', '/v1/articles/never-there'];
    for (const path of paths) {
      const [kept, read] = [await get(path), await plain.request('get', path)];
      expect(commonPart(read)).toEqual(commonPart(kept));
    }
  } finally {
    await plain.close();
  }
});
