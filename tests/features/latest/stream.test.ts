import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeReaders, type Got, listenTo, type Reader } from '../../support/event-source.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom();
  stopOutbox = startOutbox(room.app);
});
afterEach(() => closeReaders(room.app));
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const listen = (query = '', lastEventId?: string): Promise<Reader> =>
  listenTo(room.app, `/v1/latest/stream${query}`, lastEventId === undefined ? {} : { lastEventId });
const published = (title: string, more: object = {}) => room.story({ title, status: 'published', ...more });
const said = ({ event, data }: Got) => [event, data.id];

describe('GET /v1/latest/stream', () => {
  it('sends what enters the list and what changes in it, as the list shows it, and the id of what leaves it', async () => {
    const source = await room.label('sources', { name: 'মোহনা সংবাদ' });
    const tag = await room.label('tags', { name: 'উপকূল' });
    const reader = await listen();
    const story = await published('উপকূলে জোয়ার', { source: source.id, tags: [tag.id], kicker: 'জোয়ার' });
    await reader.until(1);
    const { body } = await room.as(null, 'get', '/v1/latest').expect(200);
    expect(reader.events[0]?.data).toEqual(body.data[0]);
    await room.patch(story.id, { title: 'উপকূলে বড় জোয়ার' }).expect(200);
    const [, changed] = await reader.until(2);
    expect(changed).toMatchObject({ event: 'message', data: { id: story.id, title: 'উপকূলে বড় জোয়ার' } });
    await room.step('archive', story.id).expect(200);
    await reader.until(3);
    expect(reader.events[2]).toMatchObject({ event: 'remove', data: { id: story.id } });
    expect(Object.keys(reader.events[2]?.data ?? {})).toEqual(['id']);
  });

  it.each([
    ['tag', 'tags'],
    ['source', 'sources'],
  ] as const)('follows a %s: what gets it enters, and what loses it leaves', async (member, what) => {
    const [one, other] = [
      await room.label(what, { name: `${member} এক` }),
      await room.label(what, { name: `${member} দুই` }),
    ];
    const of = ({ id }: { id: string }) => (member === 'tag' ? { tags: [id] } : { source: id });
    const reader = await listen(`?${member}=${one.slug}`);
    const story = await published('ঘুরে আসা', of(other));
    await room.patch(story.id, of(one)).expect(200);
    await reader.until(1);
    await room.patch(story.id, of(other)).expect(200);
    expect((await reader.until(2)).map(said)).toEqual([
      ['message', story.id],
      ['remove', story.id],
    ]);
  });

  it('follows a language, and leaves out what is excluded', async () => {
    const beside = await published('পাশের খবর');
    const reader = await listen(`?language=bn&exclude=${beside.id}`);
    await room.patch(beside.id, { title: 'পাশের খবর, আবার' }).expect(200);
    await published('Elsewhere', { language: 'en' });
    const story = await published('বাংলায়');
    expect((await reader.until((got) => got.data.id === story.id)).map(said)).toEqual([['message', story.id]]);
    const resumed = await listen(`?language=bn&exclude=${story.id}`, reader.firstId);
    expect((await resumed.until((got) => got.data.id === beside.id)).map(said)).toEqual([['message', beside.id]]);
  });

  it('sends nothing for a label that changes, for drafts, and for what is to come', async () => {
    const tag = await room.label('tags', { name: 'চরাঞ্চল' });
    const story = await published('চরের মানুষ', { tags: [tag.id] });
    const reader = await listen();
    await room.as('editor', 'patch', `/v1/tags/${tag.id}`).set('If-Match', '*').send({ name: 'চর' }).expect(200);
    await room.story({ title: 'খসড়া' });
    await published('আগামীকাল', { publishedAt: new Date(Date.now() + 86_400_000).toISOString() });
    await room.patch(story.id, { kicker: 'চর' }).expect(200);
    const events = await reader.until((got) => got.data.id === story.id);
    expect(events.map(said)).toEqual([['message', story.id]]);
    expect(events[0]?.data.tags).toMatchObject([{ name: 'চর' }]);
  });

  it('resumes where it was cut, with what was killed meanwhile as gone', async () => {
    const reader = await listen();
    const first = await published('কাটার আগে');
    await reader.until((got) => got.data.id === first.id);
    reader.close();
    const killed = await published('তুলে নেওয়া');
    await room.step('archive', killed.id).expect(200);
    const last = await published('কাটার পরে');
    const resumed = await listen('', reader.lastId());
    const events = await resumed.until((got) => got.data.id === last.id);
    // What was sent last before the cut may come again.
    const since = events.map(said).filter(([, id]) => id !== first.id);
    expect(since.filter(([, id], place) => since[place + 1]?.[1] !== id)).toEqual([
      ['remove', killed.id],
      ['message', last.id],
    ]);
    expect(resumed.text()).not.toContain('তুলে নেওয়া');
  });

  it('refuses the cursor of a list, of a walk and of another past before it begins', async () => {
    await published('একটি');
    await published('দুইটি');
    const list = await room.as(null, 'get', '/v1/latest?limit=1').expect(200);
    const walk = await room.as(null, 'get', '/v1/changes?limit=1').expect(200);
    const past = room.app.deps.cursors.seal('changes', ['public', 'tail', '3', outside.newId(), '']);
    for (const [cursor, status, code] of [
      [list.body.page.nextCursor, 400, 'invalid-cursor'],
      [walk.body.page.nextCursor, 400, 'invalid-cursor'],
      [past, 410, 'cursor-expired'],
    ]) {
      expect((await listen('', cursor)).problem).toMatchObject({ status, code });
      const { problem } = await listen(`?after=${cursor}`);
      expect(problem).toMatchObject({ status, code });
      if (status === 400) expect(problem.errors).toMatchObject([{ in: 'query', pointer: '/after' }]);
    }
  });

  it('lets the pages of other origins read it, and resume with fetch', async () => {
    const open = await openNewsroom({ CORS_ORIGINS: 'https://news.example' });
    const headers = { Origin: 'https://news.example' };
    const reader = await listenTo(open.app, '/v1/latest/stream', { headers });
    expect(reader.headers['access-control-allow-origin']).toBe('https://news.example');
    const preflight = await open.app
      .request('options', '/v1/latest/stream')
      .set({ ...headers, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'last-event-id' })
      .expect(204);
    expect(preflight.headers['access-control-allow-headers']).toMatch(/last-event-id/i);
    reader.close();
    await open.close();
  });
});
