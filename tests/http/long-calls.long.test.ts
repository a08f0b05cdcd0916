import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPacing } from '../../src/core/pacing.ts';
import { openLanes } from '../../src/http/lanes.ts';
import { changesNothing, type Newsroom, openNewsroom } from '../support/newsroom.ts';

describe('long calls', () => {
  let room: Newsroom;
  const long = 'উজানের ঢলে নদীর পানি বাড়ছে। '.repeat(8_000);

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('are all served, sixteen at once, on every road that takes a body', async () => {
    // Each has an article of its own: for one that another call holds, a call waits two seconds and no longer.
    const ids: string[] = [];
    for (let index = 0; index < 16; index += 1) ids.push((await room.story()).id);
    const call = (index: number) => {
      const id = ids[index] ?? '';
      const sent = { body: `${long}${index}`, bodyFormat: 'text' };
      if (index % 4 === 0) return room.patch(id, sent);
      if (index % 4 === 1) return room.create({ title: `খবর ${index}`, ...sent }, 'author');
      if (index % 4 === 2)
        return room.create({ title: `খবর ${index}`, ...sent }).set('Idempotency-Key', `long-${index}`);
      return room.as('editor', 'patch', `/v1/articles/${id}/draft`).set('If-Match', '*').send(sent);
    };
    const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => call(index)));
    expect(answers.map(({ status }) => status)).toEqual(Array(4).fill([200, 201, 201, 200]).flat());
    expect(answers.map(({ body }) => body.body)).toEqual(answers.map((_, index) => `${long}${index}`));
  });

  it('are refused without a title, sixteen at once, and nothing is recorded', async () => {
    const answers = await changesNothing(room, () =>
      Promise.all(Array.from({ length: 16 }, () => room.create({ body: long, bodyFormat: 'text' }))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });

  it('are looked through in turn, with other work between', async () => {
    const paced = openPacing();
    const order: string[] = [];
    const piece = (name: string) => paced(() => order.push(name));
    const other = new Promise<void>((resolve) => {
      setImmediate(() => {
        order.push('other');
        resolve();
      });
    });
    const failing = paced(() => {
      throw new Error('no JSON');
    });
    await Promise.all([piece('first'), expect(failing).rejects.toThrow('no JSON'), piece('last'), other]);
    expect(order.indexOf('other')).toBeLessThan(order.indexOf('last'));
  });

  it('are two at once for one account, in order, and do not keep another account waiting', async () => {
    const enter = openLanes(2);
    const order: string[] = [];
    const leave = [await enter('a'), await enter('a')];
    const third = enter('a').then((done) => {
      order.push('third');
      return done;
    });
    const other = await enter('b');
    order.push('other');
    leave[0]?.();
    const doneThird = await third;
    expect(order).toEqual(['other', 'third']);
    for (const done of [leave[1], doneThird, other]) done?.();
    await Promise.all([enter('a'), enter('a')]);
  });
});
