import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, pointers } from '../../support/newsroom.ts';

/** Columns times rows, of which only the sum is written. */
const table = (columns: number, rows: number) =>
  `${'a|'.repeat(columns)}\n${'-|'.repeat(columns)}\n${'x\n'.repeat(rows)}`;
const opened = (title: number, paragraphs: number) =>
  `<p><b title="${'a'.repeat(title)}">x${'<p>x'.repeat(paragraphs)}`;

/** What makes more than a body may: the format, the body, and what of the budget the sentence names. */
const costly: [string, string, string, string][] = [
  ['a table in a quote', 'markdown', table(300, 300).replaceAll(/^/gm, '> '), '20,000 elements'],
  ['a title that paragraphs open again', 'html', opened(2_000, 3_000), '2,000,000 bytes'],
  ['20,001 lines', 'text', 'ক\n'.repeat(20_001), '20,000 elements'],
  ['one in a srcset', 'html', `<img srcset="/a 1x, /${'a'.repeat(2_000)} 2x">`, '2,000 characters'],
];

/** As much as a body may make. */
const within: [string, string, string][] = [
  ['20,000 line breaks', 'html', '<br>'.repeat(20_000)],
  ['an address of 2,000 letters', 'html', `<a href="/${'ক'.repeat(1_999)}">ক</a>`],
  ['the same in markdown', 'markdown', `[ক](/${'ক'.repeat(1_999)})`],
  ['six long addresses in a srcset', 'html', `<img srcset="${`/${'a'.repeat(1_990)} 2x, `.repeat(6)}" alt="">`],
  ['an alt of 2,000 units', 'html', `<img src="/a" alt="${'ক'.repeat(2_000)}">`],
  ['a title of 1,000 letters, opened again 200 times', 'html', opened(1_000, 200)],
  ['a picture in the text, which goes', 'html', `<p>ক<img src="data:image/png;base64,${'A'.repeat(200_000)}"></p>`],
  ['a table of 100 columns and 150 rows', 'markdown', table(100, 150)],
];

describe('what a body may make', () => {
  let room: Newsroom;

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('sources', { name: 'তিস্তা বার্তা', slug: 'teesta' });
  });
  afterAll(() => room.close());

  it.each(costly)('is bounded: %s is 400 on every road, and nothing is stored', async (_, bodyFormat, body, budget) => {
    const { id } = await room.story({ body: 'ক', bodyFormat: 'text' });
    const asked = [
      room.create({ title: 'ক', body, bodyFormat }),
      room.create({ title: 'ক', body, bodyFormat }).set('Idempotency-Key', `key-${budget.length}-${body.length}`),
      room.patch(id, { body, bodyFormat }),
      room.as('editor', 'patch', pathOf(id, '/draft')).set('If-Match', '*').send({ body, bodyFormat }),
      room.as('editor', 'put', '/v1/sources/teesta/items/1').send({ itemVersion: 1, title: 'ক', body, bodyFormat }),
    ];
    for (const request of asked) {
      const { body: problem } = await changesNothing(room, () => request.expect(400));
      expect(problem).toMatchObject({ code: 'body-too-costly', detail: expect.stringContaining(budget) });
      expect(pointers({ body: problem })).toEqual(['/body']);
    }
  });

  it('is bounded in each operation of a bulk by itself', async () => {
    const [, bodyFormat, body] = costly[0] ?? [];
    const operations = [
      { op: 'create', body: { title: 'এক', body, bodyFormat } },
      { op: 'create', body: { title: 'দুই', body: 'ক' } },
    ];
    const call = (atomic: boolean) => room.as('editor', 'post', '/v1/articles/bulk').send({ operations, atomic });
    const { results } = (await call(false).expect(200)).body;
    expect(results.map(({ status }: { status: number }) => status)).toEqual([400, 201]);
    expect(results[0].problem.code).toBe('body-too-costly');
    const refused = await changesNothing(room, () => call(true).expect(422));
    expect(pointers(refused)).toContain('/operations/0/body/body');
  });

  it.each(within)('may be %s', async (_, bodyFormat, body) => {
    const story = await room.story({ body, bodyFormat });
    const again = await room.patch(story.id, { body: story.body, bodyFormat }).expect(200);
    expect(again.body).toMatchObject({ version: story.version, bodyHtml: story.bodyHtml });
  });
});
