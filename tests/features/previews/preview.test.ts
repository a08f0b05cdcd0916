import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicUrl } from '../../support/app.ts';
import { type DraftDesk, draftPath, openDraftDesk, publicBytes } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';
import { openPreviewDesk, type PreviewDesk, previewsPath } from '../../support/previews.ts';
import { withCharacterChanged } from '../../support/tampering.ts';
import { walk } from '../../support/walk.ts';

let room: Newsroom;
let desk: DraftDesk;
let links: PreviewDesk;

beforeAll(async () => {
  room = await openNewsroom();
  desk = openDraftDesk(room);
  links = openPreviewDesk(room);
});
afterAll(() => room.close());

const published = (body: object = {}) => room.story({ status: 'published', ...body });

describe('a preview link', () => {
  it('shows the working draft as publishing would make it, to anybody, never cached and never indexed', async () => {
    const tag = await room.label('tags', { name: 'আগাম দেখা' });
    const live = await published({ title: 'যা সবাই দেখে', cover: { url: '/media/k.jpg', alt: 'ছবি' } });
    const body = '<p><img src="/media/n.jpg" alt="নদী"></p>';
    await desk.draft(live.id, { title: 'যা পরে দেখবে', body, tags: [tag.slug] });
    const answer = await links.make(live.id, { expiresInHours: 2 }).expect(201);
    const { token, url, expiresAt, createdAt, showsDraft } = answer.body;
    expect(url).toBe(`${publicUrl}/v1/previews/${token}`);
    expect(answer.headers.location).toBe(url);
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(2 * 3_600_000);
    expect(showsDraft).toBe(true);
    const shown = await links.open(token).expect(200);
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
    expect(await links.shown(token)).toMatchObject({ title: 'যা সবাই দেখে', preview: { isDraft: false } });
  });

  it('shows an article in every state but the trash', async () => {
    const story = await room.story({ title: 'কাঁচা লেখা' }, 'author');
    const { token } = await links.made(story.id, 'author');
    for (const place of ['draft', 'review', 'scheduled', 'published', 'archived', 'expired'] as const) {
      await room.moveTo(place, story.id);
      expect(await links.shown(token)).toMatchObject({ title: 'কাঁচা লেখা', status: place });
    }
    await room.trash(story.id).expect(204);
    const gone = await links.open(token).expect(404);
    expect(gone.headers['cache-control']).toBe('no-store');
    expect((await links.make(story.id).expect(409)).body).toMatchObject({ code: 'wrong-state', place: 'trash' });
    await room.app.sql('DELETE FROM articles WHERE id = $1', [story.id]);
    await links.open(token).expect(404);
  });

  it('ends at its time, and at once when it is revoked', async () => {
    const live = await published();
    const [late, early] = [await links.made(live.id), await links.made(live.id)];
    await room.app.sql("UPDATE previews SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [late.id]);
    await links.open(late.token).expect(404);
    await links.open(early.token).expect(200);
    await links.revoke(live.id, early.id).expect(204);
    await links.open(early.token).expect(404);
    await changesNothing(room, () => links.revoke(live.id, early.id).expect(204));
    const events = (await room.events(live.id)).filter(({ type }) => type.startsWith('preview.'));
    expect(events.map(({ type }) => type)).toEqual(['preview.created', 'preview.created', 'preview.revoked']);
    expect(events.flatMap(({ keys }) => keys)).toEqual([]);
    expect(JSON.stringify(events)).not.toContain(early.token.split('.')[1]);
  });

  it('cannot be guessed, edited or lent: every other token is 404, and it opens nothing else', async () => {
    const live = await published();
    const { token, id } = await links.made(live.id);
    const [first, second] = [token.slice(0, 32), token.slice(33)];
    const { token: other } = await links.made(live.id);
    const lent = [`${other.slice(0, 32)}.${second}`, `${id}.${second}`, room.people.admin.token];
    const edited = [second.slice(0, -1), `${second}A`, withCharacterChanged(second, -1), ''].map(
      (end) => `${first}.${end}`,
    );
    const others = [first, token.toUpperCase(), `${token}%00`, 'না', 'x'.repeat(5_000)];
    for (const one of [...lent, ...edited, ...others]) await links.open(encodeURIComponent(one)).expect(404);
    const asBearer = room.app.request('get', `/v1/articles/${live.id}`).set('Authorization', `Bearer ${token}`);
    expect((await asBearer.expect(401)).body.code).toBe('invalid-token');
    await room.app.request('get', `/v1/previews/${token}`).set('Authorization', 'Bearer rubbish').expect(200);
    await room.as(null, 'head', `/v1/previews/${token}`).expect(200);
    await room.as('editor', 'post', `/v1/previews/${token}`).expect(405);
  });

  it('is never in a log line, whatever is asked of its address', async () => {
    const live = await published();
    const { token } = await links.made(live.id);
    const path = `/v1/previews/${token}`;
    const odd = [`/V1/Previews/${token}`, `/${path}`, path.replace('.', '%2E'), `/v1/articles/${token}`, `/${token}`];
    const paths = [path, `${path}/`, `${path}/x?y=1`, ...odd];
    const before = room.app.logLines.length;
    for (const method of ['get', 'post', 'options'] as const)
      for (const each of paths) await room.app.request(method, each);
    await fetch(`${room.app.url}${path}?a=%`).then((answer) => answer.text());
    const lines = room.app.logLines.slice(before);
    expect(lines.length).toBeGreaterThanOrEqual(3 * paths.length);
    expect(room.app.logLines.join('\n')).not.toContain(token.slice(33));
    expect(lines[0]).toContain('"path":"/v1/previews/…"');
    expect(lines[0]).toContain('"route":"/v1/previews/{token}"');
  });
});

describe('making, listing and revoking', () => {
  it('takes 1 to 168 hours, 24 without a word', async () => {
    const live = await published();
    const { expiresAt, createdAt } = (await room.as('editor', 'post', previewsPath(live.id)).expect(201)).body;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(24 * 3_600_000);
    for (const expiresInHours of [0, 169, 1.5, '2', null]) {
      const { body } = await links.make(live.id, { expiresInHours }).expect(400);
      expect(body.errors[0].pointer).toBe('/expiresInHours');
    }
    await links.make(live.id, { hours: 2 }).expect(400);
    await links.make(live.id, { expiresInHours: 168 }).expect(201);
  });

  it('lists the links of one article, newest first, never a token', async () => {
    const [live, another] = [await published(), await published()];
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await links.made(live.id)).id);
    await links.made(another.id);
    await links.revoke(live.id, ids[1] ?? '').expect(204);
    const listed = await walk(room.app, `${previewsPath(live.id)}?limit=2`, { person: room.people.editor });
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(listed.map(({ revokedAt }) => revokedAt !== null)).toEqual([false, true, false]);
    expect(listed[0]).toMatchObject({ createdBy: { id: room.people.editor.id }, showsDraft: true });
    expect(JSON.stringify(listed)).not.toMatch(/token|url/);
    const page = await links.list(live.id, 'editor', '?limit=1').expect(200);
    const after = encodeURIComponent(page.body.page.nextCursor);
    await links.list(another.id, 'editor', `?after=${after}`).expect(400);
    await links.list(live.id, 'editor', '?sort=id').expect(400);
  });

  it('is 404 for what is not there', async () => {
    const [live, another] = [await published(), await published()];
    const { id } = await links.made(live.id);
    await links.make('0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11').expect(404);
    await links.revoke(another.id, id).expect(404);
    await links.revoke(live.id, 'কিছু').expect(404);
    await links.revoke(live.id, another.id).expect(404);
  });
});

describe('the canary', () => {
  it('in a draft and behind a link changes no public byte and is in no public answer and in no event', async () => {
    const canary = 'শঙ্খচিল-ক্যানারি-৭৩';
    const live = await published({ title: 'সবার জন্য' });
    const before = await publicBytes(room, live);
    const seen = await room.seen(live.id);
    const members = ['title', 'slug', 'kicker', 'excerpt', 'byline', 'body'];
    const words = Object.fromEntries(members.map((member) => [member, canary]));
    await desk.draft(live.id, { ...words, cover: { url: '/media/c.jpg', alt: canary, caption: canary } });
    const { token, id } = await links.made(live.id);
    expect((await links.open(token).expect(200)).text).toContain(canary);
    expect(await publicBytes(room, live)).toEqual(before);
    const ofIt = [pathOf(canary), draftPath(live.id), previewsPath(live.id)];
    for (const path of [...ofIt, '/v1/articles?sort=title', '/v1/latest?limit=100', '/v1/tags', '/v1/sources'])
      expect((await room.as(null, 'get', path)).text).not.toContain('শঙ্খচিল');
    await room.read(canary).expect(404);
    expect(await publicBytes(room, live)).toEqual(before);
    await links.revoke(live.id, id).expect(204);
    await desk.discard(live.id).expect(204);
    expect(await publicBytes(room, live)).toEqual(before);
    expect(await room.seen(live.id)).toEqual(seen);
    const [row] = await room.app.sql("SELECT string_agg(e::text, E'\\n') AS all FROM events e");
    expect(String(row?.all)).not.toContain('শঙ্খচিল');
    expect(room.app.logLines.join('\n')).not.toContain('শঙ্খচিল');
  });
});
