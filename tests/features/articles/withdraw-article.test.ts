import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

/** Who may, and from where, is in article-steps.test.ts. */
describe('POST /v1/articles/{id}/unpublish, /archive and /restore', () => {
  let room: Newsroom;
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
  const dates = ({ publishedAt, firstPublishedAt }: Story) => ({ publishedAt, firstPublishedAt });
  const noDates = { publishedAt: null, firstPublishedAt: null };
  const idsOf = (body: { data: Story[] }) => body.data.map(({ id }) => id);

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'জেলে' });
  });
  afterAll(() => room.close());

  it.each([
    ['unpublish', 'draft', 404],
    ['archive', 'archived', 410],
  ] as const)(
    '%s makes it %s, out of every list, and readers get %i; the dates of what was public stay',
    async (step, status, code) => {
      const story = await room.story({ status: 'published', tags: ['জেলে'] });
      const { body } = await room.step(step, story.id).expect(200);
      expect(body).toMatchObject({ status, version: 2, ...dates(story) });
      await room.read(story.slug).expect(code);
      for (const path of ['/v1/latest', `/v1/latest?tag=${encodeURIComponent('জেলে')}`, '/v1/articles'])
        expect(idsOf((await room.as(null, 'get', path).expect(200)).body)).not.toContain(story.id);
    },
  );

  it.each(['unpublish', 'archive'] as const)(
    '%s before its instant takes the dates, as it was never public',
    async (step) => {
      const story = await room.story({ status: 'published', publishedAt: tomorrow() });
      expect((await room.step(step, story.id).expect(200)).body).toMatchObject(noDates);
      await room.read(story.slug).expect(404);
      await room.app.sql(`UPDATE articles SET updated_at = now() - interval '9 days' WHERE id = $1`, [story.id]);
      const { body } = await room.step('publish', story.id).expect(200);
      expect(Math.abs(Date.parse(body.publishedAt) - Date.now())).toBeLessThan(5_000);
    },
  );

  it.each(['unpublish', 'archive', 'trash'] as const)(
    '%s of what was public and has a new date ahead takes that date, so that publishing again is now',
    async (step) => {
      const story = await room.story({ status: 'published' });
      await room.step('publish', story.id, { at: tomorrow() }).expect(200);
      await (step === 'trash' ? room.trash(story.id).expect(204) : room.step(step, story.id).expect(200));
      expect(await room.seen(story.id)).toMatchObject({ publishedAt: null, firstPublishedAt: story.firstPublishedAt });
      await room.read(story.id).expect(step === 'unpublish' ? 404 : 410);
      if (step !== 'unpublish') await room.step('restore', story.id).expect(200);
      const { body } = await room.step('publish', story.id).expect(200);
      expect(body).toMatchObject({ status: 'published', firstPublishedAt: story.firstPublishedAt });
      expect(Math.abs(Date.parse(body.publishedAt) - Date.now())).toBeLessThan(5_000);
      await room.read(story.id).expect(200);
    },
  );

  it('restores what was archived as a draft with its dates, which readers do not see', async () => {
    const story = await room.story({ status: 'published' });
    await room.step('archive', story.id).expect(200);
    const { body } = await room.step('restore', story.id).expect(200);
    expect(body).toMatchObject({ status: 'draft', ...dates(story) });
    await room.read(story.slug).expect(404);
    expect((await room.step('publish', story.id).expect(200)).body).toMatchObject({
      status: 'published',
      ...dates(story),
    });
    await room.read(story.slug).expect(200);
  });

  it('restores what was archived with the date ahead that it got there', async () => {
    const story = await room.story({ status: 'published' });
    await room.step('archive', story.id).expect(200);
    const publishedAt = '2028-03-26T04:00:00.000Z';
    await room.patch(story.id, { publishedAt }).expect(200);
    expect((await room.step('restore', story.id).expect(200)).body).toMatchObject({ status: 'draft', publishedAt });
  });

  it('restores from the trash whatever it was as a draft, to its place in the list of the desk', async () => {
    for (const status of ['draft', 'review', 'published']) {
      const story = await room.story({ status });
      await room.trash(story.id).expect(204);
      const list = async () => idsOf((await room.as('editor', 'get', '/v1/articles?limit=100').expect(200)).body);
      expect(await list()).not.toContain(story.id);
      const { body } = await room.step('restore', story.id).expect(200);
      expect(body).toMatchObject({ status: 'draft', deletedAt: null, version: 3, ...dates(story) });
      expect(await list()).toContain(story.id);
      await room.read(story.id).expect(404);
    }
  });

  it('brings an archived article back to readers by publishing it', async () => {
    const story = await room.story({ status: 'published' });
    await room.step('archive', story.id).expect(200);
    expect((await room.step('publish', story.id).expect(200)).body).toMatchObject({
      status: 'published',
      ...dates(story),
    });
  });

  it('archives twice without a second version', async () => {
    const { id } = await room.story();
    await room.step('archive', id).expect(200);
    const again = await changesNothing(room, () => room.step('archive', id));
    expect([again.status, again.body.version]).toEqual([200, 2]);
  });

  it.each(['unpublish', 'archive', 'restore'] as const)('%s takes a note and nothing else', async (step) => {
    const { id } = await room.story({ status: 'published' });
    if (step === 'restore') await room.trash(id).expect(204);
    const answer = await changesNothing(room, () => room.step(step, id, { status: 'draft' }));
    expect(answer.status).toBe(400);
    const { body } = await room.step(step, id, { note: 'তথ্য যাচাই হচ্ছে।' }).expect(200);
    expect(body.notes.at(-1)).toMatchObject({ step, by: { id: room.people.editor.id } });
  });
});
