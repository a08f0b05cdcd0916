import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CachedRoom, caughtUp, openCachedRoom } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { pathOf } from '../support/newsroom.ts';

let kept: CachedRoom;
beforeAll(async () => {
  kept = await openCachedRoom();
});
afterAll(() => kept.close());

describe('what time alone changes', () => {
  /** Reads until the status is another; gives what `max-age` said meanwhile, with the time of each reading. */
  async function watch(path: string, status: number): Promise<{ at: number; maxAge: number; status: number }[]> {
    const seen: { at: number; maxAge: number; status: number }[] = [];
    await eventually(async () => {
      const answer = await kept.get(path);
      const maxAge = Number(/max-age=(\d+)/.exec(String(answer.headers['cache-control']))?.[1] ?? 0);
      seen.push({ at: Date.now(), maxAge, status: answer.status });
      expect(answer.status).toBe(status);
    });
    return seen;
  }
  const soon = (ms: number) => new Date(Date.now() + ms);

  it('is shown until its instant and never after, and max-age never reaches past it', async () => {
    const over = soon(3_000);
    const { id } = await kept.published({ expiresAt: over.toISOString() });
    const hits = await kept.hitsOf(async () => {
      for (const { at, maxAge, status } of await watch(pathOf(id), 410)) {
        if (status === 200) expect(at + maxAge * 1_000).toBeLessThanOrEqual(over.getTime() + 50);
        else expect(at).toBeGreaterThanOrEqual(over.getTime() - 50);
      }
    });
    expect(hits).toBeGreaterThan(0);
    expect((await kept.get('/v1/latest').expect(200)).text).not.toContain(id);
  });

  it('appears at its instant in what was kept before it was scheduled: lists, pages with a list, other editions', async () => {
    const edition = await kept.published({ title: 'আগের সংস্করণ' });
    const paths = ['/v1/latest', '/v1/latest?language=en', pathOf(edition.id, '?include=latest'), pathOf(edition.id)];
    const draft = await kept.room.story({ title: 'The later edition', language: 'en' });
    await kept.room.link(draft.id, edition.id).expect(200);
    await caughtUp(kept.room.app);
    for (const path of paths) await kept.get(path).expect(200);
    const due = soon(1_500);
    await kept.room.step('publish', draft.id, { at: due.toISOString() }).expect(200);
    const hits = await kept.hitsOf(async () => {
      await eventually(async () => {
        const texts = await Promise.all(paths.map(async (path) => (await kept.get(path).expect(200)).text));
        const shown = texts.filter((text) => text.includes(draft.id)).length;
        if (shown > 0) expect(Date.now()).toBeGreaterThanOrEqual(due.getTime() - 50);
        expect(shown).toBe(paths.length);
      });
    });
    expect(Date.now()).toBeLessThan(due.getTime() + 5_000);
    expect(hits).toBeGreaterThan(0);
  });

  it('ends at its instant in what was kept before that was set: lists, pages with a list, other editions', async () => {
    const edition = await kept.published({ title: 'যে থাকে' });
    const ending = await kept.published({ title: 'What ends', language: 'en' });
    await kept.room.link(ending.id, edition.id).expect(200);
    const paths = [
      '/v1/latest',
      pathOf(edition.id, '?include=latest'),
      pathOf(edition.id),
      '/v1/articles?fields=translations',
    ];
    await caughtUp(kept.room.app);
    for (const path of paths) await kept.get(path).expect(200);
    const over = soon(1_500);
    await kept.room.patch(ending.id, { expiresAt: over.toISOString() }).expect(200);
    await eventually(async () => {
      const asked = Date.now();
      const texts = await Promise.all(paths.map(async (path) => (await kept.get(path).expect(200)).text));
      const shown = texts.filter((text) => text.includes(ending.id)).length;
      if (asked > over.getTime() + 50) expect(['after its end', shown]).toEqual(['after its end', 0]);
      expect(shown).toBe(0);
    });
    expect(Date.now()).toBeLessThan(over.getTime() + 5_000);
  });

  it('shows an article that comes due at an address where another one is gone', async () => {
    const first = await kept.published({ slug: 'পালাবদল' });
    await kept.room.patch(first.id, { slug: 'পালাবদল-আগের' }).expect(200);
    await kept.room.trash(first.id).expect(204);
    await caughtUp(kept.room.app);
    await kept.get(pathOf('পালাবদল')).expect(410);
    const due = soon(1_500);
    const second = await kept.published({ slug: 'পালাবদল', publishedAt: due.toISOString() });
    const statuses = (await watch(pathOf('পালাবদল'), 200)).map(({ status }) => status);
    expect([...new Set(statuses)].filter((status) => status !== 410)).toEqual([200]);
    expect((await kept.get(pathOf('পালাবদল')).expect(200)).body.id).toBe(second.id);
    expect(Date.now()).toBeLessThan(due.getTime() + 5_000);
  });
});
