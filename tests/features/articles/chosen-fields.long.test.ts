import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { publicArticleFields } from '../../../src/article/field-lists.ts';
import { fullStory, type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';
import { countStatements } from '../../support/statement-count.ts';

let room: Newsroom;
let ids: string[] = [];
beforeAll(async () => {
  room = await openNewsroom();
  const full = await room.story({
    ...(await fullStory(room)),
    status: 'published',
    body: '<p>"উদ্ধৃতি" \\ ও নতুন\nলাইন</p>',
  });
  await room.patch(full.id, { title: 'নদীর "খবর" \\ ও ট্যাব', kicker: '{"ক":1}' }).expect(200);
  const bare = await room.story({ status: 'published' });
  const edition = await room.story({ status: 'published', language: 'en' });
  await room.link(edition.id, full.id).expect(200);
  ids = [full.id, bare.id, edition.id];
});
afterAll(() => room.close());

const textOf = async (path: string) => (await room.as(null, 'get', path).expect(200)).text;

/** The chosen members of an object, in its own order, as JSON. */
const picked = (whole: object, chosen: readonly string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([name]) => name === 'id' || chosen.includes(name))));
const normal = (text: string) => JSON.stringify(JSON.parse(text));

it('a page and a list with chosen fields have those of the whole, in its order, whatever is chosen', async () => {
  const wholes = await Promise.all(ids.map(async (id) => JSON.parse(await textOf(pathOf(id)))));
  const property = fc.asyncProperty(fc.subarray([...publicArticleFields], { minLength: 1 }), async (chosen) => {
    const query = `fields=${chosen.toReversed().join()}`;
    for (const [index, id] of ids.entries())
      expect(normal(await textOf(pathOf(id, `?${query}`)))).toBe(picked(wholes[index], chosen));
    const { data } = JSON.parse(await textOf(`/v1/articles?ids=${ids.join()}&${query}`));
    const listed = JSON.parse(await textOf(`/v1/articles?${query}&limit=3`));
    expect(JSON.stringify(listed.data)).toBe(JSON.stringify(data));
    const byId = new Map(wholes.map((whole) => [whole.id, whole]));
    expect(data).toHaveLength(3);
    for (const item of data) expect(JSON.stringify(item)).toBe(picked(byId.get(item.id), chosen));
  });
  await fc.assert(property, { numRuns: 60 });
});

it('whatever is chosen, a page is one statement, and the same one', async () => {
  const names = () =>
    room.app.sql<{ name: string }>(`SELECT name FROM pg_prepared_statements WHERE name LIKE '%chosen%'`);
  const count = countStatements(room.app.deps.db.pool);
  await textOf(pathOf(ids[0] ?? '', '?fields=title'));
  expect(count()).toBe(1);
  for (const field of publicArticleFields) await textOf(pathOf(ids[0] ?? '', `?fields=${field}`));
  expect(await names()).toEqual([{ name: 'article-id-chosen' }]);
});
