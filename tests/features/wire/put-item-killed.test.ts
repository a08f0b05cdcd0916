import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${encodeURIComponent('ইউএনবি')}/items/${itemId}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'হাওরে আগাম ধান কাটা', ...more });

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'ইউএনবি' });
});
afterAll(() => room.close());

describe('a kill', () => {
  it.each([
    ['of an item that was here', item(1)],
    ['that came before its item', null],
  ])('%s is lifted by a newer version of the wire, so that the editor is warned no more', async (name, first) => {
    const id = `lifted-${first === null ? 'early' : 'late'}`;
    if (first) await put(id, first).expect(201);
    await put(id, { itemVersion: 2, kill: { reason: name } });
    const { body } = await put(id, item(3, { status: 'draft', body: '<p>শুদ্ধ পাঠ</p>' })).expect(200);
    expect(body).toMatchObject({ status: 'draft', notes: [{ step: 'kill', text: name }] });
    expect((await room.step('publish', body.id).expect(200)).body.warnings).toEqual([]);
  });

  it('under the same number for another reason is not taken, and says so; the same one again is no change', async () => {
    const { body } = await put('reasons', item(1)).expect(201);
    const because = (reason: string) => put('reasons', { itemVersion: 2, kill: { reason } });
    await because('ভুল ছবি').expect(200);
    const other = await changesNothing(room, () => because('ভুল নাম').expect(200));
    expect(other.body).toMatchObject({ id: body.id, version: 2, warnings: [{ code: 'same-version' }] });
    const again = await changesNothing(room, () => because('ভুল ছবি').expect(200));
    expect(again.body.warnings).toEqual([]);
  });

  it.each(['published', 'draft'])('of a %s item under the number of its own version is taken, once', async (status) => {
    const { body } = await put(`same-${status}`, item(4, { status })).expect(201);
    const notice = { itemVersion: 4, kill: { reason: 'একই সংখ্যার প্রত্যাহার' } };
    const killed = await put(`same-${status}`, notice).expect(200);
    expect(killed.body).toMatchObject({ status: 'draft', notes: [{ step: 'kill', text: 'একই সংখ্যার প্রত্যাহার' }] });
    await room.read(body.id).expect(404);
    const { body: out } = await room.step('publish', body.id).expect(200);
    expect(out.warnings).toMatchObject([{ code: 'killed' }]);
    for (const [repeated, warnings] of [
      [notice, [{ code: 'kill-not-carried-out' }]],
      [{ ...notice, kill: { reason: 'অন্য কারণ' } }, [{ code: 'kill-not-carried-out' }, { code: 'same-version' }]],
      [item(4), [{ code: 'item-killed' }]],
    ] as const)
      expect((await put(`same-${status}`, repeated).expect(200)).body).toMatchObject({
        version: out.version,
        warnings,
      });
    await room.read(body.id).expect(200);
  });

  it('stands while only the desk has changed the text, and a second one stands again', async () => {
    const { body } = await put('stands', item(1)).expect(201);
    await put('stands', { itemVersion: 2, kill: { reason: 'প্রথম' } }).expect(200);
    await put('stands', item(3)).expect(200);
    await put('stands', { itemVersion: 4, kill: { reason: 'দ্বিতীয়' } }).expect(200);
    await put('stands', item(3)).expect(200);
    await room.patch(body.id, { title: 'ডেস্কের লেখা' }).expect(200);
    const published = await room.step('publish', body.id).expect(200);
    expect(published.body.warnings).toEqual([{ code: 'killed', detail: 'দ্বিতীয়', count: 1 }]);
  });
});

it('says, of a source that is cleared alone, to clear the item too', async () => {
  const { body } = await put('cleared', item(1)).expect(201);
  const refused = await room.patch(body.id, { source: null }).expect(422);
  expect(refused.body.errors).toMatchObject([{ pointer: '/source', detail: expect.stringContaining('sourceItemId') }]);
  await room.patch(body.id, { source: null, sourceItemId: null }).expect(200);
});
