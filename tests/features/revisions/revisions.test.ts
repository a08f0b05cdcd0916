import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Revision } from '../../../src/features/revisions/revisions.schema.ts';
import { publicUrl } from '../../support/app.ts';
import {
  type Caller,
  changesNothing,
  type Newsroom,
  openNewsroom,
  pathOf,
  type Story,
} from '../../support/newsroom.ts';

const steps = ({ body }: { body: { data: Revision[] } }) => body.data.map(({ version, step }) => `${version} ${step}`);

describe('revisions of an article', () => {
  let room: Newsroom;
  const list = (story: Story, as: Caller = 'editor', search = '') =>
    room.as(as, 'get', `${pathOf(story.id)}/revisions${search}`);
  const read = (story: Story, version: number | string, as: Caller = 'editor') =>
    room.as(as, 'get', `${pathOf(story.id)}/revisions/${version}`);

  beforeAll(async () => {
    room = await openNewsroom();
    for (const name of ['কৃষি', 'হাওর', 'বাজার']) await room.label('tags', { name });
  });
  afterAll(() => room.close());

  it('lists every change with who, when, the step, its note and what it changed, newest first', async () => {
    const story = await room.story({ title: 'ধান কাটা শুরু', tags: ['কৃষি'] }, 'author');
    await room.patch(story.id, { kicker: 'হাওর', tags: ['হাওর', 'কৃষি'] }, { as: 'author' }).expect(200);
    await room.step('submit', story.id, { note: 'দেখে দিন' }, { as: 'author' }).expect(200);
    await room.step('publish', story.id).expect(200);
    await room.trash(story.id).expect(204);
    const { body } = await list(story).expect(200);
    const author = { id: room.people.author.id, name: 'মিতা রায়', initials: null };
    expect(body.page).toEqual({ nextCursor: null });
    expect(body.data.map(({ version, step, changed }: Revision) => [version, step, changed])).toEqual([
      [5, 'trash', ['deletedAt']],
      [4, 'publish', expect.arrayContaining(['status', 'publishedAt', 'firstPublishedAt'])],
      [3, 'submit', ['status']],
      [2, 'update', ['kicker', 'tags']],
      [1, 'create', []],
    ]);
    expect(body.data[2]).toEqual({ ...body.data[2], note: 'দেখে দিন', by: author });
    expect(body.data[0].by.id).toBe(room.people.editor.id);
    expect(Date.parse(body.data[0].at)).toBeGreaterThan(Date.parse(body.data[4].at));
  });

  it('names the change that a merged tag made of its articles', async () => {
    const story = await room.story({ tags: ['হাওর'] });
    const tag = await room.label('tags', { name: 'বিল' });
    await room.patch(story.id, { tags: ['বিল'] }).expect(200);
    await room.as('editor', 'post', `/v1/tags/${tag.id}/merge`).set('If-Match', '*').send({ into: 'হাওর' }).expect(200);
    const { body } = await list(story).expect(200);
    expect(body.data[0]).toMatchObject({ version: 3, step: 'retag', changed: ['tags'] });
  });

  it('pages by version, each once, with cursors that fit no other article', async () => {
    const story = await room.story();
    for (let round = 2; round <= 7; round += 1) await room.patch(story.id, { kicker: `দফা ${round}` }).expect(200);
    const seen: string[] = [];
    let search = '?limit=3';
    for (let page = 0; page < 3; page += 1) {
      const answer = await list(story, 'viewer', search).expect(200);
      seen.push(...steps(answer));
      search = `?limit=3&after=${answer.body.page.nextCursor}`;
      if (page < 2) expect(answer.headers.link).toContain('rel="next"');
      else expect(answer.body.page.nextCursor).toBeNull();
    }
    expect(seen).toEqual(['7 update', '6 update', '5 update', '4 update', '3 update', '2 update', '1 create']);
    const { body } = await list(story, 'editor', '?limit=3').expect(200);
    const other = await room.story();
    await list(other, 'editor', `?after=${body.page.nextCursor}`).expect(400);
    await list(story, 'editor', `?after=${body.page.nextCursor}x`).expect(400);
    await list(story, 'editor', '?limit=0').expect(400);
    await list(story, 'editor', '?sort=version').expect(400);
  });

  it('shows a version as the article was, under the public address, and keeps it when a tag is renamed', async () => {
    const tag = await room.label('tags', { name: 'সবজি' });
    const story = await room.story({
      title: 'শীতের সবজি',
      body: '<p><a href="/tag/সবজি">সবজি</a> <img src="/media/a.jpg" alt="লাউ"></p>',
      cover: { url: '/media/lau.jpg', alt: 'লাউ' },
      sourceUrl: `${publicUrl}/archive/17`,
      tags: ['সবজি', 'বাজার'],
    });
    await room.patch(story.id, { title: 'গ্রীষ্মের সবজি', body: '', cover: null, tags: [] }).expect(200);
    await room.as('editor', 'patch', `/v1/tags/${tag.id}`).set('If-Match', '*').send({ name: 'তরকারি' }).expect(200);
    const { body, headers } = await read(story, 1, 'viewer').expect(200);
    const { revision, ...article } = body;
    const { warnings, createdBy, createdAt, updatedBy, updatedAt, deletedAt, notes, translations, ...shown } = story;
    expect(article).toEqual(shown);
    expect(Object.keys(article)).toEqual(Object.keys(shown));
    expect(article.body).toContain(`href="${publicUrl}/tag/`);
    expect(article.cover.url).toBe(`${publicUrl}/media/lau.jpg`);
    expect(revision).toMatchObject({ version: 1, step: 'create', note: null, changed: [] });
    expect(headers.etag).toMatch(/^"1-/);
    expect(headers['cache-control']).toContain('no-store');
    await room.patch(story.id, { kicker: 'না' }, { match: headers.etag }).expect(412);
    const { headers: current } = await read(story, 2).expect(200);
    await room.patch(story.id, { kicker: 'হ্যাঁ' }, { match: current.etag }).expect(200);
  });

  it('is reached by slug, and has nothing for versions that are none', async () => {
    const story = await room.story({ slug: 'haor-dhan' });
    await room.as('editor', 'get', '/v1/articles/haor-dhan/revisions/1').expect(200);
    expect(steps(await room.as('editor', 'get', '/v1/articles/HAOR-dhan/revisions').expect(200))).toEqual(['1 create']);
    for (const version of ['0', '2', '01', '1.0', '-1', '99999999999', '..%2f..%2f1', '%00', 'latest']) {
      expect([400, 404]).toContain((await read(story, version)).status);
    }
    await read(story, '1', 'editor').query({ x: '1' }).expect(400);
  });

  describe('BAR 38: who may see them', () => {
    const roads = (story: Story) => [
      list(story, null),
      read(story, 1, null),
      read(story, '1/compare', null),
      room.as(null, 'post', `${pathOf(story.id)}/revisions/1/restore`),
    ];
    const of = (story: Story, as: Caller) =>
      Promise.all(
        [list(story, as), read(story, 1, as), read(story, '1/compare', as)].map(async (call) => (await call).status),
      );

    it.each(['draft', 'review', 'scheduled', 'published', 'expired', 'archived', 'trash'] as const)(
      'lets nobody but the author and staff see those of an article that is %s',
      async (place) => {
        const story = await room.story({}, 'author');
        await room.moveTo(place, story.id);
        await changesNothing(room, async () => {
          for (const road of roads(story)) await road.expect(401);
          expect(await of(story, 'other')).toEqual([404, 404, 404]);
          const restore = room.as('other', 'post', `${pathOf(story.id)}/revisions/1/restore`).set('If-Match', '*');
          await restore.expect(404);
          await room.as('viewer', 'post', `${pathOf(story.id)}/revisions/1/restore`).expect(403);
        });
        for (const who of ['author', 'editor', 'admin'] as const) expect(await of(story, who)).toEqual([200, 200, 200]);
        expect(await of(story, 'viewer')).toEqual(place === 'trash' ? [404, 404, 404] : [200, 200, 200]);
      },
    );

    it('hides them again from readers and other authors when an article was unpublished', async () => {
      const story = await room.story({ status: 'published' });
      await room.step('unpublish', story.id).expect(200);
      for (const road of roads(story)) await road.expect(401);
      expect(await of(story, 'author')).toEqual([404, 404, 404]);
    });
  });

  it('keeps a revision whose author is gone, with null for the name', async () => {
    const story = await room.story();
    await room.app.sql('UPDATE revisions SET actor_id = NULL WHERE article_id = $1', [story.id]);
    const { body } = await list(story).expect(200);
    expect(body.data[0].by).toBeNull();
  });
});
