import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, openLabelDesk } from '../../support/labels.ts';

describe('POST /v1/tags', () => {
  let desk: LabelDesk;
  const create = (body: object) => desk.send('post', '/v1/tags', body);

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  afterAll(() => desk.close());

  it('makes a tag, tells its address and its ETag, and records it', async () => {
    const answer = await create({ name: ' নদী ও চর ', description: 'নৌপথ আর চরের খবর।' }).expect(201);
    const { id } = answer.body;
    expect(answer.body).toEqual({
      id,
      slug: 'নদী-ও-চর',
      name: 'নদী ও চর',
      description: 'নৌপথ আর চরের খবর।',
      version: 1,
    });
    expect(answer.headers.location).toBe(`https://news.example/api/v1/tags/${id}`);
    expect(answer.headers.etag).toMatch(/^"1-/);
    const read = await desk.app.request('get', `/v1/tags/${id}`).expect(200);
    expect(read.body).toEqual(answer.body);
    expect(read.headers.etag).toBe(answer.headers.etag);
    expect(await desk.events(id)).toEqual([
      {
        type: 'tag.created',
        subject_id: id,
        version: 1,
        keys: [cacheKeys.tag(id), 'tags'],
        data: { slug: 'নদী-ও-চর', changed: [] },
      },
    ]);
  });

  it('counts an empty description as none', async () => {
    expect((await create({ name: 'হাওর', description: '' }).expect(201)).body.description).toBeNull();
    expect((await create({ name: 'বিল', description: null }).expect(201)).body.description).toBeNull();
  });

  it('takes two spellings and cases of a name for one tag and names the one that is there', async () => {
    const first = await create({ name: 'Covid' }).expect(201);
    const before = await desk.count('events');
    for (const name of ['COVID ', 'covid', 'Co\u200Dvid']) {
      const answer = await create({ name }).expect(409);
      expect(answer.body).toMatchObject({ code: 'name-taken', existing: first.body.id });
    }
    expect(await desk.count('events')).toBe(before);
    const { body } = await desk.send('post', '/v1/articles', { title: 'টিকার নতুন চালান', tags: ['COVID'] }).expect(201);
    expect(body.tags).toEqual([{ id: first.body.id, slug: 'covid', name: 'Covid' }]);
  });

  it('keeps names apart that only a search would join', async () => {
    await create({ name: 'দীন' }).expect(201);
    await create({ name: 'দিন' }).expect(201);
  });

  it('refuses a given slug that is taken, names it, and records nothing', async () => {
    const { body: taker } = await create({ name: 'বাজেট', slug: 'Budget-2026' }).expect(201);
    const before = await desk.count('events');
    const answer = await create({ name: 'বাজেট ভাবনা', slug: 'budget-2026' }).expect(409);
    expect(answer.body).toMatchObject({ code: 'slug-taken', slug: 'budget-2026', existing: taker.id });
    expect(answer.body.detail).toContain('budget-2026');
    expect(await desk.count('events')).toBe(before);
  });

  it('numbers a derived slug that is taken, also when many come at once', async () => {
    const names = ['বৃষ্টি!', 'বৃষ্টি?', '«বৃষ্টি»', '(বৃষ্টি)', 'বৃষ্টি …'];
    const answers = await Promise.all(names.map((name) => create({ name }).expect(201)));
    const slugs = answers.map(({ body }) => body.slug).sort();
    expect(slugs).toEqual(['বৃষ্টি', 'বৃষ্টি-2', 'বৃষ্টি-3', 'বৃষ্টি-4', 'বৃষ্টি-5']);
  });

  it('of equal names that come at once makes one tag', async () => {
    const answers = await Promise.all(['Flood', 'FLOOD', 'flood '].map((name) => create({ name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const id = answers.find(({ status }) => status === 201)?.body.id;
    for (const { status, body } of answers)
      if (status === 409) expect(body).toMatchObject({ code: 'name-taken', existing: id });
  });

  it('gives a name that leaves no slug the id, which opens the tag', async () => {
    const { body } = await create({ name: '🌊' }).expect(201);
    expect(body.slug).toBe(body.id);
    expect((await desk.app.request('get', `/v1/tags/${body.slug}`).expect(200)).body).toEqual(body);
  });

  it.each(['Bulk', 'Latest', 'New', 'Search', 'Me', 'Stream', 'Changes', 'Merge'])(
    'makes a tag named %s that opens by another slug than the route, and refuses that slug when given',
    async (name) => {
      const { body } = await create({ name }).expect(201);
      expect(body.slug).toBe(`${name.toLowerCase()}-2`);
      expect((await desk.app.request('get', `/v1/tags/${body.slug}`).expect(200)).body).toEqual(body);
      const refused = await create({ name: `${name} সংবাদ`, slug: name }).expect(400);
      expect(refused.body.errors).toEqual([expect.objectContaining({ in: 'body', pointer: '/slug' })]);
    },
  );

  it('goes on counting past the numbers that others took after a reserved word', async () => {
    await create({ name: 'ফিড দুই', slug: 'feed-2' }).expect(201);
    await create({ name: 'ফিড চার', slug: 'feed-4' }).expect(201);
    expect((await create({ name: 'Feed' }).expect(201)).body.slug).toBe('feed-3');
    expect((await create({ name: 'Feed!' }).expect(201)).body.slug).toBe('feed-5');
  });

  it.each([
    ['no name', {}, '/name'],
    ['a name of null', { name: null }, '/name'],
    ['an empty name', { name: ' ' }, '/name'],
    ['a name of joiners', { name: '\u200D\u200C' }, '/name'],
    ['a name of 201 letters', { name: 'ক'.repeat(201) }, '/name'],
    ['a slug of punctuation', { name: 'খাল', slug: '!!!' }, '/slug'],
    ['a slug that reads as an id', { name: 'খাল', slug: '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11' }, '/slug'],
    ['a description of 2001 letters', { name: 'খাল', description: 'ক'.repeat(2001) }, '/description'],
    ['a member that tags do not have', { name: 'খাল', colour: 'নীল' }, '/colour'],
  ])('refuses %s and points at it', async (_, body, pointer) => {
    const before = await desk.count('tags');
    const answer = await create(body).expect(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    expect(await desk.count('tags')).toBe(before);
  });

  it('is for editors: 401 without a token, 403 for authors', async () => {
    await desk.app.request('post', '/v1/tags').send({ name: 'ঝড়' }).expect(401);
    const author = await desk.app.person('author');
    await desk.app
      .request('post', '/v1/tags')
      .set(...bearer(author))
      .send({ name: 'ঝড়' })
      .expect(403);
    expect((await desk.app.sql('SELECT 1 FROM tags WHERE name LIKE $1', ['ঝ%'])).length).toBe(0);
  });
});
