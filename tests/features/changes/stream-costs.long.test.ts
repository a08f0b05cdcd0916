import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeReaders, listenTo } from '../../support/event-source.ts';
import { eventually } from '../../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { collectStatements } from '../../support/statement-count.ts';

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

/** What the outbox asks by itself, with streams and without. */
const ofTheOutbox = / AS placed,| AS passed$|^(BEGIN|COMMIT)$/;
const others = (texts: readonly string[]) => texts.filter((text) => !ofTheOutbox.test(text));

const many = 60;

/** Streams that follow something else each: tags that there are, languages, items, the latest list. */
async function openMany(what: string) {
  const tags: { id: string }[] = [];
  for (let count = 0; count < 12; count += 1) tags.push(await room.label('tags', { name: `বিষয় ${what} ${count}` }));
  const paths = Array.from({ length: many }, (_, at) => {
    const tag = tags[at % tags.length]?.id;
    const language = `bn,qa${String.fromCharCode(97 + (at % 20))},qb${String.fromCharCode(97 + (at % 19))}`;
    return [
      `/v1/changes/stream?tag=${tag}&language=${language}`,
      `/v1/changes/stream?include=item&language=${language}`,
      `/v1/latest/stream?tag=${tag}&language=${language}`,
      '/v1/latest/stream',
    ][at % 4];
  });
  const readers = await Promise.all(paths.map((path = '') => listenTo(room.app, path)));
  return { readers, tags };
}

describe('what streams ask of the database', () => {
  it('is asked once for all who listen, however different what they follow is', async () => {
    const { readers, tags } = await openMany('এক');
    await room.story({ title: 'শুরুতে একবার', status: 'published', tags: tags.map(({ id }) => id) });
    await Promise.all(readers.map((reader) => reader.until(1)));
    const take = collectStatements(room.app.deps.db.pool);
    const known = readers.map(({ events }) => events.length);
    const story = await room.story({ title: 'সবার জন্য', status: 'published', tags: tags.map(({ id }) => id) });
    await Promise.all(readers.map((reader, at) => reader.until((known[at] ?? 0) + 1)));
    for (const { events } of readers) expect(events.at(-1)?.data.id).toBe(story.id);
    const news = take().filter((text) =>
      /^SELECT h\.position::float8 AS head,\s+CASE|WITH n AS|WITH ORDINALITY/.test(text),
    );
    // The events, what the names of tags stand for, and the article; once more if a round began in between.
    expect(news.length).toBeGreaterThanOrEqual(3);
    expect(news.length).toBeLessThanOrEqual(9);
  });

  it('is nothing while nothing happens, and each reader gets a comment every 15 seconds', async () => {
    const { readers } = await openMany('দুই');
    await Promise.all(readers.map((reader) => eventually(async () => expect(reader.lastId()).not.toBe(''))));
    // Every second of the outbox's own work is the same with streams and without.
    const take = collectStatements(room.app.deps.db.pool);
    const began = performance.now();
    const comments = (text: string) => text.split('\n').filter((line) => line === ':').length;
    await eventually(async () => {
      for (const reader of readers) expect(comments(reader.text())).toBeGreaterThan(0);
    }, 20_000);
    expect(performance.now() - began).toBeGreaterThan(10_000);
    for (const reader of readers) expect(comments(reader.text())).toBeLessThanOrEqual(2);
    expect(others(take())).toEqual([]);
  }, 30_000);
});
