import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDraftDesk } from '../../support/drafts.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { minutesAhead } from '../../support/stories.ts';

let room: Newsroom;

const put = (itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${encodeURIComponent('ইউএনবি')}/items/${itemId}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'হাওরে আগাম ধান কাটা', ...more });
const withdrawn = { code: 'withdrawn', detail: 'draft', count: 1 };
const overwrote = (...fields: string[]) => fields.map((detail) => ({ code: 'overwrote-desk-edit', detail, count: 1 }));

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'ইউএনবি' });
  for (const name of ['কৃষি', 'হাওর']) await room.label('tags', { name });
});
afterAll(() => room.close());

describe("a wire's version that takes the place of what the desk wrote", () => {
  it('names each field that it overwrote, and none that the desk had left alone', async () => {
    const { body } = await put('edited', item(1, { body: '<p>প্রথম</p>', tags: ['কৃষি'] })).expect(201);
    await room.patch(body.id, { title: 'হাওরে ধান কাটার ধুম', tags: ['হাওর', 'কৃষি'] }).expect(200);
    const next = item(2, { title: 'হাওরে ধান কাটা শেষ', body: '<p>দ্বিতীয়</p>', tags: ['কৃষি'] });
    expect((await put('edited', next).expect(200)).body.warnings).toEqual(overwrote('title', 'tags'));
    const third = item(3, { title: 'হাওরে ধান উঠল', body: '<p>তৃতীয়</p>' });
    expect((await put('edited', third).expect(200)).body.warnings).toEqual([]);
  });

  it('is shown in the format that it comes in, whatever the desk had made of the one before', async () => {
    const { body } = await put('format', item(1, { body: 'প্রথম **পাঠ**', bodyFormat: 'markdown' })).expect(201);
    await room.patch(body.id, { body: 'ডেস্কের পাঠ', bodyFormat: 'text' }).expect(200);
    const taken = await put('format', item(2, { body: '<p>দ্বিতীয় পাঠ</p>' })).expect(200);
    expect(taken.body).toMatchObject({ bodyFormat: 'html', bodyHtml: '<p>দ্বিতীয় পাঠ</p>' });
    expect(taken.body.warnings).toEqual(overwrote('body', 'bodyFormat'));
  });

  it('says nothing of fields that it leaves out, or in which it agrees with the desk', async () => {
    const { body } = await put('agreed', item(1)).expect(201);
    await room.patch(body.id, { title: 'আগাম ধান', kicker: 'কৃষি' }).expect(200);
    const taken = await put('agreed', item(2, { title: 'আগাম ধান', excerpt: 'ভালো ফলন।' })).expect(200);
    expect(taken.body).toMatchObject({ kicker: 'কৃষি', warnings: [] });
  });

  it('says nothing of what the desk had changed back', async () => {
    const { body } = await put('changed-back', item(1)).expect(201);
    await room.patch(body.id, { title: 'অন্য শিরোনাম' }).expect(200);
    await room.patch(body.id, { title: 'হাওরে আগাম ধান কাটা' }).expect(200);
    expect((await put('changed-back', item(2, { title: 'নতুন' })).expect(200)).body.warnings).toEqual([]);
  });

  it('does not take its own publishing for an edit of the desk', async () => {
    await put('own-publishing', item(1, { status: 'draft' })).expect(201);
    await put('own-publishing', item(2, { status: 'published' })).expect(200);
    const dated = await put('own-publishing', item(3, { publishedAt: minutesAhead(-60) })).expect(200);
    expect(dated.body.warnings).toEqual([]);
  });

  it('does not take for one that its kill took the date that was ahead', async () => {
    await put('embargo-killed', item(1, { publishedAt: minutesAhead(60) })).expect(201);
    await put('embargo-killed', { itemVersion: 2, kill: { reason: 'ভুল ছবি' } }).expect(200);
    const dated = await put('embargo-killed', item(3, { publishedAt: minutesAhead(90) })).expect(200);
    expect(dated.body.warnings).toEqual([withdrawn]);
  });

  it('finds the edit of the desk across a kill, in the trash, and in a published draft', async () => {
    const { body: killed } = await put('across-kill', item(1)).expect(201);
    await room.patch(killed.id, { kicker: 'মাঠ' }).expect(200);
    await put('across-kill', { itemVersion: 2, kill: { reason: 'ভুল ছবি' } }).expect(200);
    expect((await put('across-kill', item(3, { kicker: 'ফসল' })).expect(200)).body.warnings).toEqual([
      ...overwrote('kicker'),
      withdrawn,
    ]);
    const { body: trashed } = await put('edited-in-trash', item(1)).expect(201);
    await room.patch(trashed.id, { kicker: 'মাঠ' }).expect(200);
    await room.trash(trashed.id).expect(204);
    const inTrash = await put('edited-in-trash', item(2, { kicker: 'ফসল' })).expect(200);
    expect(inTrash.body.warnings).toMatchObject([{ code: 'overwrote-desk-edit' }, { code: 'in-trash' }]);
    const { body: drafted } = await put('by-draft', item(1)).expect(201);
    await openDraftDesk(room).draft(drafted.id, { kicker: 'মাঠ' });
    await room.step('publish', drafted.id).expect(200);
    expect((await put('by-draft', item(2, { kicker: 'ফসল' })).expect(200)).body.warnings).toEqual(overwrote('kicker'));
  });

  it('finds the edit of the desk also behind a version of the wire that had left it alone', async () => {
    const { body } = await put('left-alone', item(1)).expect(201);
    await room.patch(body.id, { title: 'ডেস্কের শিরোনাম', kicker: 'মাঠ' }).expect(200);
    const between = { itemVersion: 2, excerpt: 'ভালো ফলন।', kicker: 'ফসল' };
    expect((await put('left-alone', between).expect(200)).body.warnings).toEqual(overwrote('kicker'));
    const late = item(3, { title: 'আবার তারের শিরোনাম', kicker: 'ধান' });
    expect((await put('left-alone', late).expect(200)).body.warnings).toEqual(overwrote('title'));
    expect((await put('left-alone', item(4)).expect(200)).body.warnings).toEqual([]);
  });

  it('names what the desk wrote also where the same call publishes', async () => {
    const { body } = await put('and-publishes', item(1, { status: 'draft' })).expect(201);
    await room.patch(body.id, { title: 'খসড়া শিরোনাম' }).expect(200);
    const taken = await put('and-publishes', item(2, { title: 'চূড়ান্ত', status: 'published' })).expect(200);
    expect(taken.body).toMatchObject({ status: 'published', title: 'চূড়ান্ত', warnings: overwrote('title') });
  });

  it('takes a new picture without the caption and the credit of the one before', async () => {
    const first = { url: 'https://news.example/a.jpg', alt: 'ধানের মাঠ', caption: 'সকাল', credit: 'কামাল', width: 900 };
    await put('new-picture', item(1, { cover: first })).expect(201);
    const cover = { url: 'https://news.example/b.jpg', alt: 'ধানের আঁটি' };
    const { body } = await put('new-picture', item(2, { cover })).expect(200);
    expect(body.cover).toEqual({ ...cover, caption: null, credit: null, width: null, height: null });
    expect((await put('new-picture', item(3)).expect(200)).body.cover).toEqual(body.cover);
    expect((await put('new-picture', item(4, { cover: null })).expect(200)).body.cover).toBeNull();
  });

  describe('after a tag took the place of another', () => {
    const merge = (from: string, into: string) =>
      room
        .as('editor', 'post', `/v1/tags/${encodeURIComponent(from)}/merge`)
        .set('If-Match', '*')
        .send({ into });

    it('does not take that for an edit of the desk, whatever tags it sends', async () => {
      for (const name of ['ধান', 'আমন', 'বোরো', 'চাষ']) await room.label('tags', { name });
      const { body } = await put('retagged', item(1, { tags: ['আমন', 'বোরো'] })).expect(201);
      await merge('আমন', 'ধান').expect(200);
      for (const [version, tags] of [
        [2, ['ধান', 'বোরো']],
        [3, ['বোরো', 'ধান']],
        [4, ['চাষ']],
      ] as const) {
        const taken = await put('retagged', item(version, { tags })).expect(200);
        expect(taken.body).toMatchObject({ id: body.id, warnings: [] });
        expect(taken.body.tags.map(({ name }: { name: string }) => name)).toEqual(tags);
      }
    });

    it('finds what the desk had edited besides, and nothing that it had changed back', async () => {
      for (const name of ['পাট', 'আঁশ', 'হাট']) await room.label('tags', { name });
      const { body: edited } = await put('retagged-edited', item(1, { tags: ['পাট'] })).expect(201);
      const { body: back } = await put('retagged-back', item(1, { tags: ['পাট'] })).expect(201);
      for (const id of [edited.id, back.id]) await room.patch(id, { tags: ['পাট', 'হাট'] }).expect(200);
      await room.patch(back.id, { tags: ['পাট'] }).expect(200);
      await merge('পাট', 'আঁশ').expect(200);
      const next = item(2, { tags: ['হাট'] });
      expect((await put('retagged-edited', next).expect(200)).body.warnings).toEqual(overwrote('tags'));
      expect((await put('retagged-back', next).expect(200)).body.warnings).toEqual([]);
    });
  });
});
