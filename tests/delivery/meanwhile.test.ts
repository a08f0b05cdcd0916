import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Read } from '../../src/db/tx.ts';
import { outside } from '../support/outside.ts';
import { entryOf, openSending, type Sending } from '../support/sending.ts';

const { numberOnce, startDelivery } = outside;

let desk: Sending;
beforeAll(async () => {
  desk = await openSending();
});
afterAll(() => desk.close());

/** Runs `then` once, after the sending has looked at how far behind its webhooks are, and before it makes deliveries. */
function afterLook(read: Read, then: () => Promise<unknown>): Read {
  let has = false;
  return async <Row extends Record<string, unknown>>(...asked: Parameters<Read>) => {
    const [statement] = asked;
    const rows = await read<Row>(...asked);
    if (!has && 'name' in statement && statement.name === 'webhooks-behind' && rows.length > 0) {
      has = true;
      await then();
    }
    return rows;
  };
}

describe('what is written while the sending looks for changes', () => {
  it.each([
    ['everybody', {}],
    ['staff', { audience: 'staff' }],
    ['a filter', { languages: ['bn'] }],
    ['a purger', { type: 'varnish' }],
  ])('is told of too, and makes nobody wait: %s', async (what, members) => {
    const { app } = desk;
    await desk.stop();
    const { id } = await desk.hook('type' in members ? { ...members, url: desk.receiver.url } : members);
    const titles = ['ঘাটে ভিড়ল', 'মাঝনদীতে', 'ওপারে পৌঁছাল', 'চরে আটকাল', 'জোয়ারে ভাসল', 'ফিরে এল'].map(
      (title) => `${title} ${what}`,
    );
    const number = () => numberOnce(app.deps.db);
    await desk.story({ title: titles[0] ?? '', status: 'published' });
    await number();
    const before = app.logLines.length;
    let wrote = false;
    const read = afterLook(app.deps.db.read, async () => {
      for (const title of titles.slice(1)) await desk.story({ title, status: 'published' });
      await number();
      wrote = true;
      sending.moved();
    });
    const deps = { ...app.deps, db: { ...app.deps.db, read } };
    const sending = startDelivery({ deps, services: app.services });
    sending.moved();
    const rows = await desk.until(
      id,
      (all) => all.length >= titles.length && all.every(({ state }) => state === 'done'),
    );
    expect(wrote).toBe(true);
    expect(app.logLines.slice(before).filter((line) => line.includes('webhooks wait'))).toEqual([]);
    expect(new Set(rows.map(({ subject_id }) => subject_id)).size).toBe(titles.length);
    if (!('type' in members)) {
      const told = desk.receiver.received.map(entryOf).map(({ item }) => item.title);
      expect(told).toEqual(expect.arrayContaining(titles));
    }
    await sending.stop();
    await app.sql('DELETE FROM webhooks');
    desk.start();
  });
});
