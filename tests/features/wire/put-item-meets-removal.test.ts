import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { meanwhile } from '../../support/held.ts';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

/** A wire's item whose source is removed, or merged into another, while the call is under way. */

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const removal = 'DELETE FROM sources WHERE id = $1';
const item = { itemVersion: 1, title: 'মোহনায় নতুন বাতিঘর' };
const kill = { itemVersion: 1, kill: { reason: 'খবরটি ভুল' } };
const put = (source: string, itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${source}/items/${itemId}`).send(body);

describe('an item beside the removal of its source', () => {
  it.each([
    ['a new one', item],
    ['a kill', kill],
  ])('is not found and stores nothing: %s', async (_, body) => {
    const { id } = await room.label('sources', { name: `ক্ষণিক সূত্র ${JSON.stringify(body).length}` });
    const answer = await changesNothing(room, () => meanwhile(room.app, removal, [id], () => put(id, 'z', body)));
    expect(answer.body).toMatchObject({ status: 404, code: 'not-found' });
    expect(answer.body.errors).toBeUndefined();
    expect((await put(id, 'z', body)).body).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('is not found where its article was purged and only the kill would be remembered', async () => {
    const { id } = await room.label('sources', { name: 'পুরোনো সূত্র' });
    const { body } = await put(id, 'purged', { ...item, status: 'draft' }).expect(201);
    await room.trash(body.id).expect(204);
    await room.as('admin', 'post', `/v1/articles/${body.id}/purge`).set('If-Match', '*').expect(204);
    const answer = await meanwhile(room.app, removal, [id], () => put(id, 'purged', kill));
    expect(answer.body).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('goes to the source into which its own is merged', async () => {
    const { id } = await room.label('sources', { name: 'উপকূল বার্তা' });
    const successor = await room.label('sources', { name: 'সাগর বার্তা' });
    const merge = `WITH kept AS (INSERT INTO label_history (kind, was, source_id) VALUES ('source', $1::text, $2::uuid))
      DELETE FROM sources WHERE id = $1::text::uuid`;
    const answer = await meanwhile(room.app, merge, [id, successor.id], () => put(id, 'merged', item));
    expect(answer.body).toMatchObject({ source: { id: successor.id }, sourceItemId: 'merged' });
    expect(answer.status).toBe(201);
    expect((await put(successor.id, 'merged', item)).status).toBe(200);
  });
});
