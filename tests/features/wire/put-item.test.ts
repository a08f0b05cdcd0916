import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Who } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (itemId: string, body: object, who: Who | null = 'editor', source = 'বাসস') =>
  room.as(who, 'put', `/v1/sources/${encodeURIComponent(source)}/items/${encodeURIComponent(itemId)}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'বন্দরে নতুন জেটি চালু', ...more });
const typesOf = async (id: string) => (await room.events(id)).map(({ type }) => type);

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'বাসস' });
  await room.label('sources', { name: 'এএফপি' });
});
afterAll(() => room.close());

describe("a wire's item", () => {
  it('is published at once, under its own id in any characters', async () => {
    const { body, headers } = await put('tag:bss.example,2026:a/b?c#ক Ω', item(1)).expect(201);
    expect(body).toMatchObject({
      status: 'published',
      sourceItemId: 'tag:bss.example,2026:a/b?c#ক Ω',
      version: 1,
      warnings: [],
    });
    expect(headers.location).toBe(`https://news.example/api/v1/articles/${body.id}`);
    await room.read(body.id).expect(200);
    expect(await typesOf(body.id)).toEqual(['article.created', 'article.published']);
  });

  it('keeps the case of its id, and is another article at another source', async () => {
    const ids = new Set<string>();
    for (const [itemId, source] of [
      ['Abc', 'বাসস'],
      ['abc', 'বাসস'],
      ['abc', 'এএফপি'],
    ] as const) {
      ids.add((await put(itemId, item(1), 'editor', source).expect(201)).body.id);
    }
    expect(ids.size).toBe(3);
  });

  it('is a draft where the caller may not publish, or where the body says so', async () => {
    expect((await put('by-author', item(1), 'author').expect(201)).body.status).toBe('draft');
    expect((await put('held', item(1, { status: 'draft' })).expect(201)).body.status).toBe('draft');
    await changesNothing(room, () => put('forward', item(1, { status: 'published' }), 'author').expect(403));
  });

  it('is changed by a higher version, and by no other', async () => {
    const { body: first } = await put('story-1', item(2, { kicker: 'বন্দর' })).expect(201);
    const { body: second } = await put('story-1', { itemVersion: 5, title: 'জেটিতে দ্বিতীয় জাহাজ' }).expect(200);
    expect(second).toMatchObject({
      id: first.id,
      version: 2,
      title: 'জেটিতে দ্বিতীয় জাহাজ',
      kicker: 'বন্দর',
      slug: first.slug,
    });
    const late = await changesNothing(room, () => put('story-1', item(4)).expect(200));
    expect(late.body).toMatchObject({ version: 2, title: 'জেটিতে দ্বিতীয় জাহাজ', warnings: [{ code: 'older-version' }] });
    const same = { itemVersion: 5, title: 'জেটিতে দ্বিতীয় জাহাজ' };
    const again = await changesNothing(room, () => put('story-1', same).expect(200));
    expect(again.body).toMatchObject({ version: 2, warnings: [] });
    for (const other of [
      { ...same, title: 'অন্য' },
      { ...same, kicker: null },
      { ...same, status: 'published' },
    ]) {
      const { body } = await changesNothing(room, () => put('story-1', other).expect(200));
      expect(body).toMatchObject({ version: 2, warnings: [{ code: 'same-version' }] });
    }
  });

  it('that is killed is gone for readers, with the reason and an event, and stays so', async () => {
    const { body } = await put('wrong', item(1)).expect(201);
    const killed = await put('wrong', { itemVersion: 2, kill: { reason: 'ভুল তথ্য' } }).expect(200);
    expect(killed.body).toMatchObject({ status: 'draft', version: 2, notes: [{ step: 'kill', text: 'ভুল তথ্য' }] });
    await room.read(body.id).expect(404);
    expect((await room.events(body.id)).at(-1)).toMatchObject({
      type: 'article.unpublished',
      data: { reason: 'ভুল তথ্য' },
    });
    await put('wrong', item(1)).expect(200);
    await put('wrong', item(3, { title: 'সংশোধিত' })).expect(200);
    await room.read(body.id).expect(404);
    await put('wrong', item(4, { title: 'সংশোধিত', status: 'published' })).expect(200);
    await room.read(body.id).expect(200);
  });

  it('that is killed before it came is never published by a version that arrives late', async () => {
    const { body } = await put('early-kill', { itemVersion: 3, kill: { reason: 'প্রত্যাহার' } }).expect(201);
    await put('early-kill', item(2)).expect(200);
    await room.read(body.id).expect(404);
  });

  it('that is killed before it came keeps the reason as a note, and comes to life with a newer version', async () => {
    const reason = 'মানহানিকর অভিযোগ';
    const { body } = await put('reissued', { itemVersion: 3, kill: { reason } }).expect(201);
    expect(body).toMatchObject({ title: 'reissued', body: '', notes: [{ step: 'kill', text: reason }] });
    expect((await room.events(body.id)).at(-1)).toMatchObject({ type: 'article.created', data: { reason } });
    await changesNothing(room, () => put('reissued', { itemVersion: 4 }).expect(400));
    const alive = await put('reissued', item(4, { body: '<p>শুদ্ধ পাঠ</p>' })).expect(200);
    expect(alive.body).toMatchObject({ id: body.id, status: 'published', deletedAt: null, warnings: [] });
    const page = await room.read(body.id).expect(200);
    expect(page.body).toMatchObject({ title: 'বন্দরে নতুন জেটি চালু', bodyHtml: '<p>শুদ্ধ পাঠ</p>' });
    expect(page.body.slug).toMatch(/^বন্দরে-নতুন-জেটি-চালু/);
    expect(page.text).not.toContain(reason);
  });

  it.each([
    ['draft', 'draft', null],
    ['review', 'draft', null],
    ['archived', 'archived', 'archive'],
  ] as const)('that is killed in %s is then in %s, with the reason in notes and events', async (from, to, step) => {
    const id = `kill-in-${from}`;
    const { body } = await put(id, item(1, { status: from === 'archived' ? 'draft' : from })).expect(201);
    if (step) await room.step(step, body.id).expect(200);
    const killed = await put(id, { itemVersion: 2, kill: { reason: 'ছবিটি ভুয়া' } }).expect(200);
    expect(killed.body).toMatchObject({ status: to, notes: [{ step: 'kill', text: 'ছবিটি ভুয়া' }] });
    expect((await room.events(body.id)).at(-1)).toMatchObject({ data: { reason: 'ছবিটি ভুয়া' } });
    const published = await room.step('publish', body.id).expect(200);
    expect(published.body.warnings).toEqual([{ code: 'killed', detail: 'ছবিটি ভুয়া', count: 1 }]);
    expect((await room.step('publish', body.id).expect(200)).body.warnings).toEqual([]);
  });

  it('that changes while the desk has it in the trash is kept there, and is what is restored', async () => {
    const { body } = await put('in-trash', item(1)).expect(201);
    await room.trash(body.id).expect(204);
    const changed = await put('in-trash', { itemVersion: 2, title: 'দ্বিতীয় পাঠ', status: 'published' }).expect(200);
    expect(changed.body).toMatchObject({ title: 'দ্বিতীয় পাঠ', warnings: [{ code: 'in-trash' }] });
    await room.read(body.id).expect(410);
    const killed = await put('in-trash', { itemVersion: 3, kill: { reason: 'প্রত্যাহার' } }).expect(200);
    expect(killed.body.notes).toMatchObject([{ step: 'kill', text: 'প্রত্যাহার' }]);
    expect((await room.step('restore', body.id).expect(200)).body).toMatchObject({
      title: 'দ্বিতীয় পাঠ',
      status: 'draft',
      notes: [{ text: 'প্রত্যাহার' }],
    });
  });

  it('that gets a date ahead while the desk has it in the trash has that date when it is restored', async () => {
    const { body } = await put('dated-in-trash', item(1)).expect(201);
    await room.trash(body.id).expect(204);
    const publishedAt = '2028-03-26T04:00:00.000Z';
    await put('dated-in-trash', item(2, { publishedAt })).expect(200);
    expect((await room.step('restore', body.id).expect(200)).body).toMatchObject({ status: 'draft', publishedAt });
    expect((await room.step('publish', body.id).expect(200)).body.status).toBe('scheduled');
  });

  it('publishes what the wire wrote, and leaves the working draft of the desk alone', async () => {
    const { body } = await put('beside-draft', item(1, { status: 'draft' })).expect(201);
    await room
      .as('editor', 'patch', `/v1/articles/${body.id}/draft`)
      .set('If-Match', '"1"')
      .send({ title: 'অর্ধেক লেখা' })
      .expect(200);
    const taken = await put('beside-draft', item(2, { title: 'তারের শিরোনাম', status: 'published' })).expect(200);
    expect(taken.body).toMatchObject({ title: 'তারের শিরোনাম', status: 'published', warnings: [] });
    const draft = await room.as('editor', 'get', `/v1/articles/${body.id}/draft`).expect(200);
    expect(draft.body).toMatchObject({ title: 'অর্ধেক লেখা', behind: true });
  });

  it('sent twenty times at once is one article', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => put('storm', item(7))));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await room.app.sql(`SELECT count(*)::int AS n FROM articles WHERE source_item_id = 'storm'`)).toEqual([
      { n: 1 },
    ]);
  });

  it('needs a title when it is new, a version, and a source that exists', async () => {
    const untitled = await changesNothing(room, () => put('x', { itemVersion: 1 }).expect(400));
    expect(untitled.body.errors[0].pointer).toBe('/title');
    await changesNothing(room, () => put('x', { title: 'ক' }).expect(400));
    await changesNothing(room, () => put('x', item(0)).expect(400));
    await changesNothing(room, () => put('x', item(1, { source: 'এএফপি' })).expect(400));
    await changesNothing(room, () => put('x', item(1), 'editor', 'নেই').expect(404));
    await changesNothing(room, () => put('ক'.repeat(256), item(1)).expect(400));
    await changesNothing(room, () => put('x', item(1), 'viewer').expect(403));
    await changesNothing(room, () => put('x', item(1), null).expect(401));
  });
});
