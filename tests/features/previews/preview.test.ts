import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicUrl } from '../../support/app.ts';
import { type DraftDesk, openDraftDesk, publicBytes } from '../../support/drafts.ts';
import { type Caller, changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { withCharacterChanged } from '../../support/tampering.ts';
import { walk } from '../../support/walk.ts';

let room: Newsroom;
let desk: DraftDesk;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
});
afterAll(() => room.close());

type Made = { id: string; url: string; token: string; expiresAt: string; showsDraft: boolean; createdAt: string };

const previews = (id: string) => `/v1/articles/${id}/previews`;
const make = (id: string, body: object = {}, as: Caller = 'editor') => room.as(as, 'post', previews(id)).send(body);
const made = async (id: string, as: Caller = 'editor'): Promise<Made> => (await make(id, {}, as).expect(201)).body;
const open = (token: string) => room.as(null, 'get', `/v1/previews/${token}`);
const revoke = (id: string, previewId: string, as: Caller = 'editor') =>
  room.as(as, 'delete', `${previews(id)}/${previewId}`);
const published = (body: object = {}) => room.story({ status: 'published', ...body });

describe('a preview link', () => {
  it('shows the working draft as publishing would make it, to anybody, never cached and never indexed', async () => {
    const tag = await room.label('tags', { name: 'আগাম দেখা' });
    const live = await published({ title: 'যা সবাই দেখে', cover: { url: '/media/k.jpg', alt: 'ছবি' } });
    await desk.draft(live.id, {
      title: 'যা পরে দেখবে',
      body: '<p><img src="/media/n.jpg" alt="নদী"></p>',
      tags: [tag.slug],
    });
    const answer = await make(live.id, { expiresInHours: 2 }).expect(201);
    const { token, url, expiresAt, createdAt, showsDraft } = answer.body;
    expect(url).toBe(`${publicUrl}/v1/previews/${token}`);
    expect(answer.headers.location).toBe(url);
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(2 * 3_600_000);
    expect(showsDraft).toBe(true);
    const shown = await open(token).expect(200);
    expect(shown.body).toMatchObject({
      id: live.id,
      title: 'যা পরে দেখবে',
      tags: [{ id: tag.id }],
      status: 'published',
      cover: { url: `${publicUrl}/media/k.jpg` },
      version: live.version,
      preview: { isDraft: true, expiresAt },
    });
    expect(shown.body.bodyHtml).toContain(`${publicUrl}/media/n.jpg`);
    for (const member of ['createdBy', 'updatedBy', 'updatedAt', 'notes'])
      expect(shown.body).not.toHaveProperty(member);
    expect(shown.headers).toMatchObject({
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
    });
    await desk.discard(live.id).expect(204);
    expect((await open(token).expect(200)).body).toMatchObject({ title: 'যা সবাই দেখে', preview: { isDraft: false } });
  });

  it('shows an article in every state but the trash', async () => {
    const story = await room.story({ title: 'কাঁচা লেখা' }, 'author');
    const { token } = await made(story.id, 'author');
    for (const place of ['draft', 'review', 'scheduled', 'published', 'archived', 'expired'] as const) {
      await room.moveTo(place, story.id);
      expect((await open(token).expect(200)).body).toMatchObject({ title: 'কাঁচা লেখা', status: place });
    }
    await room.trash(story.id).expect(204);
    const gone = await open(token).expect(404);
    expect(gone.headers['cache-control']).toBe('no-store');
    expect((await make(story.id).expect(409)).body).toMatchObject({ code: 'wrong-state', place: 'trash' });
    await room.app.sql('DELETE FROM articles WHERE id = $1', [story.id]);
    await open(token).expect(404);
  });

  it('ends at its time, and at once when it is revoked', async () => {
    const live = await published();
    const [late, early] = [await made(live.id), await made(live.id)];
    await room.app.sql("UPDATE previews SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [late.id]);
    await open(late.token).expect(404);
    await open(early.token).expect(200);
    await revoke(live.id, early.id).expect(204);
    await open(early.token).expect(404);
    await changesNothing(room, () => revoke(live.id, early.id).expect(204));
    const events = (await room.events(live.id)).filter(({ type }) => type.startsWith('preview.'));
    expect(events.map(({ type, keys }) => [type, keys])).toEqual([
      ['preview.created', []],
      ['preview.created', []],
      ['preview.revoked', []],
    ]);
    expect(JSON.stringify(events)).not.toContain(early.token.split('.')[1]);
  });

  it('cannot be guessed, edited or lent: every other token is 404, and it opens nothing else', async () => {
    const live = await published();
    const { token, id } = await made(live.id);
    const [first, second] = [token.slice(0, 32), token.slice(33)];
    const { token: other } = await made(live.id);
    const wrong = [
      first,
      `${first}.`,
      `${first}.${second.slice(0, -1)}`,
      `${first}.${second}A`,
      `${first}.${withCharacterChanged(second, -1)}`,
      `${other.slice(0, 32)}.${second}`,
      `${id}.${second}`,
      token.toUpperCase(),
      `${token}%00`,
      'না',
      'x'.repeat(5_000),
      room.people.admin.token,
    ];
    for (const one of wrong) await open(encodeURIComponent(one)).expect(404);
    const asBearer = room.app.request('get', `/v1/articles/${live.id}`).set('Authorization', `Bearer ${token}`);
    expect((await asBearer.expect(401)).body.code).toBe('invalid-token');
    await room.app.request('get', `/v1/previews/${token}`).set('Authorization', 'Bearer rubbish').expect(200);
    await room.as(null, 'head', `/v1/previews/${token}`).expect(200);
    await room.as('editor', 'post', `/v1/previews/${token}`).expect(405);
  });

  it('is never in a log line, whatever is asked of its address', async () => {
    const live = await published();
    const { token } = await made(live.id);
    const paths = [
      `/v1/previews/${token}`,
      `/v1/previews/${token}/`,
      `/v1/previews/${token}/x?y=1`,
      `/V1/Previews/${token}`,
      `//v1/previews/${token}`,
      `/v1/previews/${token.replace('.', '%2E')}`,
      `/v1/articles/${token}`,
      `/${token}`,
    ];
    const before = room.app.logLines.length;
    for (const path of paths) {
      await room.app.request('get', path);
      await room.app.request('post', path);
      await room.app.request('options', path);
    }
    await fetch(`${room.app.url}/v1/previews/${token}?a=%`).then((answer) => answer.text());
    const lines = room.app.logLines.slice(before);
    expect(lines.length).toBeGreaterThanOrEqual(3 * paths.length);
    expect(room.app.logLines.join('\n')).not.toContain(token.slice(33));
    expect(lines[0]).toContain('"path":"/v1/previews/…"');
    expect(lines[0]).toContain('"route":"/v1/previews/{token}"');
  });
});

describe('making, listing and revoking', () => {
  it('is for editors and for authors of what is theirs; an author’s link shows no working draft', async () => {
    const story = await room.story({ title: 'লেখকের লেখা' }, 'author');
    await desk.draft(story.id, { title: 'সম্পাদকের খসড়া' });
    const own = await made(story.id, 'author');
    expect(own.showsDraft).toBe(false);
    expect((await open(own.token).expect(200)).body).toMatchObject({
      title: 'লেখকের লেখা',
      preview: { isDraft: false },
    });
    for (const [who, status] of [
      [null, 401],
      ['viewer', 403],
      ['other', 404],
    ] as const) {
      await changesNothing(room, () => make(story.id, {}, who).expect(status));
      await room.as(who, 'get', previews(story.id)).expect(status);
      await revoke(story.id, own.id, who).expect(status);
    }
    await room.moveTo('published', story.id);
    await make(story.id, {}, 'other').expect(403);
    await room.as('other', 'get', previews(story.id)).expect(403);
    await revoke(story.id, own.id, 'other').expect(403);
    await open(own.token).expect(200);
    await revoke(story.id, own.id, 'author').expect(204);
  });

  it('takes 1 to 168 hours, 24 without a word', async () => {
    const live = await published();
    const { expiresAt, createdAt } = (await room.as('editor', 'post', previews(live.id)).expect(201)).body;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(24 * 3_600_000);
    for (const expiresInHours of [0, 169, 1.5, '2', null]) {
      const { body } = await make(live.id, { expiresInHours }).expect(400);
      expect(body.errors[0].pointer).toBe('/expiresInHours');
    }
    await make(live.id, { hours: 2 }).expect(400);
    await make(live.id, { expiresInHours: 168 }).expect(201);
  });

  it('lists the links of one article, newest first, never a token', async () => {
    const [live, another] = [await published(), await published()];
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await made(live.id)).id);
    await made(another.id);
    await revoke(live.id, ids[1] ?? '').expect(204);
    const listed = await walk(room.app, `${previews(live.id)}?limit=2`, { person: room.people.editor });
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(listed.map(({ revokedAt }) => revokedAt !== null)).toEqual([false, true, false]);
    expect(listed[0]).toMatchObject({ createdBy: { id: room.people.editor.id }, showsDraft: true });
    expect(JSON.stringify(listed)).not.toMatch(/token|url/);
    const page = await room.as('editor', 'get', `${previews(live.id)}?limit=1`).expect(200);
    const after = encodeURIComponent(page.body.page.nextCursor);
    await room.as('editor', 'get', `${previews(another.id)}?after=${after}`).expect(400);
    await room.as('editor', 'get', `${previews(live.id)}?sort=id`).expect(400);
  });

  it('is 404 for what is not there', async () => {
    const [live, another] = [await published(), await published()];
    const { id } = await made(live.id);
    await make('0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11').expect(404);
    await revoke(another.id, id).expect(404);
    await revoke(live.id, 'কিছু').expect(404);
    await revoke(live.id, another.id).expect(404);
  });
});

describe('the canary', () => {
  it('in a draft and behind a link changes no public byte and is in no public answer and in no event', async () => {
    const canary = 'শঙ্খচিল-ক্যানারি-৭৩';
    const live = await published({ title: 'সবার জন্য' });
    const before = await publicBytes(room, live);
    const seen = await room.seen(live.id);
    await desk.draft(live.id, {
      title: canary,
      slug: canary,
      kicker: canary,
      excerpt: canary,
      body: `<p>${canary}</p>`,
      byline: canary,
      cover: { url: '/media/c.jpg', alt: canary, caption: canary },
    });
    const { token, id } = await made(live.id);
    expect((await open(token).expect(200)).text).toContain(canary);
    expect(await publicBytes(room, live)).toEqual(before);
    const paths = [
      `/v1/articles/${encodeURIComponent(canary)}`,
      `/v1/articles/${live.id}/draft`,
      `/v1/articles/${live.id}/previews`,
      '/v1/articles?sort=title',
      '/v1/latest?limit=100',
      '/v1/tags',
      '/v1/sources',
    ];
    for (const path of paths) expect((await room.as(null, 'get', path)).text).not.toContain('শঙ্খচিল');
    await room.read(canary).expect(404);
    expect(await publicBytes(room, live)).toEqual(before);
    await revoke(live.id, id).expect(204);
    await desk.discard(live.id).expect(204);
    expect(await publicBytes(room, live)).toEqual(before);
    expect(await room.seen(live.id)).toEqual(seen);
    const [row] = await room.app.sql("SELECT string_agg(e::text, E'\\n') AS all FROM events e");
    expect(String(row?.all)).not.toContain('শঙ্খচিল');
    expect(room.app.logLines.join('\n')).not.toContain('শঙ্খচিল');
  });
});
