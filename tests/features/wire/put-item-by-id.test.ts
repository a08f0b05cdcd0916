import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { meanwhile } from '../../support/held.ts';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

/** Under the id of its source an item is locked and looked at in one round trip. */

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'চরে নতুন পাঠশালা', ...more });
const put = (source: string, itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${source}/items/${itemId}`).send(body);

describe('an item under the id of its source', () => {
  it('is one item with that under its slug', async () => {
    const { id, slug } = await room.label('sources', { name: 'চরের বার্তা' });
    const made = await put(id, 'both', item(1)).expect(201);
    const newer = await put(encodeURIComponent(slug), 'both', item(2, { kicker: 'চর' })).expect(200);
    const newest = await put(id, 'both', item(3, { title: 'চরে দুটি পাঠশালা' })).expect(200);
    expect([newer.body.id, newest.body.id]).toEqual([made.body.id, made.body.id]);
    const late = await changesNothing(room, () => put(id, 'both', item(2)).expect(200));
    expect(late.body).toMatchObject({ title: 'চরে দুটি পাঠশালা', warnings: [{ code: 'older-version' }] });
  });

  it('is not found where no source has or had the id, and nothing is kept of it', async () => {
    const nobody = '01890a5d-ac96-774b-bcce-b302099a8057';
    const { body } = await changesNothing(room, () => put(nobody, 'lost', item(1)).expect(404));
    expect(body).toMatchObject({ code: 'not-found' });
    expect(await room.app.sql(`SELECT FROM source_items WHERE item_id = 'lost'`)).toEqual([]);
  });

  it('reaches what the source has into which its own went over', async () => {
    const old = await room.label('sources', { name: 'পুরোনো ঘাট' });
    const heir = await room.label('sources', { name: 'নতুন ঘাট' });
    const { body } = await put(old.id, 'followed', item(3)).expect(201);
    const path = `/v1/sources/${old.id}?reassignTo=${heir.id}`;
    await room.as('editor', 'delete', path).set('If-Match', '*').expect(204);
    const late = await changesNothing(room, () => put(old.id, 'followed', item(2)).expect(200));
    expect(late.body).toMatchObject({ id: body.id, source: { id: heir.id }, warnings: [{ code: 'older-version' }] });
    expect((await put(old.id, 'followed', item(4)).expect(200)).body).toMatchObject({ id: body.id, warnings: [] });
  });

  it('is seen as another process left it that was at it before', async () => {
    const { id } = await room.label('sources', { name: 'মোহনা বার্তা' });
    const taken = `WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('item ' || $1::text || ' ' || $2::text, 0)))
      INSERT INTO source_items (source_id, item_id, version, killed) SELECT $1::text::uuid, $2::text, 5, false FROM held`;
    // A connection prepares the statement the first time, and sends the lock with it the next.
    for (const itemId of ['first', 'second', 'third']) {
      const answer = await meanwhile(room.app, taken, [id, itemId], () => put(id, itemId, item(3)));
      expect(answer.body).toMatchObject({ status: 410, code: 'item-purged', itemVersion: 5 });
      await put(id, itemId, item(6)).expect(201);
    }
  });

  it('is made once by many that come at the same time', async () => {
    const { id } = await room.label('sources', { name: 'একটাই ঘাট' });
    const answers = await Promise.all(Array.from({ length: 12 }, () => put(id, 'once', item(1))));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 11 }, () => 200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });
});
