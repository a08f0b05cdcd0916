import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicUrl } from '../../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story, type Who } from '../../support/newsroom.ts';

describe('POST /v1/articles/{id}/revisions/{version}/restore', () => {
  let room: Newsroom;
  const tags: Record<string, { id: string; slug: string; name: string }> = {};
  type Options = { as?: Who; match?: string | null; body?: object };
  const restore = (story: Story, version: number | string, { as = 'editor', match = '*', body }: Options = {}) => {
    const call = room.as(as, 'post', `${pathOf(story.id)}/revisions/${version}/restore`);
    if (match !== null) call.set('If-Match', match);
    return body === undefined ? call : call.send(body);
  };
  const names = (story: Story) => story.tags.map(({ name }) => name);

  beforeAll(async () => {
    room = await openNewsroom();
    for (const name of ['১', '২', '৩']) tags[name] = await room.label('tags', { name });
    await room.label('sources', { name: 'তিতাস বার্তা', creditLine: 'সূত্র : তিতাস বার্তা' });
  });
  afterAll(() => room.close());

  it('brings back text and relations as a new version, and says so in revision and event', async () => {
    const story = await room.story({
      title: 'মেলা বসেছে',
      kicker: 'উৎসব',
      excerpt: 'নদীর ধারে মেলা।',
      body: '<p><a href="/mela">মেলা</a></p>',
      cover: { url: '/media/mela.jpg', alt: 'মেলার মাঠ', caption: 'মাঠ', credit: 'কামাল', width: 1200, height: 675 },
      byline: 'মিতা রায়',
      deskInitials: 'মর',
      language: 'bn',
      source: 'তিতাস-বার্তা',
      sourceUrl: '/archive/9',
      sourceItemId: 'mela-9',
      tags: ['৩', '১', '২'],
    });
    const all = { kicker: null, excerpt: null, cover: null, byline: null, deskInitials: null, sourceItemId: null };
    const other = { ...all, source: null, sourceUrl: null, tags: ['২'], title: 'হাট', body: 'খ', bodyFormat: 'text' };
    await room.patch(story.id, { ...other, language: 'en' }).expect(200);
    const { body, headers } = await restore(story, 1, { as: 'admin', body: { note: 'আগেরটিই ঠিক' } }).expect(200);
    expect(body).toEqual({
      ...story,
      version: 3,
      updatedAt: body.updatedAt,
      updatedBy: { id: room.people.admin.id, name: 'রিনা আখতার', initials: null },
      notes: [expect.objectContaining({ step: 'restore-revision', text: 'আগেরটিই ঠিক' })],
    });
    expect(body.cover.url).toBe(`${publicUrl}/media/mela.jpg`);
    const revision = (await room.revisions(story.id)).at(-1);
    expect(revision).toMatchObject({ version: 3, step: 'restore-revision', actor_id: room.people.admin.id });
    const event = (await room.events(story.id)).at(-1);
    expect(event).toMatchObject({ type: 'article.updated', version: 3, data: { restored: 1 } });
    const [row] = await room.app.sql('SELECT body, cover, source_url FROM articles WHERE id = $1', [story.id]);
    expect(row).toMatchObject({ body: '<p><a href="\u202A/mela">মেলা</a></p>', source_url: '/archive/9' });
    expect(row?.cover).toMatchObject({ url: '/media/mela.jpg' });
    await room.patch(story.id, { kicker: 'শেষ' }, { match: headers.etag }).expect(200);
  });

  it('C37: leaves status, dates, owner, byline and a published slug to what they are', async () => {
    const story = await room.story({ title: 'চরের স্কুল', byline: 'মিতা রায়' }, 'author');
    await room.step('submit', story.id, undefined, { as: 'author' }).expect(200);
    await room.patch(story.id, { title: 'চরের নতুন স্কুল' }).expect(200);
    await room.step('publish', story.id).expect(200);
    const { body: live } = await room.patch(story.id, { slug: 'chorer-school', expiresAt: '2029-01-01T00:00:00Z' });
    const { body } = await restore(story, 1).expect(200);
    const kept = ['status', 'publishedAt', 'firstPublishedAt', 'expiresAt', 'slug', 'createdBy', 'createdAt', 'byline'];
    for (const name of kept) expect([name, body[name]]).toEqual([name, live[name]]);
    expect(body).toMatchObject({ title: 'চরের স্কুল', status: 'published', slug: 'chorer-school' });
    expect(body.createdBy.id).toBe(room.people.author.id);
    expect(body.updatedBy.id).toBe(room.people.editor.id);
    const { body: own } = await room.read(story.id, 'author').expect(200);
    expect(own).toMatchObject({ title: 'চরের স্কুল', byline: 'মিতা রায়' });
    await room.patch(story.id, { kicker: 'না' }, { as: 'author' }).expect(403);
    await room.step('unpublish', story.id).expect(200);
    await room.patch(story.id, { kicker: 'হ্যাঁ' }, { as: 'author' }).expect(200);
    expect((await room.seen(story.id)).createdBy?.id).toBe(room.people.author.id);
  });

  it('C18: keeps the order of tags in every view after a rename, a PATCH, a publication and a restore', async () => {
    const story = await room.story({ tags: ['৩', '১', '২'] });
    const rename = room.as('editor', 'patch', `/v1/tags/${tags['১']?.id}`).set('If-Match', '*').send({ name: 'এক' });
    await rename.expect(200);
    await room.patch(story.id, { title: 'ক্রম থাকুক' }).expect(200);
    await room.step('publish', story.id).expect(200);
    await room.patch(story.id, { tags: ['২'] }).expect(200);
    await restore(story, 1).expect(200);
    const { body: page } = await room.read(story.id).expect(200);
    const { body: latest } = await room.as(null, 'get', '/v1/latest').expect(200);
    const { body: listed } = await room.as(null, 'get', `/v1/articles?ids=${story.id}`).expect(200);
    const { body: old } = await room.as('editor', 'get', `${pathOf(story.id)}/revisions/1`).expect(200);
    for (const view of [page, latest.data[0], listed.data[0]]) expect(names(view)).toEqual(['৩', 'এক', '২']);
    expect(names(old)).toEqual(['৩', '১', '২']);
  });

  it('lets the derived slug of a draft follow the title, past one that is taken, and keeps a given one', async () => {
    const draft = await room.story({ title: 'পিঠার দোকান' });
    await room.patch(draft.id, { title: 'শীতের পিঠা' }).expect(200);
    await room.story({ title: 'পিঠার দোকান' });
    const { body } = await restore(draft, 1).expect(200);
    expect(body.slug).toBe('পিঠার-দোকান-2');
    // Another mark in the title is no other slug: the one that it has stays.
    const second = await room.story({ title: 'পিঠার দোকান' });
    await room.patch(second.id, { title: 'পিঠার দোকান!' }).expect(200);
    expect((await restore(second, 1).expect(200)).body.slug).toBe(second.slug);
    const given = await room.story({ title: 'ক', slug: 'pitha' });
    await room.patch(given.id, { title: 'খ' }).expect(200);
    expect((await restore(given, 1).expect(200)).body).toMatchObject({ title: 'ক', slug: 'pitha' });
  });

  it('names tags and a source that are gone, and loses nothing else', async () => {
    const gone = await room.label('tags', { name: 'অস্থায়ী' });
    const source = await room.label('sources', { name: 'ভাটি সংবাদ' });
    const story = await room.story({
      title: 'ভাটির গান',
      tags: ['৩', 'অস্থায়ী', '২'],
      source: source.slug,
      sourceItemId: 'x1',
      sourceUrl: 'https://bhati.example/x1',
    });
    await room
      .patch(story.id, { title: 'গান', tags: [], source: null, sourceItemId: null, sourceUrl: null })
      .expect(200);
    await room.as('editor', 'delete', `/v1/tags/${gone.id}`).set('If-Match', '*').expect(204);
    await room.as('editor', 'delete', `/v1/sources/${source.id}`).set('If-Match', '*').expect(204);
    const { body } = await restore(story, 1).expect(200);
    expect(body.warnings).toEqual([
      { code: 'gone-tag', detail: 'অস্থায়ী', count: 1 },
      { code: 'gone-source', detail: 'ভাটি সংবাদ', count: 1 },
    ]);
    expect(names(body)).toEqual(['৩', '২']);
    expect(body).toMatchObject({ title: 'ভাটির গান', source: null, sourceItemId: null });
    expect(body.sourceUrl).toBe('https://bhati.example/x1');
  });

  it('puts what took the place of a tag or a source into it, however often that went on, and names each', async () => {
    const first = await room.label('tags', { name: 'নদীপথ' });
    const second = await room.label('tags', { name: 'নৌপথ' });
    await room.label('tags', { name: 'জলপথ' });
    for (const name of ['ভাটি বার্তা', 'হাওর বার্তা']) await room.label('sources', { name });
    const story = await room.story({
      tags: ['৩', 'নদীপথ', 'জলপথ'],
      source: 'ভাটি-বার্তা',
      sourceItemId: 'bhati-1',
    });
    const rival = await room.story({ tags: ['নদীপথ'], source: 'ভাটি-বার্তা' });
    await room.patch(story.id, { tags: [], source: null, sourceItemId: null }).expect(200);
    const desk = (method: 'post' | 'delete', path: string) => room.as('editor', method, path).set('If-Match', '*');
    await desk('post', `/v1/tags/${first.id}/merge`).send({ into: 'নৌপথ' }).expect(200);
    const into = `reassignTo=${encodeURIComponent('জলপথ')}`;
    await desk('delete', `/v1/tags/${second.id}?${into}`).expect(204);
    const named = `reassignTo=${encodeURIComponent('হাওর-বার্তা')}`;
    await desk('delete', `/v1/sources/${encodeURIComponent('ভাটি-বার্তা')}?${named}`).expect(204);
    const { body } = await restore(story, 1).expect(200);
    expect(names(body)).toEqual(['৩', 'জলপথ']);
    expect(body).toMatchObject({ source: { name: 'হাওর বার্তা' }, sourceItemId: 'bhati-1' });
    expect(body.warnings).toEqual([
      { code: 'merged-tag', detail: 'নদীপথ', count: 1 },
      { code: 'merged-source', detail: 'ভাটি বার্তা', count: 1 },
    ]);
    expect(names(await room.seen(rival.id))).toEqual(['জলপথ']);
  });

  it('leaves an item of a source to the article that has it by now, and says so', async () => {
    const story = await room.story({ title: 'তারবার্তা', source: 'তিতাস-বার্তা', sourceItemId: 'tar-1' });
    await room.patch(story.id, { sourceItemId: null, title: 'বার্তা' }).expect(200);
    await room.story({ source: 'তিতাস-বার্তা', sourceItemId: 'tar-1' });
    const { body } = await restore(story, 1).expect(200);
    expect(body.warnings).toEqual([{ code: 'taken-source-item', detail: 'tar-1', count: 1 }]);
    expect(body).toMatchObject({ title: 'তারবার্তা', sourceItemId: null, source: { name: 'তিতাস বার্তা' } });
  });

  it('cleans a body anew, so that nothing that is refused today comes back', async () => {
    const story = await room.story({ body: '<p>ভালো</p>' });
    await room.patch(story.id, { body: '<p>অন্য</p>' }).expect(200);
    const dirty = '<p>ভালো</p><script>x()</script><img src=x onerror=y()>';
    await room.app.sql(
      `UPDATE revisions SET snapshot = snapshot || jsonb_build_object('body', $2::text, 'bodyHtml', $2::text) WHERE article_id = $1 AND version = 1`,
      [story.id, dirty],
    );
    const { body } = await restore(story, 1).expect(200);
    expect(body.bodyHtml).not.toMatch(/script|onerror/);
    expect(body.warnings.map(({ code }: { code: string }) => code)).toContain('removed-element');
  });

  it('is 422, and no fault of the call, where the body of the version makes more than a body may today', async () => {
    const story = await room.story({ body: '<p>ভালো</p>' });
    await room.patch(story.id, { body: '<p>অন্য</p>' }).expect(200);
    await room.app.sql(
      `UPDATE revisions SET snapshot = snapshot || jsonb_build_object('body', $2::text) WHERE article_id = $1 AND version = 1`,
      [story.id, '<br>'.repeat(20_001)],
    );
    const { body } = await changesNothing(room, () => restore(story, 1).expect(422));
    expect(body).toMatchObject({ code: 'body-too-costly', detail: expect.stringContaining('20,000 elements') });
    expect(body.errors).toBeUndefined();
  });

  it('changes nothing where the version is what is there already', async () => {
    const story = await room.story({ tags: ['২', '৩'], body: '<p>এক</p>', source: 'তিতাস-বার্তা' });
    const { body } = await changesNothing(room, () => restore(story, 1).expect(200));
    expect(body.version).toBe(1);
  });

  it('keeps what readers were told, and tells them nothing by itself', async () => {
    const story = await room.story({ title: 'প্রথম', status: 'published' });
    const { body: corrected } = await room.patch(story.id, { title: 'দ্বিতীয়', correction: 'নাম ভুল ছিল।' }).expect(200);
    const { body } = await restore(story, 1).expect(200);
    expect(body).toMatchObject({ corrections: corrected.corrections, modifiedAt: corrected.modifiedAt });
    expect((await room.read(story.id)).body).toMatchObject({ title: 'প্রথম', modifiedAt: corrected.modifiedAt });
  });

  it('needs the ETag of what was read', async () => {
    const story = await room.story({ kicker: 'ক' });
    await room.patch(story.id, { kicker: 'খ' }).expect(200);
    await changesNothing(room, async () => {
      await restore(story, 1, { match: null }).expect(428);
      const { body } = await restore(story, 1, { match: '"1"' }).expect(412);
      expect(body).toMatchObject({ currentVersion: 2, changes: [{ field: 'kicker', before: 'ক', after: 'খ' }] });
      await restore(story, 3).expect(404);
      await restore(story, '1', { body: { title: 'না' } }).expect(400);
    });
  });

  it('is for editors, and for authors with their own drafts', async () => {
    const story = await room.story({ kicker: 'ক' }, 'author');
    await room.patch(story.id, { kicker: 'খ' }, { as: 'author' }).expect(200);
    await changesNothing(room, async () => {
      await restore(story, 1, { as: 'viewer' }).expect(403);
      await restore(story, 1, { as: 'other' }).expect(404);
    });
    for (const place of ['review', 'published', 'archived'] as const) {
      await room.moveTo(place, story.id);
      await changesNothing(room, async () => {
        await restore(story, 1, { as: 'author' }).expect(403);
        await restore(story, 1, { as: 'other' }).expect(404);
      });
    }
    await room.moveTo('trash', story.id);
    await changesNothing(room, () => restore(story, 1).expect(409));
    const own = await room.story({ kicker: 'ক' }, 'author');
    await room.patch(own.id, { kicker: 'খ' }, { as: 'author' }).expect(200);
    expect((await restore(own, 1, { as: 'author' }).expect(200)).body).toMatchObject({ kicker: 'ক', version: 3 });
  });
});
