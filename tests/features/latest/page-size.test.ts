import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.ts';
import { plantStories } from '../../support/stories.ts';

let app: TestApp;
let id: string;
const read = async (path: string) => (await app.request('get', path).expect(200)).body;

beforeAll(async () => {
  app = await startApp({ PAGE_ITEMS_MAX: '5' });
  await plantStories(
    app,
    Array.from({ length: 8 }, (_, index) => ({ language: index < 2 ? 'en' : 'bn' })),
  );
  id = (await read('/v1/latest?limit=1')).data[0].id;
});
afterAll(() => app.close());

describe('a page', () => {
  it('holds no more than PAGE_ITEMS_MAX, also where nobody says how many', async () => {
    expect((await read('/v1/latest')).data).toHaveLength(5);
    expect((await read('/v1/articles')).data).toHaveLength(5);
    expect((await read(`/v1/articles/${id}?include=latest`)).latest.data).toHaveLength(5);
    await app.request('get', '/v1/latest?limit=6').expect(400);
    await app.request('get', `/v1/articles/${id}?include=latest&latestLimit=6`).expect(400);
  });

  it('includes as many of the latest as are asked for, in the languages asked for, without the article', async () => {
    const { latest } = await read(`/v1/articles/${id}?include=latest&latestLimit=3`);
    expect(latest.data.map((item: { id: string }) => item.id)).toEqual(
      (await read(`/v1/latest?limit=3&exclude=${id}`)).data.map((item: { id: string }) => item.id),
    );
    const english = await read(`/v1/articles/${id}?include=latest&latestLanguage=EN`);
    expect(english.latest.data.map((item: { language: string }) => item.language)).toEqual(['en', 'en']);
  });

  it('refuses what shapes the list where none is included', async () => {
    const { body } = await app.request('get', `/v1/articles/${id}?latestLimit=3&latestLanguage=bn`).expect(400);
    expect(body.errors).toEqual([
      { in: 'query', pointer: '/latestLimit', detail: 'It goes with include=latest.' },
      { in: 'query', pointer: '/latestLanguage', detail: 'It goes with include=latest.' },
    ]);
  });
});
