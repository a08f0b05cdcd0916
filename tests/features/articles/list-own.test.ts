import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, type Story, type Who } from '../../support/newsroom.ts';

let room: Newsroom;
let own: Story;
let edited: Story;

const list = async (query: string, who: Who = 'editor') =>
  (await room.as(who, 'get', `/v1/articles?${query}`).expect(200)).body.data.map(({ id }: Story) => id);
const find = (words: string, who: Who = 'editor') => list(`q=${encodeURIComponent(words)}`, who);

beforeAll(async () => {
  room = await openNewsroom();
  own = await room.story({ title: 'চাঁদপুরে ১,১৫০টি নৌকার মেলা' }, 'author');
  edited = await room.story({ title: 'আবহাও\u09DFা: কাল বৃষ্টি', status: 'published' });
  await room.patch(own.id, { kicker: 'নৌকা' }, { as: 'admin' }).expect(200);
});
afterAll(() => room.close());

describe("an editor's own lists", () => {
  it('are by who made an article and by who changed it last', async () => {
    expect(await list('createdBy=me', 'author')).toEqual([own.id]);
    expect(await list('createdBy=me')).toEqual([edited.id]);
    expect(await list(`createdBy=${room.people.author.id}`)).toEqual([own.id]);
    expect(await list('updatedBy=me', 'admin')).toEqual([own.id]);
    expect(await list(`updatedBy=${room.people.author.id}`)).toEqual([]);
  });

  it('find words of the title in any spelling, all of them', async () => {
    expect(await find('নৌকার 1150')).toEqual([own.id]);
    expect(await find('চাদপুরে')).toEqual([own.id]);
    expect(await find('আবহাও\u09AF\u09BCা বৃষ্টি')).toEqual([edited.id]);
    expect(await find('বৃষ্টি নৌকার')).toEqual([]);
    expect(await find('…')).toEqual([]);
    await room.patch(edited.id, { title: 'কাল রোদ' }).expect(200);
    expect(await find('বৃষ্টি')).toEqual([]);
    expect(await find('রোদ')).toEqual([edited.id]);
  });

  it('show an author no more than he may see', async () => {
    expect(await find('নৌকার', 'other')).toEqual([]);
    expect(await list(`createdBy=${room.people.author.id}`, 'other')).toEqual([]);
  });

  it('tell an author of nobody who made or changed the articles of others, which are public', async () => {
    const { author, editor, other } = room.people;
    for (const query of [`createdBy=${editor.id}`, `updatedBy=${editor.id}`, `updatedBy=${other.id}`]) {
      expect(await list(query, 'author')).toEqual([]);
      const { body } = await room.as('author', 'get', `/v1/articles/counts?${query}`).expect(200);
      expect(Object.values(body)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    }
    expect(await list(`createdBy=${author.id}`, 'author')).toEqual([own.id]);
    expect(await list(`updatedBy=${room.people.admin.id}`, 'author')).toEqual([own.id]);
    expect(await list(`updatedBy=${editor.id}`, 'viewer')).toEqual([edited.id]);
  });

  it('are not for readers', async () => {
    for (const query of ['createdBy=me', `updatedBy=${room.people.editor.id}`, 'q=রোদ']) {
      const { body } = await room.as(null, 'get', `/v1/articles?${encodeURI(query)}`).expect(400);
      expect(body.errors[0].detail).toBe('This parameter is for staff: send an access token with it.');
    }
    await room.as('editor', 'get', '/v1/articles?createdBy=you').expect(400);
  });
});

describe('GET /articles/counts', () => {
  it('counts every state that the caller may see, in one call', async () => {
    const trashed = await room.story({});
    await room.trash(trashed.id).expect(204);
    const counts = async (who: Who, query = '') =>
      (await room.as(who, 'get', `/v1/articles/counts${query}`).expect(200)).body;
    const none = { draft: 0, review: 0, scheduled: 0, published: 0, expired: 0, archived: 0, trash: 0 };
    expect(await counts('editor')).toEqual({ ...none, draft: 1, published: 1, trash: 1 });
    expect(await counts('viewer')).toEqual({ ...none, draft: 1, published: 1 });
    expect(await counts('author')).toEqual({ ...none, draft: 1, published: 1 });
    expect(await counts('other')).toEqual({ ...none, published: 1 });
    expect(await counts('author', '?createdBy=me')).toEqual({ ...none, draft: 1 });
    expect(await counts('editor', `?q=${encodeURIComponent('রোদ')}`)).toEqual({ ...none, published: 1 });
    await room.as(null, 'get', '/v1/articles/counts').expect(401);
  });
});
