import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { anyMatch } from '../../support/conditions.ts';
import { fillDisk } from '../../support/full-disk.ts';
import { type EventOf, type Newsroom, openNewsroom, pathOf, type Who } from '../../support/newsroom.ts';

describe('the events of an article', () => {
  let room: Newsroom;
  let tags: string[] = [];
  let sources: string[] = [];
  const last = async (id: string): Promise<EventOf> => {
    const event = (await room.events(id)).at(-1);
    if (event === undefined) throw new Error('there is no event');
    return event;
  };
  const keysOf = ({ keys }: EventOf) => [...keys].sort();
  const lists = (source: number, language: string, ...of: number[]) => [
    'latest',
    'search',
    cacheKeys.latestOfLanguage(language),
    cacheKeys.latestOfSource(sources[source] ?? ''),
    ...of.map((tag) => cacheKeys.latestOfTag(tags[tag] ?? '')),
  ];

  beforeAll(async () => {
    room = await openNewsroom();
    const made = async (what: 'tags' | 'sources', names: string[]) => {
      const ids: string[] = [];
      for (const name of names) ids.push((await room.label(what, { name })).id);
      return ids;
    };
    tags = await made('tags', ['এক', 'দুই', 'তিন']);
    sources = await made('sources', ['উত্তর বার্তা', 'দক্ষিণ বার্তা']);
  });
  afterAll(() => room.close());

  it('name each change by its own word, with its version, its actor and its request, one for each call', async () => {
    const calls: { who: Who; requestId: string }[] = [];
    const call = async (who: Who, method: 'post' | 'patch' | 'delete', path: string, body?: object) => {
      const requestId = `call-number-${calls.length}`;
      const request = room.as(who, method, path).set(anyMatch(method, path)).set('X-Request-Id', requestId);
      const answer = await (body === undefined ? request : request.send(body));
      expect([path, answer.status < 300]).toEqual([path, true]);
      calls.push({ who, requestId });
      return answer;
    };
    const { id } = (await call('author', 'post', '/v1/articles', { title: 'ঘটনার শুরু' })).body;
    await call('author', 'patch', pathOf(id), { kicker: 'ক' });
    await call('author', 'post', `${pathOf(id)}/submit`);
    await call('editor', 'post', `${pathOf(id)}/return`, { note: 'মিলিয়ে নিন।' });
    await call('admin', 'post', `${pathOf(id)}/publish`);
    await call('editor', 'post', `${pathOf(id)}/unpublish`);
    await call('editor', 'post', `${pathOf(id)}/archive`);
    await call('editor', 'delete', pathOf(id));
    await call('editor', 'post', `${pathOf(id)}/restore`);
    const events = await room.events(id);
    expect(events.map(({ type }) => type)).toEqual(
      [
        'created',
        'updated',
        'submitted',
        'returned',
        'published',
        'unpublished',
        'archived',
        'trashed',
        'restored',
      ].map((word) => `article.${word}`),
    );
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events.map(({ actor_id, request_id }) => [actor_id, request_id])).toEqual(
      calls.map(({ who, requestId }) => [room.people[who].id, requestId]),
    );
  });

  it('are two where an article is created published', async () => {
    const { id } = await room.story({ status: 'published' });
    expect((await room.events(id)).map(({ type, version }) => [type, version])).toEqual([
      ['article.created', 1],
      ['article.published', 1],
    ]);
  });

  it('name what changed', async () => {
    const { id } = await room.story({ tags: [tags[0]] });
    await room.patch(id, { kicker: 'ক', excerpt: null, tags: [tags[1]], body: '' }).expect(200);
    expect([...((await last(id)).data.changed ?? [])].sort()).toEqual(['kicker', 'tags']);
  });

  it('name it by the fields that answers show, and by no name of ours', async () => {
    const { id } = await room.story({ title: 'হাওরে ধান কাটা' });
    await room.patch(id, { slug: 'haor-dhan-7', source: sources[0], body: '<p>ধান</p>', tags: [tags[1]] }).expect(200);
    const shown = Object.keys(await room.seen(id));
    const { changed = [] } = (await last(id)).data;
    expect([...changed].sort()).toEqual(['body', 'bodyHtml', 'slug', 'source', 'tags']);
    expect(changed.filter((field) => !shown.includes(field))).toEqual([]);
  });

  it('have the key of the article alone while it is in no list', async () => {
    const { id } = await room.story({ tags: [tags[0]], source: sources[0] });
    expect(keysOf(await last(id))).toEqual([cacheKeys.article(id)]);
    await room.patch(id, { kicker: 'ক' }).expect(200);
    expect(keysOf(await last(id))).toEqual([cacheKeys.article(id)]);
    await room.trash(id).expect(204);
    expect(keysOf(await last(id))).toEqual([cacheKeys.article(id)]);
  });

  it('have the keys of the lists of the old state and of the new, each once', async () => {
    const { id } = await room.story({ tags: [tags[0], tags[1]], source: sources[0] });
    const own = cacheKeys.article(id);
    await room.step('publish', id).expect(200);
    expect(keysOf(await last(id))).toEqual([own, ...lists(0, 'bn', 0, 1), 'redirects'].sort());
    await room.patch(id, { title: 'নতুন' }).expect(200);
    expect(keysOf(await last(id))).toEqual([own, ...lists(0, 'bn', 0, 1)].sort());
    await room.patch(id, { tags: [tags[1], tags[2]], source: sources[1], language: 'en' }).expect(200);
    const both = new Set([own, ...lists(0, 'bn', 0, 1), ...lists(1, 'en', 1, 2), 'redirects']);
    expect(keysOf(await last(id))).toEqual([...both].sort());
    await room.patch(id, { slug: 'notun-naam' }).expect(200);
    expect(keysOf(await last(id))).toEqual([own, ...lists(1, 'en', 1, 2), 'redirects'].sort());
    await room.step('unpublish', id).expect(200);
    expect(keysOf(await last(id))).toEqual([own, ...lists(1, 'en', 1, 2), 'redirects'].sort());
    await room.step('archive', id).expect(200);
    expect(keysOf(await last(id))).toEqual([own]);
  });

  it('know the transaction of their change, which is that of the row', async () => {
    const { id } = await room.story({ status: 'published' });
    const [row] = await room.app.sql(
      `SELECT count(*)::int AS events, count(DISTINCT tx_id)::int AS transactions, bool_and(e.tx_id = a.xmin::text::xid8) AS same
       FROM events e JOIN articles a ON a.id = e.subject_id WHERE a.id = $1`,
      [id],
    );
    expect(row).toEqual({ events: 2, transactions: 1, same: true });
  });

  it.each(['events', 'revisions'])(
    'are written with the change or not at all: nothing is left when %s cannot be stored',
    async (table) => {
      const { id, slug } = await room.story({ status: 'published', tags: [tags[0]] });
      const end = await fillDisk(room.app, table);
      try {
        const before = await room.world();
        const failed = [
          await room.create({ title: 'যা থাকে না', tags }),
          await room.patch(id, { slug: 'onno-naam', tags: [tags[1]] }),
          await room.step('unpublish', id),
          await room.trash(id),
        ];
        expect(failed.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
        expect(failed.every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true);
        expect(await room.world()).toEqual(before);
      } finally {
        await end();
      }
      expect((await room.read(slug).expect(200)).body.version).toBe(1);
      await room.patch(id, { kicker: 'আবার' }).expect(200);
    },
  );

  it('name the pages of the other editions whenever these show the article otherwise, and only then', async () => {
    const bangla = await room.story({ title: 'হাওরের নৌকাবাইচ', status: 'published' });
    const { id } = await room.story({ title: 'A boat race', language: 'en' });
    await room.link(id, bangla.id).expect(200);
    const told = async () => (await last(id)).keys.includes(cacheKeys.story(bangla.id));
    await room.patch(id, { title: 'Boats race' }).expect(200);
    expect(await told()).toBe(false);
    await room.step('publish', id).expect(200);
    expect(await told()).toBe(true);
    await room.patch(id, { kicker: 'Haor' }).expect(200);
    expect(await told()).toBe(false);
    for (const body of [{ title: 'Boats race again' }, { slug: 'boats-race-again' }, { language: 'en-GB' }]) {
      await room.patch(id, body).expect(200);
      expect(await told()).toBe(true);
    }
    await room.patch(bangla.id, { title: 'হাওরে নৌকাবাইচ' }).expect(200);
    expect((await last(bangla.id)).keys).toContain(cacheKeys.story(bangla.id));
    await room.trash(id).expect(204);
    expect(await told()).toBe(true);
  });
});
