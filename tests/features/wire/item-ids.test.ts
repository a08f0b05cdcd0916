import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDraftDesk } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, pointers } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/bss/items/${encodeURIComponent(itemId)}`).send(body);
const item = (itemVersion: number) => ({ itemVersion, title: 'ভৈরবে নৌকাবাইচ' });

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'বাসস', slug: 'bss' });
});
afterAll(() => room.close());

const unclean = [
  ['a tab', 'ক\tখ'],
  ['a no-break space', 'ক\u00A0খ'],
  ['a soft hyphen', 'ক\u00ADখ'],
  ['a zero-width space', 'ক\u200Bখ'],
  ['a bidi mark', 'ক\u200Fখ'],
  ['a line separator', 'ক\u2028খ'],
  ['a line break', 'ক\r\nখ'],
  ['a control character', 'ক\u0007খ'],
  ['a byte order mark', '\uFEFFক'],
  ['a blank before it', ' ক'],
  ['a wide blank behind it', 'ক\u3000'],
  ['nothing that shows', '\u200D'],
] as const;

describe("an item's id", () => {
  it.each(unclean)('with %s is refused wherever it is sent, and nothing is written', async (_, sourceItemId) => {
    const wire = await changesNothing(room, () => put(sourceItemId, item(1)).expect(400));
    expect(pointers(wire)).toEqual(['/sourceItemId']);
    const story = await room.story();
    const body = { source: 'bss', sourceItemId };
    const calls = [
      () => room.create({ title: 'ঘাটের খবর', ...body }),
      () => room.patch(story.id, body),
      () => openDraftDesk(room).patch(story.id, body),
      () => openDraftDesk(room).put(story.id, body),
    ];
    for (const call of calls) {
      const refused = await changesNothing(room, call);
      expect([refused.status, pointers(refused)]).toEqual([400, ['/sourceItemId']]);
    }
  });

  it('is one in every canonically equivalent spelling, by path and by body', async () => {
    const { body } = await put('পড়া-উৎসব', item(1)).expect(201);
    for (const spelling of ['পড\u09BCা-উৎসব', 'প\u09DCা-উত\u09CD\u200Dসব']) {
      expect((await put(spelling, item(1)).expect(200)).body.id).toBe(body.id);
      const taken = await room.create({ title: 'অন্য', source: 'bss', sourceItemId: spelling }).expect(409);
      expect(taken.body.code).toBe('source-item-taken');
    }
  });

  it('has 1 to 255 characters', async () => {
    await put('𝒳'.repeat(255), item(1)).expect(201);
    const over = await put('𝒳'.repeat(256), item(1)).expect(400);
    expect(over.body.errors[0].detail).toContain('255');
    const none = await room.create({ title: 'ক', source: 'bss', sourceItemId: '' }).expect(400);
    expect(pointers(none)).toEqual(['/sourceItemId']);
  });

  it('keeps spaces within, joiners and case, each an id of its own', async () => {
    const ids = ['ক খ', 'ক  খ', 'র\u200D্যাব', 'র্যাব', 'Ab', 'ab'];
    const made = new Set<string>();
    for (const id of ids) made.add((await put(id, item(1)).expect(201)).body.id);
    expect(made.size).toBe(ids.length);
  });
});

it('finds events by a request id as it is, and refuses one that no request can have', async () => {
  const find = (request: string) => room.as('admin', 'get', `/v1/events?request=${encodeURIComponent(request)}`);
  await room.as('editor', 'post', '/v1/articles').set('X-Request-Id', 'wire:0001').send({ title: 'নদী' }).expect(201);
  expect((await find('wire:0001').expect(200)).body.data).toHaveLength(1);
  for (const other of ['wire:0001 ', 'wire:\u200B0001']) await find(other).expect(400);
});
