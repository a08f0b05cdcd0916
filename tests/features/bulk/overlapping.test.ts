import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';

/** Articles of a bulk are prepared while the database stores the one before. */

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const create = (title: string, more: object = {}) => ({
  op: 'create',
  body: { title, body: '<p>ঘাটে ভিড়।</p>', ...more },
});
const bulk = (operations: object[], atomic: boolean) =>
  room.as('editor', 'post', '/v1/articles/bulk').send({ operations, atomic });
const slugsOfEvents = async (from: string) => {
  const text = `SELECT e.data->>'slug' AS slug FROM events e WHERE e.type = 'article.created' AND e.data->>'slug' LIKE $1 ORDER BY e.id`;
  return (await room.app.sql<{ slug: string }>(text, [`${from}%`])).map(({ slug }) => slug);
};

describe.each([
  ['one for one', false],
  ['all or nothing', true],
] as const)('a bulk of creates, %s', (_name, atomic) => {
  const word = atomic ? 'সব' : 'একা';

  it('records its articles in the order of the operations, also where several would have one slug', async () => {
    const titles = Array.from({ length: 30 }, (_, index) => `${word} ${index % 3 === 0 ? 'হাট' : index}`);
    const { body } = await bulk(
      titles.map((title) => create(title)),
      atomic,
    ).expect(200);
    const slugs = body.results.map(({ article }: { article: { slug: string } }) => article.slug);
    expect(new Set(slugs).size).toBe(30);
    expect(slugs.filter((slug: string) => slug.includes('হাট'))[9]).toMatch(/-10$/);
    expect(await slugsOfEvents(word)).toEqual(slugs);
  });

  it('tells of the first that cannot be made, and not of one behind it', async () => {
    const operations = [
      create(`${word} নদী`),
      create(`${word} বন`, { tags: ['নেই-এমন-বিষয়'] }),
      create(`${word} ঝড়`, { slug: '' }),
      create(`${word} পাখি`),
    ];
    const { body, status } = await bulk(operations, atomic);
    if (atomic) {
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain('/operations/1/');
      expect(await slugsOfEvents(`${word}-নদী`)).toEqual([]);
    } else {
      expect(body.results.map((one: { status: number }) => one.status)).toEqual([201, 422, 400, 201]);
      expect(await slugsOfEvents(`${word}-পাখি`)).toHaveLength(1);
    }
  });
});
