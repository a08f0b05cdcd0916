import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rulesVersion } from '../../../src/core/search/terms.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { minutesAgo, plantStories } from '../../support/stories.ts';
import { idsOf } from '../../support/walk.ts';

const { runReindex } = outside;
const { signal: never } = new AbortController();

describe('the entries of the search', () => {
  let room: Newsroom;
  const search = async (q: string, rest = '') => {
    const path = `/v1/search?q=${encodeURIComponent(q)}${rest}`;
    return idsOf((await room.as(null, 'get', path).expect(200)).body);
  };
  const fill = () => room.app.services.fillEntries(never);
  const rulesOf = async (id: string) =>
    (await room.app.sql('SELECT rules FROM search_entries WHERE article_id = $1 ORDER BY rules', [id])).map(
      ({ rules }) => rules,
    );
  const reindexed = async (stop = never, said: string[] = []) => {
    const output = Object.assign(new PassThrough(), { isTTY: false });
    output.on('data', (chunk) => void said.push(String(chunk)));
    const code = await runReindex([], { DATABASE_URL: room.app.databaseUrl }, { output, stop });
    return { code, said: said.join('') };
  };

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('are made for articles that a program without search has written, and made anew for those that it changed', async () => {
    const [old = ''] = await plantStories(room.app, [{ title: 'কাশবনের ধারে', publishedAt: minutesAgo(30) }]);
    const { id } = await room.story({ title: 'নলখাগড়ার বেড়া', status: 'published' });
    expect(await search('কাশবন')).toEqual([]);
    await fill();
    expect(await search('কাশবন')).toEqual([old]);
    await room.app.sql('UPDATE articles SET title = $2, version = version + 1, updated_at = now() WHERE id = $1', [
      id,
      'হোগলার বেড়া',
    ]);
    await fill();
    expect(await search('নলখাগড়া')).toEqual([]);
    expect(await search('হোগলা')).toEqual([id]);
    expect(await fill()).toBe(0);
  });

  it('stay as they are when a tag or a source is merged or renamed, and are found by what it is called now', async () => {
    const [from, into] = [await room.label('tags', { name: 'জেলেপাড়া' }), await room.label('tags', { name: 'মৎস্য' })];
    const { id } = await room.story({ title: 'জালের দাম বাড়ল', status: 'published', tags: [from.slug] });
    const entry = () => room.app.sql('SELECT xmin::text, ctid::text FROM search_entries WHERE article_id = $1', [id]);
    const before = await entry();
    const merge = room.as('editor', 'post', `/v1/tags/${from.id}/merge`).set('If-Match', '*').send({ into: into.slug });
    await merge.expect(200);
    const rename = room.as('editor', 'patch', `/v1/tags/${into.id}`).set('If-Match', '*').send({ name: 'মাছ ধরা' });
    await rename.expect(200);
    expect(await entry()).toEqual(before);
    const listed = async (rest: string) =>
      idsOf((await room.as('editor', 'get', `/v1/articles?q=${encodeURIComponent('জাল')}${rest}`).expect(200)).body);
    for (const tag of [into.id, into.slug, from.slug, from.id]) {
      expect(await search('জাল', `&tag=${encodeURIComponent(tag)}`)).toEqual([id]);
      expect(await listed(`&sort=title&tag=${encodeURIComponent(tag)}`)).toEqual([id]);
    }
    expect(await listed('&tag=none-such')).toEqual([]);
    await room.patch(id, { tags: [] }).expect(200);
    expect(await search('জাল', `&tag=${into.id}`)).toEqual([]);
    expect(await listed(`&tag=${into.id}`)).toEqual([]);
  });

  it('are of the rules of this program alone in a new installation', async () => {
    const { id } = await room.story({ title: 'নকশিকাঁথার মেলা', status: 'published' });
    expect(await rulesOf(id)).toEqual([rulesVersion]);
  });

  it('stay as they are when neither words, dates, state nor labels change, and go with an article that is purged', async () => {
    const { id } = await room.story({ title: 'তালপাতার পাখা', status: 'published' });
    const entry = () => room.app.sql('SELECT ctid::text FROM search_entries WHERE article_id = $1', [id]);
    const before = await entry();
    await room.patch(id, { deskInitials: 'মর', cover: { url: '/media/pakha.jpg', alt: 'পাখা' } }).expect(200);
    expect(await entry()).toEqual(before);
    await room.trash(id).expect(204);
    await room.as('admin', 'post', `/v1/articles/${id}/purge`).set('If-Match', '*').expect(204);
    expect(await entry()).toEqual([]);
  });

  it('of the rules before answer until a reindex is asked for and through, which goes on where it was stopped', async () => {
    const { id } = await room.story({ title: 'শীতলপাটির নকশা', status: 'published' });
    await room.app.sql('UPDATE search_entries SET rules = 0');
    await room.app.sql(`UPDATE settings SET value = '0' WHERE name = 'search rules'`);
    expect(await search('শীতলপাটি')).toEqual([id]);
    const { id: later } = await room.story({ title: 'শীতলপাটির হাট', status: 'published' });
    expect(await search('শীতলপাটি')).toEqual([later, id]);
    expect(await rulesOf(later)).toEqual([0, rulesVersion]);

    // What is missing is made as a change would store it; a start does nothing of a reindex.
    await room.app.sql('DELETE FROM search_entries WHERE article_id = $1', [later]);
    expect(await fill()).toBe(2);
    expect(await rulesOf(later)).toEqual([0, rulesVersion]);
    expect(await fill()).toBe(0);
    expect(await rulesOf(id)).toEqual([0]);
    expect(await search('শীতলপাটি')).toEqual([later, id]);

    expect(await reindexed(AbortSignal.abort())).toMatchObject({ code: 1 });
    expect(await search('শীতলপাটি')).toEqual([later, id]);
    expect(await rulesOf(id)).toEqual([0]);
    const { code, said } = await reindexed();
    expect(code).toBe(0);
    expect(said).toMatch(/^\d+ articles; needs about \d+ MB/);
    expect(await search('শীতলপাটি')).toEqual([later, id]);
    expect(await rulesOf(id)).toEqual([rulesVersion]);
    expect(await room.app.sql(`SELECT name, value FROM settings WHERE name LIKE 'search%'`)).toEqual([
      { name: 'search rules', value: String(rulesVersion) },
    ]);
  });
});
