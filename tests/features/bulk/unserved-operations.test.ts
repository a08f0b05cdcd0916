import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

/** What PostgreSQL may say of one operation: a title names the SQLSTATE with which it is refused, at once or at COMMIT. */
const refusing = `
  CREATE FUNCTION refuse_by_title() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'refused' USING ERRCODE = right(NEW.title, 5); END $$;
  CREATE TRIGGER refuse BEFORE INSERT ON articles FOR EACH ROW WHEN (NEW.title LIKE 'ভাঙা %') EXECUTE FUNCTION refuse_by_title();
  CREATE CONSTRAINT TRIGGER refuse_late AFTER INSERT ON articles DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.title LIKE 'শেষে %') EXECUTE FUNCTION refuse_by_title();`;

type Result = { status: number; article: { title: string } | null; problem: { code: string; detail: string } | null };

let room: Newsroom;
const create = (title: string) => ({ op: 'create', body: { title } });
const bulk = (operations: object[], key?: string) => {
  const request = room.as('editor', 'post', '/v1/articles/bulk');
  return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ operations });
};
const told = (body: { results: Result[] }) =>
  body.results.map(({ status, problem }) => (problem === null ? status : `${status} ${problem.code}`));
const countOf = async (title: string) =>
  (await room.app.sql<{ n: number }>('SELECT count(*)::int AS n FROM articles WHERE title = $1', [title]))[0]?.n;

beforeAll(async () => {
  room = await openNewsroom();
  await room.app.sql(refusing);
});
afterAll(() => room.close());

describe('an operation of a bulk that cannot be served', () => {
  it.each([
    ['53300', '503 unavailable'],
    ['25006', '503 unavailable'],
    ['08006', '503 unavailable'],
    ['XX000', '500 internal'],
  ])('is told in its place after %s, and the rest are not tried', async (state, said) => {
    const { body, headers } = await bulk([
      create(`আগে ${state}`),
      create(`ভাঙা ${state}`),
      create(`পরে ${state}`),
      create(`আরও পরে ${state}`),
    ]).expect(200);
    expect(told(body)).toEqual([201, said, '503 not-tried', '503 not-tried']);
    expect([await countOf(`আগে ${state}`), await countOf(`পরে ${state}`)]).toEqual([1, 0]);
    for (const { problem } of body.results.slice(1)) expect(problem.detail).not.toMatch(/by this call/);
    const lines = room.app.logLines.map((line) => JSON.parse(line));
    const line = lines.find(({ requestId }) => requestId === headers['x-request-id']);
    expect(line).toMatchObject({ level: said.startsWith('500') ? 50 : 40, status: 200 });
  });

  it('may have been done where the connection went at COMMIT, and says so also when it is the first', async () => {
    const later = await bulk([create('আগে হয়েছে'), create('শেষে 57P01'), create('পরে হয়নি')]).expect(200);
    expect(told(later.body)).toEqual([201, '503 outcome-unknown', '503 not-tried']);
    const first = await bulk([create('শেষে 57P01'), create('পরে হয়নি')]).expect(200);
    expect(told(first.body)).toEqual(['503 outcome-unknown', '503 not-tried']);
    expect(await countOf('পরে হয়নি')).toBe(0);
  });

  it('is the answer to all while none is done, so that the call can be repeated', async () => {
    const { body } = await changesNothing(room, () =>
      bulk([{ op: 'update', id: 'নেই', ifMatch: '*', body: {} }, create('ভাঙা 53300'), create('পরে')]).expect(503),
    );
    expect(body.code).toBe('unavailable');
  });

  it.each(['53300', '57014'])(
    'takes all with it under an Idempotency-Key after %s, and the repeat does all',
    async (state) => {
      const operations = [create(`চাবি আগে ${state}`), create(`ভাঙা ${state}`)];
      await changesNothing(room, () => bulk(operations, `lost-${state}`).expect(503));
      await room.app.sql('ALTER TABLE articles DISABLE TRIGGER refuse');
      const again = await bulk(operations, `lost-${state}`).expect(200);
      await room.app.sql('ALTER TABLE articles ENABLE TRIGGER refuse');
      expect(told(again.body)).toEqual([201, 201]);
      expect(again.headers['idempotency-replayed']).toBeUndefined();
      expect(await countOf(`চাবি আগে ${state}`)).toBe(1);
    },
  );

  it('leaves nothing of a bulk with an Idempotency-Key where a fault of ours meets the second', async () => {
    const answer = await changesNothing(room, () =>
      fetch(`${room.app.url}/v1/articles/bulk`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${room.people.editor.token}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': 'ours-1',
        },
        body: JSON.stringify({ operations: [create('চাবি নিয়ে'), create('ভাঙা XX000')] }),
      }),
    );
    expect(answer.status).toBe(500);
  });
});

describe('a bulk under an Idempotency-Key', () => {
  const named = [{ op: 'create', body: { title: 'মেলার খবর', tags: ['মেলা'] } }];

  it('runs anew where nothing was done, once its reason is mended', async () => {
    const first = await changesNothing(room, () => bulk(named, 'mended').expect(200));
    expect(told(first.body)).toEqual(['422 unknown-tag']);
    await room.label('tags', { name: 'মেলা' });
    const second = await bulk(named, 'mended').expect(200);
    expect(told(second.body)).toEqual([201]);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect((await bulk(named, 'mended').expect(200)).headers['idempotency-replayed']).toBe('true');
  });

  it('keeps the answer where one of several was done', async () => {
    const some = [create('একটি হয়েছে'), { op: 'update', id: 'নেই', ifMatch: '*', body: {} }];
    const first = await bulk(some, 'some').expect(200);
    expect(told(first.body)).toEqual([201, '404 not-found']);
    const second = await changesNothing(room, () => bulk(some, 'some').expect(200));
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
  });
});
