import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, pointers } from '../../support/newsroom.ts';

/** Columns times rows, of which only the sum is written. */
const table = (columns: number, rows: number) =>
  `${'a|'.repeat(columns)}\n${'-|'.repeat(columns)}\n${'x\n'.repeat(rows)}`;
const opened = (title: number, paragraphs: number) =>
  `<p><b title="${'a'.repeat(title)}">x${'<p>x'.repeat(paragraphs)}`;
const referred = (address: number, times: number, sign = '') =>
  `[a]: /${'a'.repeat(address - 1)}\n\n${`${sign}[a] `.repeat(times)}`;

/** What makes more than a body may: the format, the body, and what of the budget the sentence names. */
const costly: [string, string, string, string][] = [
  ['a table of 2,000 columns', 'markdown', table(2_000, 2_000), '20,000 elements'],
  ['a table of 10,000 columns', 'markdown', table(10_000, 10_000), '20,000 elements'],
  ['a table in a quote', 'markdown', table(300, 300).replaceAll(/^/gm, '> '), '20,000 elements'],
  ['a title that paragraphs open again', 'html', opened(2_000, 3_000), '2,000,000 bytes'],
  ['a title of 20,000 letters', 'html', opened(20_000, 3_000), '2,000 UTF-16 units; title'],
  ['a reference named 2,000 times', 'markdown', referred(1_900, 2_000), '2,000,000 bytes'],
  ['a picture named 2,000 times', 'markdown', referred(1_900, 2_000, '!'), '2,000,000 bytes'],
  ['an address of 5,000 letters', 'markdown', referred(5_000, 2_000), '2,000 characters'],
  ['tags that stay open', 'html', '<b id=a><i id=b><p>'.repeat(13_000), '20,000 elements'],
  ['20,001 line breaks', 'html', '<br>'.repeat(20_001), '20,000 elements'],
  ['20,001 lines', 'text', 'ক\n'.repeat(20_001), '20,000 elements'],
  ['an address of 2,001 letters', 'html', `<a href="/${'ক'.repeat(2_000)}">ক</a>`, '2,000 characters'],
  ['one in a srcset', 'html', `<img srcset="/a 1x, /${'a'.repeat(2_000)} 2x">`, '2,000 characters'],
  ['an alt of 2,001 units', 'html', `<img src="/a" alt="${'ক'.repeat(2_001)}">`, '2,000 UTF-16 units; alt'],
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

  it('counts the characters of the body as it is stored, so that what was stored can be sent back', async () => {
    const refused = await changesNothing(room, () => room.create({ title: 'ক', body: '&'.repeat(60_000) }).expect(400));
    expect(pointers(refused)).toEqual(['/body']);
    const longest = await room.story({ body: '&'.repeat(50_000) });
    expect(longest.body).toHaveLength(250_000);
    await room.patch(longest.id, { body: longest.body }).expect(200);
    // Shown with the public address it is longer than it is stored.
    const links = await room.story({ body: '<a href="/a">ক</a>'.repeat(12_000) });
    expect(links.body.length).toBeGreaterThan(250_000);
    const { body: again } = await room.patch(links.id, { body: links.body }).expect(200);
    expect(again.version).toBe(links.version);
    for (const bodyFormat of ['text', 'markdown']) {
      await room.create({ title: 'ক', body: 'ক'.repeat(250_001), bodyFormat }).expect(400);
      await room.create({ title: 'ক', body: 'ক'.repeat(250_000), bodyFormat }).expect(201);
    }
  });

  it.each([
    ['html', opened(2_000, 3_000)],
    ['markdown', table(300, 300).trim()],
    ['html', `<p>${'&amp;'.repeat(60_000)}</p>`],
  ])(
    'leaves an older body of %s that makes more as it is: it is read, kept with other members, sent back',
    async (bodyFormat, body) => {
      const { id } = await room.story({ body: 'ক', bodyFormat });
      const html = `<p>${'পুরোনো '.repeat(500)}</p>`;
      await room.app.sql('UPDATE articles SET body = $2, body_html = $3 WHERE id = $1', [id, body, html]);
      expect(await room.seen(id)).toMatchObject({ body, bodyHtml: html });
      await room.patch(id, { kicker: 'নতুন' }).expect(200);
      const { body: sent } = await room.patch(id, { kicker: 'আরও নতুন', body, bodyFormat }).expect(200);
      expect(sent).toMatchObject({ version: 3, body, bodyHtml: html });
      const draft = await room
        .as('editor', 'patch', pathOf(id, '/draft'))
        .set('If-Match', '*')
        .send({ body })
        .expect(200);
      expect(draft.body.bodyHtml).toBe(html);
      await room.patch(id, { body: `${body} ক`, bodyFormat }).expect(400);
    },
  );
});
