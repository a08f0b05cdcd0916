import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';

let room: Newsroom;
const draftOf = (id: string, method: 'get' | 'put' | 'patch' | 'delete', body?: object) => {
  const request = room.as('editor', method, `${pathOf(id)}/draft`);
  if (method !== 'get') request.set('If-Match', '*');
  return body === undefined ? request : request.send(body);
};

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('what is said of a working draft', () => {
  it('is no change of the article where baseVersion was never a version of it', async () => {
    const { id } = await room.story({ status: 'published' });
    for (const method of ['put', 'patch'] as const) {
      const { body } = await draftOf(id, method, { title: 'ক', baseVersion: 99 }).expect(409);
      expect(body).toMatchObject({
        code: 'draft-behind',
        articleVersion: 1,
        liveChanges: [],
        detail:
          'baseVersion is not the version of the article, which is 1. Look at both differences, then send that one.',
      });
    }
    await draftOf(id, 'put', { title: 'ক', baseVersion: 1 }).expect(200);
    const { body } = await draftOf(id, 'patch', { baseVersion: 99 }).expect(409);
    expect(body.detail).toContain('which is 1.');
    await room.patch(id, { title: 'অন্য শিরোনাম' }).expect(200);
    const again = await draftOf(id, 'patch', { baseVersion: 1 }).expect(409);
    expect([again.body.detail.includes('which is 2.'), again.body.liveChanges.length]).toEqual([true, 1]);
  });

  it('is the same of an article that is not there, whatever is asked; another thing where only the draft is not there', async () => {
    const { id, slug } = await room.story({ slug: 'purono-nam', status: 'published' });
    await room.patch(id, { slug: 'notun-nam' }).expect(200);
    for (const name of ['no-such', slug, '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11']) {
      const details = [];
      for (const method of ['get', 'put', 'patch', 'delete'] as const) {
        const body = method === 'put' || method === 'patch' ? { title: 'ক' } : undefined;
        details.push((await draftOf(name, method, body).expect(404)).body.detail);
      }
      expect(details).toEqual(Array.from({ length: 4 }, () => 'There is nothing here.'));
    }
    for (const name of [id, 'notun-nam', 'NOTUN-NAM'])
      for (const method of ['get', 'delete'] as const)
        expect((await draftOf(name, method).expect(404)).body.detail).toBe('This article has no working draft.');
  });
});
