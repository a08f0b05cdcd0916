import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing } from '../../support/newsroom.ts';
import { openRefusing } from './refused-titles.ts';

let desk: Awaited<ReturnType<typeof openRefusing>>;
beforeAll(async () => {
  desk = await openRefusing();
});
afterAll(() => desk.room.close());

describe('an operation of a bulk that cannot be served', () => {
  it.each([
    ['53300', '503 unavailable'],
    ['25006', '503 unavailable'],
    ['08006', '503 unavailable'],
    ['XX000', '500 internal'],
  ])('is told in its place after %s, and the rest are not tried', async (state, said) => {
    const { body, headers } = await desk
      .bulk([
        desk.create(`আগে ${state}`),
        desk.create(`ভাঙা ${state}`),
        desk.create(`পরে ${state}`),
        desk.create(`আরও পরে ${state}`),
      ])
      .expect(200);
    expect(desk.told(body)).toEqual([201, said, '503 not-tried', '503 not-tried']);
    expect([await desk.countOf(`আগে ${state}`), await desk.countOf(`পরে ${state}`)]).toEqual([1, 0]);
    for (const { problem } of body.results.slice(1)) expect(problem.detail).not.toMatch(/by this call/);
    const lines = desk.room.app.logLines.map((line) => JSON.parse(line));
    const line = lines.find(({ requestId }) => requestId === headers['x-request-id']);
    expect(line).toMatchObject({ level: said.startsWith('500') ? 50 : 40, status: 200 });
  });

  it('may have been done where the connection went at COMMIT, and says so also when it is the first', async () => {
    const missing = { op: 'update', id: 'নেই', ifMatch: '*', body: {} };
    const later = await desk
      .bulk([desk.create('আগে হয়েছে'), missing, desk.create('শেষে 57P01'), missing, desk.create('পরে হয়নি')])
      .expect(200);
    const rest = ['503 outcome-unknown', '503 not-tried', '503 not-tried'];
    expect(desk.told(later.body)).toEqual([201, '404 not-found', ...rest]);
    const first = await desk.bulk([desk.create('শেষে 57P01'), missing, desk.create('পরে হয়নি')]).expect(200);
    expect(desk.told(first.body)).toEqual(rest);
    expect(await desk.countOf('পরে হয়নি')).toBe(0);
  });

  it('shares that with the articles that are made beside it', async () => {
    const { body } = await desk.bulk([desk.create('একই সঙ্গে'), desk.create('শেষে 57P01')]).expect(200);
    expect(desk.told(body)).toEqual(['503 outcome-unknown', '503 outcome-unknown']);
    expect(await desk.countOf('একই সঙ্গে')).toBe(0);
  });

  it('is the answer to all while none is done, so that the call can be repeated', async () => {
    const { body } = await changesNothing(desk.room, () =>
      desk
        .bulk([{ op: 'update', id: 'নেই', ifMatch: '*', body: {} }, desk.create('ভাঙা 53300'), desk.create('পরে')])
        .expect(503),
    );
    expect(body.code).toBe('unavailable');
  });

  it.each(['53300', '57014'])(
    'takes all with it under an Idempotency-Key after %s, and the repeat does all',
    async (state) => {
      const operations = [desk.create(`চাবি আগে ${state}`), desk.create(`ভাঙা ${state}`)];
      await changesNothing(desk.room, () => desk.bulk(operations, `lost-${state}`).expect(503));
      await desk.room.app.sql('ALTER TABLE articles DISABLE TRIGGER refuse');
      const again = await desk.bulk(operations, `lost-${state}`).expect(200);
      await desk.room.app.sql('ALTER TABLE articles ENABLE TRIGGER refuse');
      expect(desk.told(again.body)).toEqual([201, 201]);
      expect(again.headers['idempotency-replayed']).toBeUndefined();
      expect(await desk.countOf(`চাবি আগে ${state}`)).toBe(1);
    },
  );

  it('leaves nothing of a bulk with an Idempotency-Key where a fault of ours meets the second', async () => {
    const answer = await changesNothing(desk.room, () =>
      fetch(`${desk.room.app.url}/v1/articles/bulk`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${desk.room.people.editor.token}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': 'ours-1',
        },
        body: JSON.stringify({ operations: [desk.create('চাবি নিয়ে'), desk.create('ভাঙা XX000')] }),
      }),
    );
    expect(answer.status).toBe(500);
  });
});

describe('a bulk under an Idempotency-Key', () => {
  const named = [{ op: 'create', body: { title: 'মেলার খবর', tags: ['মেলা'] } }];

  it('runs anew where nothing was done, once its reason is mended', async () => {
    const first = await changesNothing(desk.room, () => desk.bulk(named, 'mended').expect(200));
    expect(desk.told(first.body)).toEqual(['422 unknown-tag']);
    await desk.room.label('tags', { name: 'মেলা' });
    const second = await desk.bulk(named, 'mended').expect(200);
    expect(desk.told(second.body)).toEqual([201]);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect((await desk.bulk(named, 'mended').expect(200)).headers['idempotency-replayed']).toBe('true');
  });

  it('keeps the answer where one of several was done', async () => {
    const some = [desk.create('একটি হয়েছে'), { op: 'update', id: 'নেই', ifMatch: '*', body: {} }];
    const first = await desk.bulk(some, 'some').expect(200);
    expect(desk.told(first.body)).toEqual([201, '404 not-found']);
    const second = await changesNothing(desk.room, () => desk.bulk(some, 'some').expect(200));
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
  });
});
