import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';

let room: Newsroom;
let desk: DraftDesk;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
  await room.label('sources', { name: 'পাড়ের বার্তা' });
});
afterAll(() => room.close());

const published = (body: object = {}) => room.story({ status: 'published', ...body });

/** What a preview link, the draft itself and publishing say of one draft. */
async function views(id: string) {
  const { body: link } = await room
    .as('editor', 'post', `${pathOf(id)}/previews`)
    .send({})
    .expect(201);
  const { body: previewed } = await room.as(null, 'get', `/v1/previews/${link.token}`).expect(200);
  const { body: draft } = await desk.read(id).expect(200);
  const { status, body } = await room.step('publish', id);
  return { previewed, draft, status, body };
}

describe('a preview of a working draft, and the draft itself', () => {
  it('shows the slug with the number that publishing gives where the derived one is taken', async () => {
    const story = await room.story({ title: 'কাঁচা নাম' });
    await desk.draft(story.id, { title: 'পাকা নাম' });
    for (const _ of ['পাকা-নাম', 'পাকা-নাম-2']) await room.story({ title: 'পাকা নাম' });
    const { previewed, draft, status, body } = await views(story.id);
    expect([status, body.slug]).toEqual([200, 'পাকা-নাম-3']);
    expect([previewed.slug, draft.slug]).toEqual([body.slug, body.slug]);
    expect(previewed.preview.blockedBy).toEqual([]);
    expect(draft.changes.find(({ field }: { field: string }) => field === 'slug')).toMatchObject({ draft: body.slug });
  });

  it('takes the slug that it shows, sent back, for none that was given', async () => {
    const story = await room.story({ title: 'কাঁচা পথ' });
    const rival = await room.story({ title: 'পাকা পথ' });
    await desk.draft(story.id, { title: 'পাকা পথ' });
    const { body: shown } = await desk.read(story.id).expect(200);
    expect(shown.slug).toBe(`${rival.slug}-2`);
    const { body: again } = await desk
      .put(story.id, { title: shown.title, slug: shown.slug, kicker: 'পথ' })
      .expect(200);
    expect(again).toMatchObject({ slug: shown.slug, kicker: 'পথ' });
    await room.app.sql('DELETE FROM articles WHERE id = $1', [rival.id]);
    expect((await room.step('publish', story.id).expect(200)).body.slug).toBe(rival.slug);
  });

  it.each([
    ['slug-taken', { slug: 'ghat-ek' }],
    ['source-item-taken', { source: 'পাড়ের-বার্তা', sourceItemId: 'প-১' }],
  ])('says what would refuse it: %s', async (code, sent) => {
    await room.story({ slug: 'ghat-ek', source: 'পাড়ের-বার্তা', sourceItemId: 'প-১' });
    const live = await published();
    await desk.draft(live.id, { ...sent, title: 'অন্য নাম' });
    const { previewed, draft, status, body } = await views(live.id);
    expect([status, body.code]).toEqual([409, code]);
    expect([previewed.preview.blockedBy, draft.blockedBy]).toEqual([[code], [code]]);
    await room.app.sql("DELETE FROM articles WHERE slug = 'ghat-ek'");
    expect((await desk.read(live.id).expect(200)).body.blockedBy).toEqual([]);
  });

  it('says that it is behind, and that another edition of the story has its language', async () => {
    const live = await published({ title: 'সেতু খুলছে' });
    const other = await published({ title: 'The bridge opens', language: 'en' });
    await room.link(other.id, live.id).expect(200);
    await desk.draft(live.id, { language: 'en', title: 'Bridge' });
    expect((await desk.read(live.id).expect(200)).body.blockedBy).toEqual(['edition-taken']);
    await room.patch(live.id, { title: 'সেতু খুলল' }).expect(200);
    const { previewed, draft, status, body } = await views(live.id);
    expect([status, body.code]).toEqual([409, 'draft-behind']);
    expect(previewed.preview).toMatchObject({ isDraft: true, blockedBy: ['draft-behind', 'edition-taken'] });
    expect(draft).toMatchObject({ behind: true, blockedBy: ['draft-behind', 'edition-taken'] });
  });

  it('says that the dates do not go together, and that the article is in the trash', async () => {
    const live = await room.story();
    await desk.draft(live.id, { expiresAt: '2199-01-01T00:00:00Z' });
    await room.app.sql("UPDATE articles SET published_at = '2199-01-02T00:00:00Z' WHERE id = $1", [live.id]);
    const { previewed, status, body } = await views(live.id);
    expect([status, previewed.preview.blockedBy]).toEqual([422, [body.code]]);
    await room.app.sql('UPDATE articles SET published_at = NULL, deleted_at = now() WHERE id = $1', [live.id]);
    expect((await desk.read(live.id).expect(200)).body.blockedBy).toEqual(['wrong-state']);
  });

  it('says nothing of what no working draft has', async () => {
    const live = await published();
    const { body: link } = await room
      .as('editor', 'post', `${pathOf(live.id)}/previews`)
      .send({})
      .expect(201);
    const { body } = await room.as(null, 'get', `/v1/previews/${link.token}`).expect(200);
    expect(body).toMatchObject({ slug: live.slug, preview: { isDraft: false, blockedBy: [] } });
  });
});
