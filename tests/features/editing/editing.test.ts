import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const enter = (id: string, who: Who) => room.as(who, 'put', `${pathOf(id)}/editing`);
const whoIsIn = async (id: string) =>
  (await room.as('viewer', 'get', `${pathOf(id)}/editing`).expect(200)).body.data.map(
    ({ user }: { user: { id: string } }) => user.id,
  );

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('presence', () => {
  it('says who has an article open, oldest first, and since when', async () => {
    const { id } = await room.story({});
    const first = await enter(id, 'editor').expect(200);
    expect(first.body).toMatchObject({ leaseS: 60, data: [{ user: { id: room.people.editor.id } }] });
    const second = await enter(id, 'admin').expect(200);
    expect(second.body.data).toHaveLength(2);
    expect(await whoIsIn(id)).toEqual([room.people.editor.id, room.people.admin.id]);
  });

  it('runs out unless it is renewed, and then begins anew', async () => {
    const { id } = await room.story({});
    await enter(id, 'editor').expect(200);
    await room.app.sql(
      `UPDATE editing SET since = '2026-01-01', expires_at = now() - interval '1 second' WHERE article_id = $1`,
      [id],
    );
    expect(await whoIsIn(id)).toEqual([]);
    const { body } = await enter(id, 'editor').expect(200);
    expect(body.data[0].since > '2026-01-02').toBe(true);
    const renewed = await enter(id, 'editor').expect(200);
    expect(renewed.body.data[0].since).toBe(body.data[0].since);
  });

  it('ends when one leaves, also for who never came', async () => {
    const { id } = await room.story({});
    await enter(id, 'editor').expect(200);
    await room.as('editor', 'delete', `${pathOf(id)}/editing`).expect(204);
    await room.as('admin', 'delete', `${pathOf(id)}/editing`).expect(204);
    expect(await whoIsIn(id)).toEqual([]);
  });

  it('locks nothing and changes nothing of the article', async () => {
    const { id } = await room.story({});
    await changesNothing(room, () => enter(id, 'admin').expect(200));
    await room.patch(id, { title: 'তবু বদলানো যায়' }, { match: '"1"' }).expect(200);
  });

  it('has nothing to be told besides: a body with something in it is refused', async () => {
    const { id } = await room.story({});
    for (const body of [{ leaseS: 3_600 }, { user: 'অন্য কেউ' }]) {
      const { body: problem } = await enter(id, 'editor').send(body).expect(400);
      expect(problem.errors[0].pointer).toBe(`/${Object.keys(body)[0]}`);
    }
    await enter(id, 'editor').set('Content-Type', 'application/json').send('[]').expect(400);
    expect(await whoIsIn(id)).toEqual([]);
    await enter(id, 'editor').send({}).expect(200);
    await enter(id, 'editor').set('Content-Type', 'application/json').expect(200);
  });

  it('is for staff who may see the article', async () => {
    const { id } = await room.story({}, 'author');
    await enter(id, 'author').expect(200);
    await enter(id, 'other').expect(404);
    await enter(id, 'viewer').expect(403);
    await room.as(null, 'get', `${pathOf(id)}/editing`).expect(401);
    await room.as('other', 'get', `${pathOf(id)}/editing`).expect(404);
  });
});
