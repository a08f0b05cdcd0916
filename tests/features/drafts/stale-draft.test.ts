import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

let room: Newsroom;
let desk: DraftDesk;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
});
afterAll(() => room.close());

const published = (body: object = {}) => room.story({ status: 'published', ...body });
const etag = (version: number) => `"${version}"`;

describe('a draft that is no more', () => {
  const ends: [string, (id: string) => PromiseLike<{ status: number }>][] = [
    ['published', (id) => room.step('publish', id, undefined, { as: 'admin' })],
    ['discarded', (id) => desk.discard(id, { as: 'admin' })],
  ];

  it.each(ends)('%s by a colleague, is named so, and its ETag begins no other', async (_, end) => {
    const live = await published({ title: 'মেলার প্রস্তুতি' });
    const { headers, body: mine } = await desk.patch(live.id, { kicker: 'মেলা' }, { match: etag(live.version) });
    expect((await end(live.id)).status).toBeLessThan(300);
    for (const match of [String(headers.etag), etag(mine.version), `"x", ${headers.etag}`]) {
      for (const method of ['patch', 'put'] as const) {
        const { body } = await desk[method](live.id, { excerpt: 'অর্ধেক বাক্য' }, { match }).expect(412);
        expect(body).toMatchObject({ code: 'draft-gone', detail: expect.stringContaining('published or discarded') });
        expect(body).not.toHaveProperty('currentVersion');
        expect(body).not.toHaveProperty('changes');
      }
    }
    expect(await desk.rows(live.id)).toEqual([]);
    await desk.discard(live.id, { match: String(headers.etag) }).expect(404);
  });

  it('is followed by a new one only with the ETag of the article, or any', async () => {
    const live = await published();
    const { version } = await desk.draft(live.id, {});
    await desk.discard(live.id).expect(204);
    await desk.patch(live.id, {}, { match: `${etag(version)}, ${etag(live.version)}` }).expect(200);
    await desk.discard(live.id).expect(204);
    await desk.patch(live.id, {}, { match: '*' }).expect(200);
  });

  it('says what changed in the article where the article was read too long ago to begin from', async () => {
    const live = await published({ title: 'পুরোনো নাম' });
    await room.patch(live.id, { title: 'নতুন নাম' }).expect(200);
    const { body } = await desk.patch(live.id, { excerpt: 'সার' }, { match: etag(live.version) }).expect(412);
    expect(body).toMatchObject({
      code: 'stale',
      currentVersion: live.version + 1,
      changes: [{ field: 'title', before: 'পুরোনো নাম', after: 'নতুন নাম' }],
    });
  });
});

describe('a draft that has changed meanwhile', () => {
  it('comes with its version, what it changes by now and who changed it, so that a client can merge', async () => {
    const live = await published({ title: 'বাঁধের কাজ', excerpt: 'পুরোনো সার' });
    const mine = await desk.draft(live.id, { title: 'বাঁধের কাজ শুরু' });
    const { body: theirs } = await desk.patch(live.id, { excerpt: 'নতুন সার' }, { as: 'admin' }).expect(200);
    const match = etag(mine.version);
    for (const refused of [
      await desk.patch(live.id, { kicker: 'বাঁধ' }, { match }).expect(412),
      await desk.put(live.id, { kicker: 'বাঁধ' }, { match }).expect(412),
      await desk.discard(live.id, { match }).expect(412),
    ]) {
      expect(refused.body).toMatchObject({
        code: 'stale',
        currentVersion: theirs.version,
        draftChanges: [
          { field: 'title', before: 'বাঁধের কাজ', after: 'বাঁধের কাজ শুরু' },
          { field: 'excerpt', before: 'পুরোনো সার', after: 'নতুন সার' },
        ],
      });
      expect(refused.body.detail).toContain(`by রিনা আখতার at ${theirs.updatedAt}`);
      expect(refused.body).not.toHaveProperty('changes');
    }
    const merged = await desk.patch(live.id, { kicker: 'বাঁধ' }, { match: etag(theirs.version) }).expect(200);
    expect(merged.body).toMatchObject({ title: 'বাঁধের কাজ শুরু', excerpt: 'নতুন সার', kicker: 'বাঁধ' });
  });

  it('says that a colleague has begun one, where the ETag is that of the article', async () => {
    const live = await published();
    const { version } = await desk.draft(live.id, { kicker: 'হাট' });
    const { body } = await desk.patch(live.id, { kicker: 'ঘাট' }, { match: etag(live.version) }).expect(412);
    expect(body).toMatchObject({ code: 'stale', currentVersion: version, draftChanges: [{ field: 'kicker' }] });
    expect(body.detail).toContain('has a working draft already');
  });

  it('needs no name of who changed it', async () => {
    const live = await published();
    await desk.draft(live.id, { kicker: 'হাট' });
    await room.app.sql('UPDATE drafts SET updated_by_id = NULL WHERE article_id = $1', [live.id]);
    const { body } = await desk.discard(live.id, { match: '"1000001"' }).expect(412);
    expect(body.detail).toContain('last changed at 20');
  });
});

describe('discarding a draft', () => {
  it('leaves on record which fields it changed and who had changed it, and no text of it', async () => {
    const { slug } = await room.label('tags', { name: 'ফেলে দেওয়া' });
    const live = await published({ title: 'পুরোনো কথা' });
    await desk.draft(live.id, { title: 'আগের খসড়ার কথা' });
    await desk.discard(live.id).expect(204);
    await desk.patch(live.id, { excerpt: 'গোপন সার', tags: [slug] }, { as: 'admin' }).expect(200);
    await desk.draft(live.id, { kicker: 'গোপন কিকার' });
    await room.patch(live.id, { title: 'নতুন কথা' }).expect(200);
    await desk.discard(live.id).expect(204);
    const { type, data } = (await room.events(live.id)).at(-1) ?? {};
    expect([type, data]).toEqual([
      'draft.deleted',
      {
        baseVersion: live.version,
        changed: ['kicker', 'excerpt', 'tags'],
        changedBy: [room.people.admin.id, room.people.editor.id],
      },
    ]);
  });
});

describe('an ETag where it does not belong', () => {
  it('of a draft is no stale one of the article: nothing invites to repeat the change there', async () => {
    const live = await published();
    const { body: draft, headers } = await desk.patch(live.id, { title: 'খসড়া' }, { match: '*' }).expect(200);
    await changesNothing(room, async () => {
      for (const match of [etag(draft.version), String(headers.etag), `"2", ${headers.etag}`]) {
        for (const refused of [
          await room.patch(live.id, { title: 'ভুল জায়গায়' }, { match }).expect(412),
          await room.step('publish', live.id, undefined, { match }).expect(412),
          await room.trash(live.id, { match }).expect(412),
        ]) {
          expect(refused.body).toMatchObject({ code: 'draft-etag', detail: expect.stringContaining('working draft') });
          expect(refused.body).not.toHaveProperty('currentVersion');
          expect(refused.body).not.toHaveProperty('changes');
        }
      }
    });
    await room.patch(live.id, { kicker: 'হাট' }, { match: `${headers.etag}, ${etag(live.version)}` }).expect(200);
  });
});

describe('what is in the trash', () => {
  it('is said to be there by a 412, of the article and of its draft', async () => {
    const live = await published();
    const draft = await desk.draft(live.id, { title: 'খসড়া' });
    await room.trash(live.id).expect(204);
    const stale = { code: 'stale', place: 'trash', detail: expect.stringContaining('in the trash') };
    const version = live.version + 1;
    const { body } = await room.patch(live.id, { kicker: 'হাট' }, { match: etag(live.version) }).expect(412);
    expect(body).toMatchObject({ ...stale, currentVersion: version });
    const { body: step } = await room.step('publish', live.id, {}, { match: etag(live.version) }).expect(412);
    expect(step).toMatchObject({ ...stale, currentVersion: version });
    const { body: late } = await desk.patch(live.id, {}, { match: etag(live.version) }).expect(412);
    expect(late).toMatchObject({ ...stale, currentVersion: draft.version });
    await desk.discard(live.id).expect(204);
    const { body: none } = await desk.patch(live.id, {}, { match: etag(live.version) }).expect(412);
    expect(none).toMatchObject({ ...stale, currentVersion: version });
  });

  it('is no part of a 412 of what is not there; what is not known is no empty list of changes', async () => {
    const live = await published();
    const { body } = await room.patch(live.id, { kicker: 'হাট' }, { match: '"7"' }).expect(412);
    expect(body.currentVersion).toBe(live.version);
    for (const absent of ['place', 'changes']) expect(body).not.toHaveProperty(absent);
  });
});
