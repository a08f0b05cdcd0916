import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { passes } from '../../support/due.ts';
import { closeReaders, idsOf, listenTo, type Reader } from '../../support/event-source.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom({ STREAMS_ADDRESS_MAX: '500' });
  stopOutbox = startOutbox(room.app);
});
afterEach(() => closeReaders(room.app));
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

type Options = Parameters<typeof listenTo>[2];
const listen = (query = '', options: Options = {}): Promise<Reader> =>
  listenTo(room.app, `/v1/changes/stream${query}`, options);
const published = (title: string, more: object = {}) => room.story({ title, status: 'published', ...more });

/** All entries after a cursor, by pages, as the editor or a stranger gets them. */
async function pagesAfter(query: string, after: string, as: 'editor' | null = null) {
  const data = [];
  let page = { nextCursor: after, more: true };
  while (page.more) {
    const { body } = await room.as(as, 'get', `/v1/changes?${query}&after=${page.nextCursor}`).expect(200);
    data.push(...body.data);
    page = body.page;
  }
  return data;
}

/** A reader that is told of this story has been told of all that came before. */
const lastWord = async (reader: Reader) => {
  const { id } = await published('শেষ কথা');
  await reader.until((got) => got.data.id === id);
  return id;
};

describe('GET /v1/changes/stream', () => {
  it('tells what happens from now on, in order, as the entries of /v1/changes', async () => {
    const before = await published('আগের খবর');
    const reader = await listen('?kind=article');
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const stories = [];
    for (const title of ['এক', 'দুই', 'তিন']) stories.push(await published(title));
    const events = await reader.until(3);
    expect(idsOf(events)).toEqual(stories.map(({ id }) => id));
    expect(idsOf(events)).not.toContain(before.id);
    const positions = events.map(({ data }) => Number(data.position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(await pagesAfter('kind=article', events[0]?.id ?? '')).toEqual(events.slice(1).map(({ data }) => data));
  });

  it('goes on after a cut in the middle, with nothing lost, from Last-Event-ID or after', async () => {
    const reader = await listen('?kind=article');
    const stories = [];
    for (const title of ['চার', 'পাঁচ']) stories.push(await published(title));
    await reader.until(2);
    reader.close();
    for (const title of ['ছয়', 'সাত', 'আট']) stories.push(await published(title));
    const resumed = await listen('?kind=article', { lastEventId: reader.lastId() });
    const other = await listen(`?kind=article&after=${reader.lastId()}`);
    stories.push(await published('নয়'));
    for (const again of [resumed, other])
      expect(idsOf(await again.until(4))).toEqual(stories.slice(2).map(({ id }) => id));
  });

  it('has an id before the first event, so that what happens while nobody listens is not lost', async () => {
    const reader = await listen('?kind=article');
    expect(reader.text()).toMatch(/^retry: [2-4]\d{3}\nid: \S+\n\n$/);
    reader.close();
    const story = await published('কেউ শোনেনি');
    const resumed = await listen('?kind=article', { lastEventId: reader.lastId() });
    expect(idsOf(await resumed.until(1))).toEqual([story.id]);
  });

  it('believes Last-Event-ID rather than after, which readers that reconnect still send', async () => {
    const first = await listen();
    await lastWord(first);
    const story = await published('নতুন কথা');
    await first.until((got) => got.data.id === story.id);
    const resumed = await listen(`?after=${first.firstId}`, { lastEventId: first.lastId() });
    const last = await lastWord(resumed);
    expect(idsOf(resumed.events)).toEqual([last]);
  });

  it('goes through what there is, where it begins with a cursor in the middle of that', async () => {
    await published('আগে থেকেই আছে');
    const { body } = await room.as(null, 'get', '/v1/changes?kind=article&limit=1').expect(200);
    const reader = await listen('?kind=article', { lastEventId: body.page.nextCursor });
    const last = await lastWord(reader);
    const all = await room.as(null, 'get', '/v1/changes?kind=article&limit=100').expect(200);
    const known = all.body.data.map(({ id }: { id: string }) => id);
    expect(new Set([body.data[0].id, ...idsOf(reader.events)])).toEqual(new Set(known));
    expect(known).toContain(last);
    const walked = reader.events.find(({ data }) => data.event === null);
    const resumed = await listen('?kind=article', { lastEventId: walked?.id ?? '' });
    await resumed.until((got) => got.data.id === last);
    expect(idsOf(resumed.events)).not.toContain(walked?.data.id);
  });

  it('tells who follows a tag what gets it and what loses it, and what a merge brings', async () => {
    const tag = await room.label('tags', { name: 'হাওরাঞ্চল' });
    const other = await room.label('tags', { name: 'পাহাড়' });
    const merged = await room.label('tags', { name: 'বিল' });
    const moved = await published('বিলের মাছ', { tags: [merged.id] });
    const reader = await listen(`?kind=article&tag=${merged.id}`);
    const both = await listen(`?kind=article&tag=${tag.id}`);
    const story = await published('হাওরের ধান', { tags: [tag.id] });
    await published('পাহাড়ের ফল', { tags: [other.id] });
    await both.until(1);
    await room.patch(story.id, { tags: [other.id] }).expect(200);
    const seen = await both.until(2);
    expect(seen.map(({ data }) => [data.op, data.id])).toEqual([
      ['upsert', story.id],
      ['remove', story.id],
    ]);
    await room
      .as('editor', 'post', `/v1/tags/${merged.id}/merge`)
      .set('If-Match', '*')
      .send({ into: tag.id })
      .expect(200);
    for (const one of [both, reader]) {
      const told = await one.until((got) => got.data.id === moved.id);
      expect(told.at(-1)?.data).toMatchObject({ op: 'upsert', id: moved.id });
    }
  });

  it('sends what a thing is now with include=item, and nothing of what was killed meanwhile', async () => {
    const reader = await listen('?kind=article&include=item');
    await stopOutbox();
    const story = await published('মুছে যাবে', { body: '<p>গোপন থাকুক</p>' });
    await room.step('archive', story.id).expect(200);
    const kept = await published('থেকে যাবে', { body: '<p>সবাই পড়ুক</p>' });
    stopOutbox = startOutbox(room.app);
    const events = await reader.until(2);
    expect(events[0]?.data).toMatchObject({ op: 'remove', id: story.id });
    expect(events[1]?.data).toMatchObject({ op: 'upsert', id: kept.id, item: { title: 'থেকে যাবে' } });
    expect(reader.text()).not.toContain('গোপন থাকুক');
  });

  it('tells strangers nothing of drafts, and viewers of them', async () => {
    const reader = await listen('?kind=article&include=item');
    const staff = await listen('?kind=article&audience=staff&include=item', { as: room.people.viewer });
    expect(staff.headers['cache-control']).toBe('private, no-store, no-transform');
    const draft = await room.story({ title: 'কাঁচা খসড়া' });
    await room.patch(draft.id, { kicker: 'আরও কাঁচা' }).expect(200);
    await staff.until((got) => got.data.id === draft.id && got.data.version === 2);
    const last = await lastWord(reader);
    expect(idsOf(reader.events)).toEqual([last]);
    expect(reader.text()).not.toContain('কাঁচা');
    await room.trash(draft.id).expect(204);
    await staff.until(({ data }) => data.id === draft.id && data.op === 'remove');
  });

  it('tells of an article when its instant comes', async () => {
    const reader = await listen('?kind=article');
    const publishedAt = new Date(Date.now() + 3_600_000).toISOString();
    const story = await published('ভোরের খবর', { publishedAt });
    await lastWord(reader);
    expect(idsOf(reader.events)).not.toContain(story.id);
    await passes(room, story.id, 'published');
    const events = await reader.until((got) => got.data.id === story.id);
    expect(events.at(-1)?.data).toMatchObject({ op: 'upsert', event: { type: 'article.published' } });
  });

  it('tells by memory what pages tell by the database, whatever is followed', async () => {
    const tag = await room.label('tags', { name: 'নৌকাবাইচ' });
    const other = await room.label('tags', { name: 'মেলা' });
    const source = await room.label('sources', { name: 'উজান বার্তা' });
    const filters = [
      '',
      '&kind=tag,source',
      `&kind=article&tag=${tag.id}`,
      `&tag=${tag.slug},${other.slug}&language=en`,
      `&source=${source.slug}`,
      `&language=bn&source=${source.id}&tag=${other.id}`,
      '&tag=এখনও-নেই',
    ];
    const cases = filters.flatMap((filter) => [
      { query: `audience=public${filter}`, who: null },
      { query: `audience=staff${filter}`, who: 'editor' as const },
    ]);
    const readers = await Promise.all(
      cases.map(({ query, who }) => listen(`?${query}`, who === null ? {} : { as: room.people.editor })),
    );
    const one = await published('বাইচ শুরু', { tags: [tag.id], source: source.id });
    const two = await room.story({ title: 'Boat race', language: 'en', tags: [other.id, tag.id] });
    await room.step('publish', two.id).expect(200);
    await room.patch(one.id, { tags: [other.id] }).expect(200);
    await room.patch(two.id, { source: source.id, language: 'bn' }).expect(200);
    await room.step('archive', one.id).expect(200);
    await published('নতুন নামের খবর', { tags: [(await room.label('tags', { name: 'এখনও নেই' })).id] });
    await room.as('editor', 'patch', `/v1/tags/${tag.id}`).set('If-Match', '*').send({ name: 'বাইচ' }).expect(200);
    await room.trash(two.id).expect(204);
    const end = await listen();
    await lastWord(end);
    for (const [at, { query, who }] of cases.entries()) {
      // A stream may have told more often of one thing; the last word on each is the same, and nothing is missing.
      const pages = await pagesAfter(`${query}&limit=100`, readers[at]?.firstId ?? '', who);
      const told = await readers[at]?.until(
        (got) => pages.length === 0 || got.data.position === pages.at(-1)?.position,
      );
      const lastWords = (entries: readonly unknown[]) => {
        const words = entries.map((entry) => {
          const { id, op, kind, version, position } = Object(entry);
          // Of what is gone the newest version known is told, which may be a later one by the time pages are read.
          return { id, op, kind, position, ...(op === 'remove' ? {} : { version }) };
        });
        return words.filter(({ id }, place) => !words.slice(place + 1).some((later) => later.id === id));
      };
      expect([query, lastWords(told?.map(({ data }) => data) ?? [])]).toEqual([query, lastWords(pages)]);
    }
  });
});
