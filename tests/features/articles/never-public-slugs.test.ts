import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';

let room: Newsroom;
let count = 0;
let shown = '';
let secret = '';

beforeAll(async () => {
  room = await openNewsroom();
});
beforeEach(() => {
  count += 1;
  shown = `khobor-${count}`;
  secret = `gopon-${count}`;
});
afterAll(() => room.close());

const past = '2025-02-01T00:00:00Z';
const made = async () =>
  (await room.story({ slug: shown, status: 'published', publishedAt: '2025-01-01T00:00:00Z' })).id;
const rename = (id: string) => room.patch(id, { slug: secret }).expect(200);

/** What strangers and other authors get under the slug, whatever they ask of it; one status. */
async function statusOf(slug: string): Promise<number[]> {
  const answers = await Promise.all([
    room.read(slug),
    room.read(slug, 'author'),
    room.as(null, 'get', pathOf(slug, '?include=latest')),
    room.as(null, 'get', pathOf(slug, '?redirects=false')),
    room.app.request('head', pathOf(slug)),
    room.as('author', 'patch', pathOf(slug)).set('If-Match', '*').send({ title: 'অন্য' }),
    room.as('author', 'delete', pathOf(slug)).set('If-Match', '*'),
    room
      .as('author', 'post', `${pathOf(slug)}/submit`)
      .set('If-Match', '*')
      .send({}),
    room.as('author', 'get', `${pathOf(slug)}/revisions`),
    room.as('author', 'post', `${pathOf(slug)}/previews`).send({}),
  ]);
  return [...new Set(answers.map(({ status }) => status))];
}

describe('a slug under which readers never had the article', () => {
  it.each([
    [
      'taken as a draft that is archived then',
      async (id: string) => {
        await room.step('unpublish', id).expect(200);
        await rename(id);
        await room.step('archive', id).expect(200);
      },
    ],
    [
      'taken as a draft that is deleted then',
      async (id: string) => {
        await room.step('unpublish', id).expect(200);
        await rename(id);
        await room.trash(id).expect(204);
      },
    ],
    [
      'taken in the archive',
      async (id: string) => {
        await room.step('archive', id).expect(200);
        await rename(id);
      },
    ],
    [
      'taken in the archive, and deleted then',
      async (id: string) => {
        await room.step('archive', id).expect(200);
        await rename(id);
        await room.trash(id).expect(204);
      },
    ],
    [
      'taken after an expiry in the past was set',
      async (id: string) => {
        await room.patch(id, { expiresAt: past }).expect(200);
        await rename(id);
      },
    ],
    [
      'taken with an expiry in the past',
      async (id: string) => {
        await room.patch(id, { expiresAt: past, slug: secret }).expect(200);
      },
    ],
    [
      'taken after it had expired, and archived then',
      async (id: string) => {
        await room.app.sql(`UPDATE articles SET expires_at = now() - interval '1 minute' WHERE id = $1`, [id]);
        await rename(id);
        await room.step('archive', id).expect(200);
      },
    ],
  ])('is missing to strangers as any other: %s', async (_, hide) => {
    const id = await made();
    await hide(id);
    expect(await statusOf(secret)).toEqual([404]);
    await room.read(shown).expect(410);
    await room.read(id).expect(410);
    expect((await room.read(secret, 'editor').expect(200)).body.id).toBe(id);
  });
});

describe('a slug under which readers had the article', () => {
  it.each([
    ['archived', (id: string) => room.step('archive', id).expect(200)],
    ['deleted', (id: string) => room.trash(id).expect(204)],
    ['expired', (id: string) => room.patch(id, { expiresAt: past }).expect(200)],
    [
      'unpublished and archived',
      async (id: string) => {
        await room.step('unpublish', id).expect(200);
        await room.step('archive', id).expect(200);
      },
    ],
    [
      'archived, renamed and renamed back',
      async (id: string) => {
        await room.step('archive', id).expect(200);
        await rename(id);
        await room.patch(id, { slug: shown }).expect(200);
      },
    ],
  ])('is gone once it is %s', async (_, hide) => {
    const id = await made();
    await hide(id);
    await room.read(shown).expect(410);
    await room.read(shown, 'author').expect(410);
    await room.read(id).expect(410);
  });

  it('is gone also where its time came and went, and nobody wrote anything', async () => {
    const id = await made();
    await rename(id);
    await room.app.sql(`UPDATE articles SET expires_at = now() + interval '1 second' WHERE id = $1`, [id]);
    await room.read(secret).expect(200);
    await room.app.sql(`UPDATE revisions SET at = at - interval '1 hour' WHERE article_id = $1`, [id]);
    await room.app.sql(`UPDATE articles SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    await room.read(secret).expect(410);
    await room.step('archive', id).expect(200);
    await room.read(secret).expect(410);
  });
});
