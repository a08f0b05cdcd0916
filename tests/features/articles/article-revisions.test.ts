import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

describe('the revisions that changes of an article write', () => {
  let room: Newsroom;

  beforeAll(async () => {
    room = await openNewsroom();
    for (const name of ['ধান', 'পাট']) await room.label('tags', { name });
    await room.label('sources', { name: 'মাঠ বার্তা', slug: 'math', creditLine: 'সূত্র : মাঠ বার্তা' });
  });
  afterAll(() => room.close());

  it('are one for each change, by its step, with who and when, numbered as the versions and without gaps', async () => {
    const { id } = await room.story({}, 'author');
    await room.step('submit', id, undefined, { as: 'author' }).expect(200);
    await room.step('return', id, { note: 'মিলিয়ে নিন।' }, { as: 'admin' }).expect(200);
    await room.patch(id, { kicker: 'ক' }, { as: 'author' }).expect(200);
    await room.patch(id, { kicker: 'ক' }, { as: 'author' }).expect(200);
    await room.step('publish', id).expect(200);
    await room.step('archive', id).expect(200);
    await room.trash(id).expect(204);
    await room.step('restore', id).expect(200);
    const { author, editor, admin } = room.people;
    expect((await room.revisions(id)).map(({ version, step, actor_id }) => [version, step, actor_id])).toEqual([
      [1, 'create', author.id],
      [2, 'submit', author.id],
      [3, 'return', admin.id],
      [4, 'update', author.id],
      [5, 'publish', editor.id],
      [6, 'archive', editor.id],
      [7, 'trash', editor.id],
      [8, 'restore', editor.id],
    ]);
    const [row] = await room.app.sql(
      'SELECT bool_and(r.at = a.updated_at) AS same FROM articles a JOIN revisions r ON r.article_id = a.id AND r.version = a.version',
    );
    expect(row).toEqual({ same: true });
  });

  it('hold the whole article as it was then, with its tags and source, however these change later', async () => {
    const story = await room.story({
      title: 'মাঠের খবর',
      body: '<p><a href="/math">মাঠ</a></p>',
      cover: { url: '/media/math.jpg', alt: 'মাঠ' },
      tags: ['পাট', 'ধান'],
      source: 'math',
      status: 'published',
    });
    const { body: second } = await room
      .patch(story.id, { title: 'মাঠের নতুন খবর', tags: ['ধান'], source: null })
      .expect(200);
    await room.as('editor', 'patch', '/v1/sources/math').set('If-Match', '*').send({ creditLine: null }).expect(200);
    const snapshotOf = ({
      language,
      slug,
      kicker,
      title,
      excerpt,
      bodyFormat,
      source,
      tags,
      status,
      version,
    }: Partial<Story>) => ({
      ...{ language, slug, kicker, title, excerpt, bodyFormat, source, tags, status, version },
    });
    const revisions = await room.revisions(story.id);
    expect(revisions.map(({ snapshot }) => snapshotOf(snapshot))).toEqual([snapshotOf(story), snapshotOf(second)]);
    expect(revisions[0]?.snapshot).toMatchObject({
      publishedAt: story.publishedAt,
      firstPublishedAt: story.firstPublishedAt,
      source: { creditLine: 'সূত্র : মাঠ বার্তা' },
    });
  });

  it('hold addresses below the public one without it, so that it may change', async () => {
    const story = await room.story({
      body: '<p><a href="/a">ক</a></p>',
      cover: { url: '/b.jpg', alt: '' },
      sourceUrl: '/c',
    });
    const [revision] = await room.revisions(story.id);
    expect(revision?.snapshot.cover?.url).toMatch(/\/b\.jpg$/);
    expect(revision?.snapshot.sourceUrl).toMatch(/\/c$/);
    expect(JSON.stringify(revision?.snapshot)).not.toContain('news.example');
  });

  it('stay when the person who made them goes', async () => {
    const { id } = await room.story({}, 'other');
    await room.app.sql('DELETE FROM users WHERE id = $1', [room.people.other.id]);
    expect((await room.revisions(id)).map(({ step, actor_id }) => [step, actor_id])).toEqual([['create', null]]);
  });
});
