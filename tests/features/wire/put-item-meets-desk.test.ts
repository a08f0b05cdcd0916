import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDraftDesk } from '../../support/drafts.ts';
import { meanwhile } from '../../support/held.ts';
import { changesNothing, type Newsroom, openNewsroom, together, type Who } from '../../support/newsroom.ts';
import { minutesAhead } from '../../support/stories.ts';

let room: Newsroom;

const pathOf = (itemId: string, source = 'বাসস') => `/v1/sources/${encodeURIComponent(source)}/items/${itemId}`;
const put = (itemId: string, body: object, who: Who = 'editor') => room.as(who, 'put', pathOf(itemId)).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'ফেরিঘাটে নতুন পন্টুন', ...more });
const kill = (itemVersion: number, reason = 'সূত্রটি ভুল') => ({ itemVersion, kill: { reason } });

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'বাসস' });
  await room.label('sources', { name: 'এএফপি' });
});
afterAll(() => room.close());

const publishedNow = `status = 'published', published_at = now() - interval '1 hour', first_published_at = now() - interval '1 hour'`;

describe('a kill', () => {
  it('takes back what an editor is publishing at the same time', async () => {
    const { body } = await put('race-publish', item(1, { status: 'draft' })).expect(201);
    const killed = await meanwhile(room.app, `UPDATE articles SET ${publishedNow} WHERE id = $1`, [body.id], () =>
      put('race-publish', kill(2)),
    );
    expect(killed.body).toMatchObject({ status: 'draft', notes: [{ step: 'kill', text: 'সূত্রটি ভুল' }] });
    await room.read(body.id).expect(404);
    expect((await room.events(body.id)).at(-1)).toMatchObject({ type: 'article.unpublished' });
  });

  it('unpublishes a scheduled article, so that its hour brings nothing', async () => {
    const { body } = await put('scheduled', item(1, { publishedAt: minutesAhead(60) })).expect(201);
    expect(body.status).toBe('scheduled');
    const killed = await put('scheduled', kill(2)).expect(200);
    expect(killed.body).toMatchObject({ status: 'draft', publishedAt: null, notes: [{ text: 'সূত্রটি ভুল' }] });
  });

  it('leaves the working draft, and the version that revives the item does too', async () => {
    const desk = openDraftDesk(room);
    const { body } = await put('killed-with-draft', item(1)).expect(201);
    await desk.draft(body.id, { kicker: 'নৌপথ' });
    await put('killed-with-draft', kill(2)).expect(200);
    const revived = await put('killed-with-draft', item(3, { status: 'published', body: '<p>শুদ্ধ</p>' })).expect(200);
    expect(revived.body).toMatchObject({ status: 'published', kicker: null, bodyHtml: '<p>শুদ্ধ</p>', warnings: [] });
    expect((await desk.read(body.id).expect(200)).body).toMatchObject({ kicker: 'নৌপথ' });
  });

  it('before its item, answered fifty times at once, brings it to life once', async () => {
    const { body } = await put('early-storm', kill(3)).expect(201);
    const { answers } = await together(Array.from({ length: 50 }, () => () => put('early-storm', item(4))));
    expect(answers.every(({ status, body: { id } }) => status === 200 && id === body.id)).toBe(true);
    expect((await room.events(body.id)).filter(({ type }) => type === 'article.published')).toHaveLength(1);
    // All wait for one row: on a loaded machine most are told to come again, some of them often.
  }, 120_000);

  it('before its item leaves a mark that the desk may restore, and trash for good', async () => {
    const { body } = await put('desk-trashed', kill(3)).expect(201);
    await room.step('restore', body.id).expect(200);
    await room.trash(body.id).expect(204);
    const kept = await put('desk-trashed', item(4)).expect(200);
    expect(kept.body).toMatchObject({ title: 'ফেরিঘাটে নতুন পন্টুন', warnings: [{ code: 'in-trash' }] });
    await room.read(body.id).expect(404);
  });
});

describe('the version after a kill that came before its item', () => {
  it.each(['draft', 'review', 'published'] as const)('is in %s where it says so', async (status) => {
    await put(`alive-${status}`, kill(1)).expect(201);
    expect((await put(`alive-${status}`, item(2, { status })).expect(200)).body).toMatchObject({
      status,
      deletedAt: null,
    });
  });

  it('is a draft of an author, who may not publish it', async () => {
    await put('alive-author', kill(1), 'author').expect(201);
    await changesNothing(room, () => put('alive-author', item(2, { status: 'published' }), 'author').expect(403));
    expect((await put('alive-author', item(2), 'author').expect(200)).body.status).toBe('draft');
  });
});

describe('an access key of one source', () => {
  it('changes, kills and revives no item of another', async () => {
    const made = await room
      .as('admin', 'post', '/v1/keys')
      .send({ name: 'তারের যন্ত্র', role: 'editor', sources: ['এএফপি'] })
      .expect(201);
    const send = (itemId: string, body: object) =>
      room.app.request('put', pathOf(itemId)).set('Authorization', `Bearer ${made.body.token}`).send(body);
    const { body } = await put('foreign-live', item(1)).expect(201);
    await put('foreign-early', kill(1)).expect(201);
    await changesNothing(room, () => send('foreign-live', item(2, { body: 'অন্য' })).expect(403));
    await changesNothing(room, () => send('foreign-live', kill(2)).expect(403));
    await changesNothing(room, () => send('foreign-early', item(2)).expect(403));
    await changesNothing(room, () => send('foreign-new', kill(1)).expect(403));
    await room.trash(body.id).expect(204);
    await changesNothing(room, () => send('foreign-live', item(2, { body: 'অন্য' })).expect(403));
    await changesNothing(room, () => send('foreign-live', kill(2)).expect(403));
  });
});
