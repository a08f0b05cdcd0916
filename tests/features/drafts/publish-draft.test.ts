import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
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

describe('publishing with a working draft', () => {
  it('applies it whole: one version, one revision, one event, and the draft is gone', async () => {
    const [first, second, third] = [
      await room.label('tags', { name: 'হাট এক' }),
      await room.label('tags', { name: 'হাট দুই' }),
      await room.label('tags', { name: 'হাট তিন' }),
    ];
    const source = await room.label('sources', { name: 'উত্তর বার্তা' });
    const live = await published({ title: 'পুরোনো', body: '<p>এক</p>', tags: [first.slug] });
    const made = await desk.draft(live.id, {
      title: 'নতুন শিরোনাম',
      slug: 'notun-slug-ek',
      body: 'নতুন **লেখা**',
      bodyFormat: 'markdown',
      tags: [third.slug, first.slug, second.slug],
      source: source.slug,
      sourceItemId: 'wire-7',
      cover: { url: '/media/hat.jpg', alt: 'হাট' },
    });
    const events = (await room.events(live.id)).length;
    const { body: after } = await room
      .step('publish', live.id, { note: 'ছাপা হোক', draftVersion: made.version }, { match: etag(made.articleVersion) })
      .expect(200);
    for (const field of [
      'title',
      'slug',
      'body',
      'bodyFormat',
      'bodyHtml',
      'tags',
      'source',
      'cover',
      'sourceItemId',
    ] as const)
      expect(after[field]).toEqual(made[field]);
    expect(after).toMatchObject({
      version: live.version + 1,
      publishedAt: live.publishedAt,
      status: 'published',
      warnings: [],
    });
    expect(after.tags.map(({ slug }: { slug: string }) => slug)).toEqual([third.slug, first.slug, second.slug]);
    expect((await room.revisions(live.id)).map(({ step, note }) => [step, note])).toEqual([
      ['create', null],
      ['publish', 'ছাপা হোক'],
    ]);
    const made1 = (await room.events(live.id)).slice(events);
    expect(made1.map(({ type }) => type)).toEqual(['article.published']);
    expect(made1[0]?.keys).toEqual(
      expect.arrayContaining(['redirects', cacheKeys.latestOfTag(third.id), cacheKeys.latestOfTag(first.id)]),
    );
    expect(await desk.rows(live.id)).toEqual([]);
    await desk.read(live.id).expect(404);
    const moved = await room.read(live.slug).expect(308);
    expect(moved.headers.location).toContain('notun-slug-ek');
  });

  it('takes a correction with it, and says nothing new where the draft changes nothing', async () => {
    const live = await published();
    await desk.draft(live.id, { title: 'ঠিক করা' });
    const { body } = await room.step('publish', live.id, { correction: 'নামের বানান ভুল ছিল।' }).expect(200);
    expect(body).toMatchObject({ title: 'ঠিক করা', corrections: [{ text: 'নামের বানান ভুল ছিল।' }] });
    await desk.draft(live.id, {});
    const again = await room.step('publish', live.id).expect(200);
    expect(again.body.version).toBe(body.version);
    expect(await desk.rows(live.id)).toEqual([]);
  });

  it('records that the draft is gone where it changes nothing of the article, whose version stays', async () => {
    const live = await published({ title: 'পুরোনো নাম' });
    await desk.draft(live.id, { title: 'নতুন নাম' });
    const typedBack = await desk.draft(live.id, { title: 'পুরোনো নাম' });
    const revisions = await room.revisions(live.id);
    const { body } = await room.step('publish', live.id, { draftVersion: typedBack.version }).expect(200);
    expect(body).toMatchObject({ version: live.version, title: 'পুরোনো নাম', warnings: [] });
    const { type, version, keys, data, actor_id } = (await room.events(live.id)).at(-1) ?? {};
    expect({ type, version, keys, actor_id }).toEqual({
      type: 'draft.deleted',
      version: live.version,
      keys: [],
      actor_id: room.people.editor.id,
    });
    const changedBy = [room.people.editor.id];
    expect(data).toEqual({ published: true, baseVersion: live.version, changed: [], changedBy });
    expect(await room.revisions(live.id)).toEqual(revisions);
    await desk.read(live.id).expect(404);
  });

  it('keeps the note of publishing a draft that changes nothing', async () => {
    const live = await published();
    await desk.draft(live.id, {});
    const { body } = await room.step('publish', live.id, { note: 'দেখা হয়েছে।' }).expect(200);
    expect(body).toMatchObject({ version: live.version + 1, notes: [{ text: 'দেখা হয়েছে।' }] });
    expect((await room.events(live.id)).at(-1)).toMatchObject({ type: 'article.published', version: live.version + 1 });
  });

  it('gives a derived slug that was taken meanwhile a number, and refuses a given one that is', async () => {
    const draftOnly = await room.story({ title: 'প্রথম নাম' });
    await desk.draft(draftOnly.id, { title: 'সবার পছন্দের নাম' });
    const taken = await room.story({ title: 'সবার পছন্দের নাম' });
    const { body } = await room.step('publish', draftOnly.id).expect(200);
    expect(body.slug).toBe(`${taken.slug}-2`);
    const live = await published();
    await desk.draft(live.id, { slug: taken.slug, title: 'অন্য কথা' });
    const refused = await changesNothing(room, () => room.step('publish', live.id).expect(409));
    expect(refused.body).toMatchObject({ code: 'slug-taken', slug: taken.slug });
    expect(await desk.rows(live.id)).toHaveLength(1);
    expect((await room.seen(live.id)).title).toBe(live.title);
  });
});

describe('a draft that the live article has overtaken', () => {
  it('is not published until it is rebased; the refusal shows both differences and changes nothing', async () => {
    const live = await published({ title: 'সেতু খুলছে', excerpt: 'কাল' });
    await desk.draft(live.id, { body: '<p>বড় বদল</p>' });
    const { body: fixed } = await room.patch(live.id, { excerpt: 'আজ', correction: 'দিন ভুল ছিল।' }).expect(200);
    const behind = (await desk.read(live.id).expect(200)).body;
    expect(behind).toMatchObject({ behind: true, baseVersion: live.version, articleVersion: fixed.version });
    const { body: refused } = await changesNothing(room, () => room.step('publish', live.id).expect(409));
    expect(refused).toMatchObject({
      code: 'draft-behind',
      articleVersion: fixed.version,
      liveChanges: [{ field: 'excerpt', before: 'কাল', after: 'আজ' }],
      draftChanges: [{ field: 'body', before: '', after: '<p>বড় বদল</p>' }],
    });
    await desk.patch(live.id, { baseVersion: live.version }).expect(409);
    await desk.patch(live.id, { baseVersion: fixed.version + 1 }).expect(409);
    const rebased = await desk.draft(live.id, { baseVersion: fixed.version });
    expect(rebased).toMatchObject({ behind: false, baseVersion: fixed.version, excerpt: 'আজ', body: '<p>বড় বদল</p>' });
    expect(rebased.changes.map(({ field }) => field)).toEqual(['body']);
    const { body: after } = await room.step('publish', live.id).expect(200);
    expect(after).toMatchObject({ excerpt: 'আজ', body: '<p>বড় বদল</p>', corrections: [{ text: 'দিন ভুল ছিল।' }] });
  });

  it('keeps what the draft changed where both did, or takes what the rebasing call says', async () => {
    const live = await published({ title: 'এক', kicker: 'ক' });
    await desk.draft(live.id, { title: 'খসড়ার নাম' });
    const { body: fixed } = await room.patch(live.id, { title: 'সরাসরি নাম', kicker: 'খ' }).expect(200);
    const kept = await desk.draft(live.id, { baseVersion: fixed.version });
    expect(kept).toMatchObject({ title: 'খসড়ার নাম', kicker: 'খ', behind: false });
    const { body: more } = await room.patch(live.id, { title: 'আবার সরাসরি' }).expect(200);
    const { body: put } = await desk.put(live.id, { title: 'মিলিয়ে লেখা', baseVersion: more.version }).expect(200);
    expect(put).toMatchObject({ title: 'মিলিয়ে লেখা', kicker: 'খ', behind: false });
    expect((await room.step('publish', live.id).expect(200)).body.title).toBe('মিলিয়ে লেখা');
  });

  it('is not behind for steps, for a correction alone, nor where both say the same', async () => {
    const live = await published({ title: 'একই কথা' });
    await desk.draft(live.id, { title: 'শেষ কথা' });
    await room.patch(live.id, { correction: 'বানান ঠিক করা হলো।' }).expect(200);
    await room.step('unpublish', live.id).expect(200);
    await room.patch(live.id, { title: 'শেষ কথা' }).expect(200);
    expect((await desk.read(live.id).expect(200)).body).toMatchObject({ behind: false, changes: [] });
    expect((await room.step('publish', live.id).expect(200)).body.title).toBe('শেষ কথা');
  });

  it('takes no cover for changed that only was stored, whichever order its members come back in', async () => {
    const cover = { url: '/media/kheya.jpg', alt: 'খেয়া', credit: 'নিজস্ব', caption: 'পুরোনো', width: 1200, height: 675 };
    const live = await published({ title: 'খেয়াঘাট', cover });
    await desk.draft(live.id, { cover: { caption: 'নতুন' } });
    await room.patch(live.id, { correction: 'ঘাটের নাম ভুল ছিল।' }).expect(200);
    expect((await desk.read(live.id).expect(200)).body).toMatchObject({ behind: false, changes: [{ field: 'cover' }] });
    await room.patch(live.id, { title: 'খেয়াঘাটে ভিড়' }).expect(200);
    const { body: put } = await desk.put(live.id, { title: 'খেয়াঘাট বন্ধ' }).expect(200);
    expect(put.behind).toBe(true);
    const { body: refused } = await room.step('publish', live.id).expect(409);
    const names = (changes: { field: string }[]) => changes.map(({ field }) => field);
    expect([names(refused.liveChanges), names(refused.draftChanges)]).toEqual([['title'], ['title', 'cover']]);
    const { body: stale } = await room.patch(live.id, { kicker: 'ঘাট' }, { match: etag(live.version) }).expect(412);
    expect(names(stale.changes).sort()).toEqual(['corrections', 'modifiedAt', 'title']);
    await desk.draft(live.id, { baseVersion: stale.currentVersion });
    const { body: after } = await room.step('publish', live.id).expect(200);
    expect(after).toMatchObject({ title: 'খেয়াঘাট বন্ধ', cover: { caption: 'নতুন', credit: 'নিজস্ব' } });
  });

  it('refuses a base that is not the version of now when one begins', async () => {
    const live = await published();
    await desk.patch(live.id, { baseVersion: live.version + 1 }).expect(409);
    await desk.patch(live.id, { baseVersion: live.version }).expect(200);
  });
});

describe('the life of a draft beside the life of its article', () => {
  it('survives unpublish; readers see the article only between publish and unpublish, by every road', async () => {
    const made = await room.story({ title: 'তিন রাতের খবর' }, 'author');
    const roads = [`/v1/articles/${made.id}`, `/v1/articles/${encodeURIComponent(made.slug)}`];
    const unseen = async (etagOf: string | undefined) => {
      for (const road of roads) {
        const request = room.as(null, 'get', road);
        if (etagOf) request.set('If-None-Match', etagOf);
        expect([404, 410]).toContain((await request).status);
      }
      expect((await room.as(null, 'get', '/v1/latest').expect(200)).text).not.toContain(made.id);
    };
    await unseen(undefined);
    await room.patch(made.id, { excerpt: 'সার' }, { as: 'author' }).expect(200);
    await room.step('submit', made.id, {}, { as: 'author' }).expect(200);
    await unseen(undefined);
    await room.step('publish', made.id).expect(200);
    const shown = await room.read(made.id).expect(200);
    await desk.draft(made.id, { title: 'খসড়ায় নতুন নাম' });
    expect((await room.read(made.id).expect(200)).headers.etag).toBe(shown.headers.etag);
    await room.step('unpublish', made.id).expect(200);
    await unseen(shown.headers.etag);
    expect((await desk.read(made.id).expect(200)).body).toMatchObject({ title: 'খসড়ায় নতুন নাম', behind: false });
    const { body } = await room.step('publish', made.id).expect(200);
    expect(body).toMatchObject({ title: 'খসড়ায় নতুন নাম', firstPublishedAt: shown.body.firstPublishedAt });
  });

  it('survives the trash and the archive, and goes with the row', async () => {
    const live = await published();
    await desk.draft(live.id, { title: 'থেকে যাবে' });
    await room.trash(live.id).expect(204);
    await room.step('restore', live.id).expect(200);
    await room.step('archive', live.id).expect(200);
    expect((await desk.read(live.id).expect(200)).body.title).toBe('থেকে যাবে');
    await room.app.sql('DELETE FROM articles WHERE id = $1', [live.id]);
    expect(await desk.rows(live.id)).toEqual([]);
  });
});
