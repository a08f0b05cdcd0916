import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (source: string, itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${encodeURIComponent(source)}/items/${itemId}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'সুন্দরবনে মধু আহরণ', ...more });
const merge = (from: string, into: string) =>
  room
    .as('editor', 'post', `/v1/tags/${encodeURIComponent(from)}/merge`)
    .set('If-Match', '*')
    .send({ into })
    .expect(200);

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'বাসস', slug: 'bss' });
});
afterAll(() => room.close());

describe('a wire that still says what is called otherwise now', () => {
  it.each(['slug', 'id'] as const)('names a merged tag by its %s and gets the heir, without a warning', async (by) => {
    const [old, heir] = [
      await room.label('tags', { name: `মৌ ${by}` }),
      await room.label('tags', { name: `মধু ${by}` }),
    ];
    const { body } = await put('bss', `tagged-${by}`, item(1, { tags: [old[by]] })).expect(201);
    await merge(old.slug, heir.slug);
    const taken = await put('bss', `tagged-${by}`, item(2, { tags: [old[by]] })).expect(200);
    expect(taken.body).toMatchObject({ id: body.id, tags: [{ id: heir.id }], warnings: [] });
    const made = await put('bss', `tagged-anew-${by}`, item(1, { tags: [old[by], heir.id] })).expect(201);
    expect(made.body).toMatchObject({ tags: [{ id: heir.id }], warnings: [] });
  });

  it('sends under the slug of a source that went over into another, and reaches what that one has', async () => {
    await room.label('sources', { name: 'পুরানো বাসস', slug: 'old-bss' });
    const { body } = await put('old-bss', 'followed', item(3)).expect(201);
    await room.as('editor', 'delete', '/v1/sources/old-bss?reassignTo=bss').set('If-Match', '*').expect(204);
    const late = await changesNothing(room, () => put('old-bss', 'followed', item(2)).expect(200));
    expect(late.body).toMatchObject({ id: body.id, source: { slug: 'bss' }, warnings: [{ code: 'older-version' }] });
    expect((await put('old-bss', 'followed', item(4)).expect(200)).body).toMatchObject({ id: body.id, warnings: [] });
  });
});
