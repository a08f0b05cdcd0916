import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';

const ahead = new Date(Date.now() + 86_400_000).toISOString();
const before = '2025-01-01T00:00:00Z';

let room: Newsroom;
let count = 0;
/** Was public under `s1` and is public under another slug now. */
let x: Story;
let s1 = '';

beforeAll(async () => {
  room = await openNewsroom();
});
beforeEach(async () => {
  count += 1;
  s1 = `ghat-${count}`;
  x = await room.story({ slug: s1, status: 'published' });
  await room.patch(x.id, { slug: `${s1}-x` }).expect(200);
});
afterAll(() => room.close());

const listed = async (): Promise<string | undefined> => {
  const { body } = await room.as(null, 'get', '/v1/redirects?limit=100').expect(200);
  return body.data.find(({ from }: { from: string }) => from === s1)?.to;
};
/** What readers get under `s1`: the article that it leads to, or the status. The list of redirects says the same. */
const reached = async (): Promise<string | number> => {
  const { status, headers } = await room.read(s1);
  const to = String(headers.location).split('/').at(-1) ?? '';
  expect(await listed()).toBe(status === 308 ? to : undefined);
  return status === 308 ? to : status;
};
const passes = (id: string, what: string) => room.app.sql(`UPDATE articles SET ${what} WHERE id = $1`, [id]);

describe('a slug under which another article was public since', () => {
  it.each([
    ['unpublished', (id: string) => room.step('unpublish', id)],
    ['scheduled again', (id: string) => room.step('publish', id, { at: ahead })],
    ['given a date ahead', (id: string) => room.patch(id, { publishedAt: ahead })],
    [
      'killed by its wire',
      async (id: string) => {
        const source = await room.label('sources', { name: `তার ${count}`, slug: `wire-${count}` });
        await room.patch(id, { source: source.id, sourceItemId: 'k-1' }).expect(200);
        return room
          .as('editor', 'put', `/v1/sources/wire-${count}/items/k-1`)
          .send({ itemVersion: 9, kill: { reason: 'ভুল' } });
      },
    ],
  ])('is 404 once that one is %s, and leads to nobody else', async (_, takeBack) => {
    const y = await room.story({ slug: s1, status: 'published' });
    expect(await reached()).toBe(200);
    expect((await takeBack(y.id)).status).toBe(200);
    expect(await reached()).toBe(404);
    expect((await room.read(s1, 'editor').expect(200)).body.id).toBe(y.id);
    await room.step('publish', y.id).expect(200);
    expect(await reached()).toBe(200);
    await room.read(`${s1}-x`).expect(200);
  });

  it('is 404 also where that one came out at its time, and from the moment in which it takes another slug as a draft', async () => {
    const y = await room.story({ slug: s1, status: 'published', publishedAt: ahead });
    expect(await reached()).toBe(`${s1}-x`);
    await passes(y.id, `published_at = now() - interval '1 hour', first_published_at = now() - interval '1 hour'`);
    expect(await reached()).toBe(200);
    await room.step('unpublish', y.id).expect(200);
    expect(await reached()).toBe(404);
    await room.patch(y.id, { slug: `${s1}-y` }).expect(200);
    expect(await reached()).toBe(404);
    await room.step('publish', y.id).expect(200);
    expect(await reached()).toBe(`${s1}-y`);
  });

  it('is withdrawn with that one where one call takes slug and date, and 404 where one that had expired is taken back', async () => {
    const y = await room.story({ slug: s1, status: 'published', publishedAt: before });
    await room.patch(y.id, { slug: `${s1}-y`, expiresAt: '2025-02-01T00:00:00Z' }).expect(200);
    expect(await reached()).toBe(410);
    const z = await room.story({ slug: s1, status: 'published', publishedAt: before, expiresAt: ahead });
    expect(await reached()).toBe(200);
    await passes(z.id, `expires_at = now() - interval '1 second'`);
    await room.step('unpublish', z.id).expect(200);
    expect(await reached()).toBe(404);
  });

  it('is 410 once that one has expired, is archived or in the trash, and free for nobody once it is purged', async () => {
    const y = await room.story({ slug: s1, status: 'published', publishedAt: before, expiresAt: ahead });
    await passes(y.id, `expires_at = now() - interval '1 second'`);
    expect(await reached()).toBe(410);
    await room.step('archive', y.id).expect(200);
    expect(await reached()).toBe(410);
    await room.trash(y.id).expect(204);
    expect(await reached()).toBe(410);
    await room
      .as('admin', 'post', `${pathOf(y.id)}/purge`)
      .set('If-Match', '*')
      .expect(204);
    expect(await reached()).toBe(404);
  });

  it('makes the list of redirects stale', async () => {
    const y = await room.story({ slug: s1, status: 'published' });
    await room.step('unpublish', y.id).expect(200);
    expect((await room.events(y.id)).at(-1)?.keys).toContain('redirects');
  });
});

describe('a slug that another article has, under which readers never had it', () => {
  it.each([
    ['a draft', async () => room.story({ slug: s1 })],
    [
      'a draft that was public under another slug',
      async () => {
        const y = await room.story({ slug: `${s1}-old`, status: 'published' });
        await room.step('unpublish', y.id).expect(200);
        await room.patch(y.id, { slug: s1 }).expect(200);
        return y;
      },
    ],
    [
      'one that was to come and was taken back before',
      async () => {
        const y = await room.story({ slug: s1, status: 'published', publishedAt: ahead });
        await room.step('unpublish', y.id).expect(200);
        return y;
      },
    ],
    [
      'one that took it when it had expired',
      async () => {
        const y = await room.story({ slug: `${s1}-old`, status: 'published', publishedAt: before, expiresAt: ahead });
        await passes(y.id, `expires_at = now() - interval '1 minute'`);
        await room.patch(y.id, { slug: s1 }).expect(200);
        return y;
      },
    ],
    [
      'one that took it when it was archived',
      async () => {
        const y = await room.story({ slug: `${s1}-old`, status: 'published' });
        await room.step('archive', y.id).expect(200);
        await room.patch(y.id, { slug: s1 }).expect(200);
        return y;
      },
    ],
  ])('changes nothing for readers: %s', async (_, take) => {
    const bytes = async () => {
      const { status, text, headers } = await room.read(s1);
      return [status, text, headers.location, headers['cache-control']];
    };
    const old = await bytes();
    const y = await take();
    expect(await bytes()).toEqual(old);
    expect(await reached()).toBe(`${s1}-x`);
    await room.patch(y.id, { slug: `${s1}-later` }).expect(200);
    expect(await bytes()).toEqual(old);
    await room.trash(y.id).expect(204);
    expect(await bytes()).toEqual(old);
  });

  it('leads to its own article still, where that is renamed back as a draft and away again', async () => {
    await room.step('unpublish', x.id).expect(200);
    await room.patch(x.id, { slug: s1 }).expect(200);
    expect(await reached()).toBe(404);
    await room.patch(x.id, { slug: `${s1}-new` }).expect(200);
    await room.step('publish', x.id).expect(200);
    for (const old of [s1, `${s1}-x`]) {
      const { headers } = await room.read(old).expect(308);
      expect(headers.location).toBe(`https://news.example/api${pathOf(`${s1}-new`)}`);
    }
  });
});
