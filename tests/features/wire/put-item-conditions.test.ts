import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (who: Who, source: string, itemId: string, body: object) =>
  room.as(who, 'put', `/v1/sources/${source}/items/${encodeURIComponent(itemId)}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'পদ্মায় ইলিশের ঝাঁক', ...more });
const kill = (itemVersion: number) => ({ itemVersion, kill: { reason: 'ভুল ছবি' } });

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'খোলা', slug: 'open' });
  await room.label('sources', { name: 'বন্ধ', slug: 'closed', itemsFrom: 'keys' });
});
afterAll(() => room.close());

describe('If-Match on an item', () => {
  const putIf = (match: string, itemId: string, body: object) =>
    put('editor', 'open', itemId, body).set('If-Match', match);

  it('that names another version than the article has is 412, whatever the item would do', async () => {
    const { body } = await put('editor', 'open', 'conditional', item(2)).expect(201);
    for (const sent of [item(3), item(2), item(1), kill(3)]) {
      const stale = await changesNothing(room, () => putIf('"9"', 'conditional', sent).expect(412));
      expect(stale.body).toMatchObject({ code: 'stale', currentVersion: 1 });
    }
    const next = item(3, { title: 'জালে ধরা', status: 'published' });
    expect((await putIf('"1"', 'conditional', next).expect(200)).body).toMatchObject({ id: body.id, version: 2 });
  });

  it('is 412 where no article stands for the item, and 403 before that', async () => {
    for (const match of ['*', '"1"']) await changesNothing(room, () => putIf(match, 'not there', item(1)).expect(412));
    await changesNothing(room, () => put('author', 'closed', 'not there', item(1)).set('If-Match', '*').expect(403));
  });

  it('counts for the version that was read, also where the call makes several of it', async () => {
    await put('editor', 'open', 'revived', kill(1)).expect(201);
    const alive = await putIf('"1"', 'revived', item(2)).expect(200);
    expect(alive.body).toMatchObject({ status: 'published', warnings: [] });
  });
});

describe('a status published that readers do not see', () => {
  it('of an expired article says that it is expired, and since when', async () => {
    const { body } = await put('editor', 'open', 'expired', item(1)).expect(201);
    await room.moveTo('expired', body.id);
    const { expiresAt } = await room.seen(body.id);
    const taken = await put('editor', 'open', 'expired', item(2, { status: 'published' })).expect(200);
    expect(taken.body).toMatchObject({ status: 'expired', warnings: [{ code: 'expired', detail: expiresAt }] });
    const open = await put('editor', 'open', 'expired', item(3, { status: 'published', expiresAt: null })).expect(200);
    expect(open.body).toMatchObject({ status: 'published', warnings: [{ code: 'now-public' }] });
  });

  it('is said of a new item that has expired, and of a date ahead that did not come with it', async () => {
    const past = { publishedAt: '2024-03-01T06:00:00+06:00', expiresAt: '2024-03-02T06:00:00+06:00' };
    const old = await put('editor', 'open', 'old', item(1, { status: 'published', ...past })).expect(201);
    expect(old.body.warnings).toMatchObject([{ code: 'expired' }]);
    const publishedAt = '2029-03-26T04:00:00.000Z';
    const ahead = await put('editor', 'open', 'ahead', item(1, { status: 'published', publishedAt })).expect(201);
    expect(ahead.body.warnings).toEqual([]);
    const next = await put('editor', 'open', 'ahead', item(2, { status: 'published' })).expect(200);
    expect(next.body.warnings).toMatchObject([{ code: 'scheduled', detail: publishedAt }]);
  });

  it('is said of a draft that the item publishes at the date that the desk had planned, and not at its own', async () => {
    const publishedAt = '2029-03-26T04:00:00.000Z';
    const planned = async (itemId: string) => {
      const { body } = await put('editor', 'open', itemId, item(1, { status: 'draft' })).expect(201);
      await room.patch(body.id, { publishedAt }).expect(200);
    };
    await planned('planned');
    const taken = await put('editor', 'open', 'planned', item(2, { status: 'published' })).expect(200);
    expect(taken.body).toMatchObject({ status: 'scheduled', warnings: [{ code: 'scheduled', detail: publishedAt }] });
    await planned('own date');
    const own = item(2, { status: 'published', publishedAt: '2029-03-27T04:00:00.000Z' });
    const dated = await put('editor', 'open', 'own date', own).expect(200);
    expect(dated.body.status).toBe('scheduled');
    expect(dated.body.warnings.map(({ code }: { code: string }) => code)).not.toContain('scheduled');
  });
});
