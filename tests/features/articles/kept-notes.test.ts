import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';

let room: Newsroom;

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const note = 'আইন বিভাগের সঙ্গে কথা হয়েছে।';

/** Takes a step that changes nothing, without and with a note; gives the story after it. */
async function noted(story: Story, step: string, as: 'editor' | 'author' = 'editor'): Promise<Story> {
  const call = (body: object) =>
    room
      .as(as, 'post', `${pathOf(story.id)}/${step}`)
      .set('If-Match', '*')
      .send(body);
  const same = await changesNothing(room, () => call({}).expect(200));
  expect(same.body.version).toBe(story.version);
  const { body } = await call({ note }).expect(200);
  return body;
}

const lastOf = async (id: string) => {
  const [event, revision] = [(await room.events(id)).at(-1), (await room.revisions(id)).at(-1)];
  return [event?.type, event?.version, event?.data.changed, revision?.step, revision?.note, revision?.version];
};

describe('a note on a step that changes nothing', () => {
  it('is kept of publishing what is published: a revision, an event and a version of its own', async () => {
    const story = await room.story({ status: 'published' });
    const after = await noted(story, 'publish');
    expect(after).toMatchObject({ version: 2, status: 'published', publishedAt: story.publishedAt });
    expect(after.notes).toMatchObject([{ step: 'publish', text: note, by: { id: room.people.editor.id } }]);
    expect(await lastOf(story.id)).toEqual(['article.published', 2, [], 'publish', note, 2]);
  });

  it('is kept of archiving what is archived', async () => {
    const story = await room.story({ status: 'published' });
    const { body: archived } = await room.step('archive', story.id).expect(200);
    expect(await noted(archived, 'archive')).toMatchObject({ version: 3, status: 'archived' });
    expect(await lastOf(story.id)).toEqual(['article.archived', 3, [], 'archive', note, 3]);
  });

  it('is kept of restoring the version that is there', async () => {
    const story = await room.story({ body: '<p>এক</p>' }, 'author');
    expect(await noted(story, 'revisions/1/restore', 'author')).toMatchObject({ version: 2, body: '<p>এক</p>' });
    expect(await lastOf(story.id)).toEqual(['article.updated', 2, [], 'restore-revision', note, 2]);
  });

  it('is kept of what is in the trash, and takes the place of nobody who put it there', async () => {
    const story = await room.story({}, 'author');
    await room.trash(story.id, { as: 'author' }).expect(204);
    const operations = [{ op: 'trash', id: story.id, ifMatch: '*', body: { note } }];
    const { body } = await room.as('editor', 'post', '/v1/articles/bulk').send({ operations }).expect(200);
    expect(body.results[0]).toMatchObject({ status: 204, etag: '"3"' });
    expect(await lastOf(story.id)).toEqual(['article.trashed', 3, [], 'trash', note, 3]);
    await room.step('restore', story.id).expect(200);
    expect((await room.events(story.id)).at(-1)?.data).toMatchObject({ trashedBy: room.people.author.id });
  });

  it('is refused with the version that was read before', async () => {
    const { id } = await room.story({ status: 'published' });
    await room.step('publish', id, { note }, { match: '"1"' }).expect(200);
    await changesNothing(room, () => room.step('publish', id, { note }, { match: '"1"' }).expect(412));
  });
});
