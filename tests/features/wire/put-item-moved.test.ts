import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDraftDesk } from '../../support/drafts.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (source: string, itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${source}/items/${itemId}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'চরে নতুন বাঁধ', ...more });

beforeAll(async () => {
  room = await openNewsroom();
  for (const slug of ['bss', 'unb']) await room.label('sources', { name: slug, slug });
});
afterAll(() => room.close());

it('a kill that came before its item still waits for it once its source went over into another', async () => {
  await room.label('sources', { name: 'afp', slug: 'afp' });
  const { body } = await put('afp', 'early', { itemVersion: 1, kill: { reason: 'ভুল তথ্য' } }).expect(201);
  await room.as('editor', 'delete', '/v1/sources/afp?reassignTo=unb').set('If-Match', '*').expect(204);
  const alive = await put('unb', 'early', item(2)).expect(200);
  expect(alive.body).toMatchObject({ id: body.id, status: 'published', deletedAt: null, warnings: [] });
  await room.read(body.id).expect(200);
});

describe('an item that the desk gave to another source', () => {
  it.each<[string, (id: string) => Promise<unknown>]>([
    ['by a change', async (id) => room.patch(id, { source: 'unb' }).expect(200)],
    [
      'by publishing a draft',
      async (id) => {
        await openDraftDesk(room).draft(id, { source: 'unb' });
        await room.step('publish', id).expect(200);
      },
    ],
  ])('%s takes the first version of its new wire, whatever the old one counted', async (how, move) => {
    const itemId = `moved-${how.length}`;
    const { body } = await put('bss', itemId, item(5)).expect(201);
    await move(body.id);
    const taken = await put('unb', itemId, item(1, { title: 'চরে বাঁধ ভাঙল' })).expect(200);
    expect(taken.body).toMatchObject({ id: body.id, title: 'চরে বাঁধ ভাঙল', warnings: [] });
  });

  it('takes the first version of another item of its source', async () => {
    const { body } = await put('bss', 'first-id', item(5)).expect(201);
    await room.patch(body.id, { sourceItemId: 'second-id' }).expect(200);
    const taken = await put('bss', 'second-id', item(1, { title: 'চরে বাঁধ ভাঙল' })).expect(200);
    expect(taken.body).toMatchObject({ id: body.id, title: 'চরে বাঁধ ভাঙল', warnings: [] });
  });

  it('is not taken for one whose kill its wire has answered', async () => {
    const { body } = await put('bss', 'killed', item(1)).expect(201);
    await put('bss', 'killed', { itemVersion: 2, kill: { reason: 'ভুল তথ্য' } }).expect(200);
    await room.patch(body.id, { source: 'unb' }).expect(200);
    expect((await room.step('publish', body.id).expect(200)).body.warnings).toMatchObject([{ code: 'killed' }]);
  });
});
