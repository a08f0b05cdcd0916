import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicUrl } from '../../support/app.ts';
import { type DraftDesk, draftPath, openDraftDesk, publicBytes } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, pointers } from '../../support/newsroom.ts';

let room: Newsroom;
let desk: DraftDesk;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
});
afterAll(() => room.close());

const cover = { url: '/media/ghat.jpg', alt: 'ঘাটে বাঁধা নৌকা', caption: 'ভোরের ঘাট', credit: 'নিজস্ব' };
const published = (body: object = {}) => room.story({ status: 'published', ...body });
const etag = (version: number) => `"${version}"`;

describe('beginning a working draft', () => {
  it('begins from the live article with its ETag, and shows what publishing would change', async () => {
    const tag = await room.label('tags', { name: 'নদী ভাঙন' });
    const source = await room.label('sources', { name: 'দক্ষিণ বার্তা' });
    const live = await published({
      title: 'চরের স্কুল',
      body: '<p>এক</p>',
      cover,
      tags: [tag.slug],
      source: source.slug,
    });
    const { body: made, headers } = await desk
      .patch(live.id, { title: 'চরের স্কুলে নতুন ঘর' }, { match: etag(live.version) })
      .expect(200);
    expect(made).toMatchObject({
      id: live.id,
      title: 'চরের স্কুলে নতুন ঘর',
      slug: live.slug,
      body: '<p>এক</p>',
      cover: { ...cover, url: `${publicUrl}/media/ghat.jpg`, width: null, height: null },
      tags: [{ id: tag.id, slug: tag.slug, name: tag.name }],
      source: { id: source.id, name: source.name },
      baseVersion: live.version,
      articleVersion: live.version,
      behind: false,
      updatedBy: { id: room.people.editor.id },
      changes: [{ field: 'title', live: 'চরের স্কুল', draft: 'চরের স্কুলে নতুন ঘর' }],
      warnings: [],
    });
    const read = await desk.read(live.id).expect(200);
    expect(read.headers.etag?.split('-')[0]).toBe(headers.etag?.split('-')[0]);
    expect(read.body).toEqual(made);
    expect(await desk.read(live.slug).expect(200)).toMatchObject({ body: made });
  });

  it('gives drafts versions that are none of the article, nor of a draft before, so that no ETag serves for both', async () => {
    const live = await published();
    const first = await desk.draft(live.id, {});
    expect(first.version).toBeGreaterThanOrEqual(1_000_000);
    expect(first.version).toBeLessThan(1_000_000_000);
    const { body } = await desk.patch(live.id, { title: 'অন্য' }, { match: etag(live.version) }).expect(412);
    expect(body.currentVersion).toBe(first.version);
    await desk.put(live.id, { title: 'অন্য' }, { match: etag(live.version) }).expect(412);
    await desk.discard(live.id, { match: etag(live.version) }).expect(412);
    await room.patch(live.id, { title: 'অন্য' }, { match: etag(first.version) }).expect(412);
    await room.step('publish', live.id, {}, { match: etag(first.version) }).expect(412);
    await desk.discard(live.id, { match: etag(first.version) }).expect(204);
    const second = await desk.draft(live.id, {});
    expect(second.version).not.toBe(first.version);
    await desk.patch(live.id, { title: 'অন্য' }, { match: etag(first.version) }).expect(412);
    expect((await room.seen(live.id)).title).toBe(live.title);
  });

  it('lets one of two editors begin', async () => {
    const live = await published();
    const answers = await Promise.all(
      ['এক', 'দুই', 'তিন'].map((title) => desk.patch(live.id, { title }, { match: etag(live.version) })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect(await desk.rows(live.id)).toHaveLength(1);
  });
});

describe('changing a working draft', () => {
  it('changes not a public byte, no ETag and no updatedAt, makes no revision, and tells the audit only', async () => {
    const live = await published({ title: 'হাটের দর', tags: [] });
    const before = await publicBytes(room, live);
    const seen = await room.seen(live.id);
    const revisions = await room.revisions(live.id);
    const made = await desk.draft(live.id, {
      title: 'গোপন শিরোনাম',
      body: '<p>গোপন</p>',
      expiresAt: '2030-01-01T00:00:00Z',
    });
    await desk.put(live.id, { excerpt: 'গোপন সার', slug: 'gopon-slug' }, { match: etag(made.version) }).expect(200);
    await desk.discard(live.id).expect(204);
    await desk.draft(live.id, { title: 'আবার গোপন' });
    expect(await publicBytes(room, live)).toEqual(before);
    expect(await room.seen(live.id)).toEqual(seen);
    expect(await room.revisions(live.id)).toEqual(revisions);
    const events = (await room.events(live.id)).filter(({ type }) => type.startsWith('draft.'));
    expect(events.map(({ type, keys, version }) => ({ type, keys, version }))).toEqual(
      ['updated', 'updated', 'deleted', 'updated'].map((what) => ({
        type: `draft.${what}`,
        keys: [],
        version: live.version,
      })),
    );
    expect(JSON.stringify(events)).not.toMatch(/গোপন|gopon/);
    expect(events[0]).toMatchObject({ actor_id: room.people.editor.id, data: { baseVersion: live.version } });
    expect(events[0]?.request_id).toBeTruthy();
    expect(events[0]?.data.changed?.sort()).toEqual(['body', 'bodyHtml', 'expiresAt', 'title']);
    expect(events[1]?.data.changed?.sort()).toEqual(['excerpt', 'slug']);
  });

  it('merges a patch and clears by null; members that need a value refuse it', async () => {
    const live = await published({ excerpt: 'সার', kicker: 'হাট', cover });
    await desk.draft(live.id, {});
    const merged = await desk.draft(live.id, { cover: { caption: null }, excerpt: null, kicker: '' });
    expect(merged).toMatchObject({ cover: { alt: cover.alt, caption: null }, excerpt: null, kicker: null });
    const cleared = await desk.draft(live.id, { cover: null });
    expect(cleared.cover).toBeNull();
    for (const body of [{ title: null }, { tags: null }, { language: null }, { body: null }, { slug: null }]) {
      const answer = await desk.patch(live.id, body).expect(400);
      expect(pointers(answer)).toEqual([`/${Object.keys(body)[0]}`]);
    }
    const { body: faults } = await desk.patch(live.id, { cover: { alt: null } }).expect(400);
    expect(faults.errors[0].pointer).toBe('/cover/alt');
    for (const member of ['status', 'publishedAt', 'correction', 'modified', 'version']) {
      await desk.patch(live.id, { [member]: null }).expect(400);
      await desk.put(live.id, { [member]: null }).expect(400);
    }
  });

  it('replaces by PUT each member that it names, whole, and nothing else', async () => {
    const live = await published({ excerpt: 'সার', cover, byline: 'নিজস্ব প্রতিবেদক' });
    const { body: made } = await desk
      .put(live.id, { cover: { url: '/media/nodi.jpg', alt: 'নদী' }, byline: null }, { match: etag(live.version) })
      .expect(200);
    expect(made).toMatchObject({ title: live.title, excerpt: 'সার', byline: null, slug: live.slug });
    expect(made.cover).toEqual({
      url: `${publicUrl}/media/nodi.jpg`,
      alt: 'নদী',
      caption: null,
      credit: null,
      width: null,
      height: null,
    });
    await desk.put(live.id, { cover: { caption: 'কেবল' } }).expect(400);
  });

  it('keeps the version where nothing changes, and can be sent back as it was read', async () => {
    const live = await published({ body: '<p><a href="/somoy">সময়</a></p>', cover });
    const made = await desk.draft(live.id, { title: 'নতুন' });
    const events = (await room.events(live.id)).length;
    const { title, body, cover: shown, tags, source, expiresAt } = made;
    const back = { title, body, cover: shown, tags: tags.map(({ id }) => id), source, expiresAt };
    expect((await desk.draft(live.id, back)).version).toBe(made.version);
    expect((await desk.draft(live.id, {})).version).toBe(made.version);
    expect(await room.events(live.id)).toHaveLength(events);
  });

  it('shows of a title that is changed there and back the slug that publishing leaves', async () => {
    await room.story({ title: 'ঘাটের দিন' });
    const live = await room.story({ title: 'ঘাটের দিন' });
    expect((await desk.draft(live.id, { title: 'হাটের দিন' })).slug).toBe('হাটের-দিন');
    const back = await desk.draft(live.id, { title: live.title });
    expect(back).toMatchObject({ slug: live.slug, changes: [] });
    await room.step('publish', live.id).expect(200);
    expect((await room.seen(live.id)).slug).toBe(live.slug);
  });

  it('sanitises the body and names what was taken out', async () => {
    const live = await published();
    const made = await desk.draft(live.id, { body: '<p onclick="x()">ভালো</p><script>alert(1)</script>' });
    expect(made.bodyHtml).toBe('<p>ভালো</p>');
    expect(made.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['removed-element']));
  });

  it('says what it cannot take: unknown tags, values that do not go together, reserved slugs', async () => {
    const live = await published();
    await desk.patch(live.id, { tags: ['এমন-ট্যাগ-নেই'] }).expect(422);
    await desk.patch(live.id, { sourceItemId: 'x-1' }).expect(422);
    await desk.patch(live.id, { expiresAt: '2001-01-01T00:00:00Z' }).expect(422);
    await desk.patch(live.id, { slug: 'latest' }).expect(400);
    await desk.patch(live.id, { baseVersion: 0 }).expect(400);
    expect(await desk.rows(live.id)).toEqual([]);
  });
});

describe('who may, and when', () => {
  it('is for editors and admins', async () => {
    const live = await room.story({ title: 'লেখকের খবর' }, 'author');
    for (const who of ['viewer', 'author', 'other'] as const) {
      await desk.read(live.id, who).expect(403);
      await desk.patch(live.id, { title: 'না' }, { as: who }).expect(403);
      await desk.put(live.id, { title: 'না' }, { as: who }).expect(403);
      await desk.discard(live.id, { as: who }).expect(403);
    }
    await desk.read(live.id, null).expect(401);
    await room.as('editor', 'post', draftPath(live.id)).expect(405);
    await desk.patch(live.id, { title: 'হ্যাঁ' }, { as: 'admin' }).expect(200);
  });

  it('holds an access key to its own sources, before and after', async () => {
    const [own, other] = [
      await room.label('sources', { name: 'নিজের তার' }),
      await room.label('sources', { name: 'পরের তার' }),
    ];
    const key = { name: 'তারের যন্ত্র', role: 'editor', sources: [own.slug] };
    const { body: made } = await room.as('admin', 'post', '/v1/keys').send(key).expect(201);
    const write = (id: string, body: object) =>
      room.app
        .request('patch', draftPath(id))
        .set('Authorization', `Bearer ${made.token}`)
        .set('If-Match', '*')
        .send(body);
    const [mine, theirs] = [await published({ source: own.slug }), await published({ source: other.slug })];
    await write(mine.id, { title: 'নিজের খবর' }).expect(200);
    await write(mine.id, { source: other.slug }).expect(403);
    await write(theirs.id, { source: own.slug }).expect(403);
    expect(await desk.rows(theirs.id)).toEqual([]);
  });

  it('is 404 where there is none, 428 without a condition, 409 in the trash', async () => {
    const live = await published();
    await desk.read(live.id).expect(404);
    await desk.discard(live.id).expect(404);
    await desk.discard(live.id, { match: null }).expect(404);
    await desk.patch('এমন-খবর-নেই', {}).expect(404);
    await desk.read('0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11').expect(404);
    await changesNothing(room, () => desk.patch(live.id, {}, { match: null }).expect(428));
    await changesNothing(room, () => desk.put(live.id, {}, { match: etag(live.version + 1) }).expect(412));
    await desk.draft(live.id, {});
    await desk.discard(live.id, { match: null }).expect(428);
    await room.moveTo('trash', live.id);
    await desk.patch(live.id, {}).expect(409);
  });
});
