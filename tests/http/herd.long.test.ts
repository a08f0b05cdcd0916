import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { keepAnswers } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

const poolMax = 6;
let room: Newsroom;
let stop: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom({ DATABASE_POOL_MAX: String(poolMax) });
  stop = await keepAnswers(room.app);
});
afterAll(async () => {
  await stop();
  await room.close();
});

const state = () => {
  const { making = 0, waiting = 0, misses = 0, hits = 0 } = room.app.deps.cache?.state() ?? {};
  return { making, waiting, misses, hits };
};
const titleOf = (number: number) => `খবর নম্বর ${number}`;

it('everything forgotten under load costs half the connections at most, and nobody sees what was before a write that was answered', async () => {
  const stories = [];
  for (let each = 0; each < 40; each += 1) stories.push(await room.story({ status: 'published', title: titleOf(0) }));
  const ids = stories.map(({ id }) => id);
  /** The number in the title of each, of the last write that was answered. */
  const answered = new Map(ids.map((id) => [id, 0]));
  let [over, makingMost, reads, turn] = [false, 0, 0, 0];
  const statuses = new Set<number>();
  const before = state();

  const readOne = async (id: string) => {
    const known = answered.get(id) ?? 0;
    const { status, body } = await room.app.request('get', pathOf(id));
    statuses.add(status);
    reads += 1;
    makingMost = Math.max(makingMost, state().making);
    expect(Number(/\d+$/.exec(body.title)?.[0])).toBeGreaterThanOrEqual(known);
  };
  const reader = async () => {
    while (!over) {
      turn += 1;
      await readOne(ids[(turn * 7) % ids.length] ?? '');
    }
  };
  const writer = async () => {
    for (let number = 1; number <= 30; number += 1) {
      const id = ids[number % 10] ?? '';
      room.app.deps.cache?.forget(['all']);
      await room.patch(id, { title: titleOf(number) }).expect(200);
      answered.set(id, number);
    }
    over = true;
  };
  await Promise.all([writer(), ...Array.from({ length: 30 }, reader)]);
  expect([...statuses]).toEqual([200]);
  expect(makingMost).toBeGreaterThan(0);
  expect(makingMost).toBeLessThanOrEqual(poolMax / 2);
  // Each address was read once after each loss at most, however many asked.
  expect(reads).toBeGreaterThan(300);
  expect(state().hits).toBeGreaterThan(before.hits);
}, 60_000);

it('beyond a thousand that wait, readers are told to come back in a second', async () => {
  const [making, waiting, tooMany] = [poolMax / 2, 1_000, 20];
  const client = await room.app.deps.db.pool.connect();
  const ask = (from: number, to: number) => {
    const socket = connect(Number(new URL(room.app.url).port), '127.0.0.1');
    const numbers = Array.from({ length: to - from }, (_, index) => from + index);
    const text = numbers
      .map((number) => `GET /v1/articles/none-${number} HTTP/1.1\r\nHost: news.example\r\n\r\n`)
      .join('');
    let said = '';
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.write(text);
    return { socket, answers: () => said.split(/(?=HTTP\/1\.1 \d{3} )/).filter((one) => one !== '') };
  };
  try {
    await client.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
    const patient = ask(0, making + waiting);
    await eventually(async () => expect(state()).toMatchObject({ making, waiting }));
    const refused = ask(5_000, 5_000 + tooMany);
    await eventually(async () => expect(refused.answers()).toHaveLength(tooMany));
    for (const answer of refused.answers()) {
      expect(answer).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer).toMatch(/\r\nRetry-After: 1\r\n/);
      expect(answer).toContain('"code":"unavailable"');
    }
    await client.query('COMMIT');
    await eventually(async () => expect(patient.answers()).toHaveLength(making + waiting));
    expect(patient.answers()[0]).toMatch(/^HTTP\/1\.1 404 /);
    for (const answer of patient.answers()) expect(answer).toMatch(/^HTTP\/1\.1 (404|503) /);
    for (const { socket } of [patient, refused]) socket.destroy();
  } finally {
    client.release();
  }
  expect(state()).toMatchObject({ making: 0, waiting: 0 });
});
