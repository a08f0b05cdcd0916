import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';

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
  it('is 503 in its place where its row stays locked, and the others are done', async () => {
    const story = await room.story({});
    const other = await room.app.deps.db.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM articles WHERE id = $1 FOR UPDATE', [story.id]);
      const { body } = await bulk([
        create('তালার আগে'),
        { op: 'update', id: story.id, ifMatch: '*', body: { kicker: 'তালা' } },
        create('তালার পরে'),
      ]).expect(200);
      expect(told(body)).toEqual([201, expect.stringMatching(/^503 /), 201]);
      expect(body.results[1]).toMatchObject({ article: null, etag: null });
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    expect([await countOf('তালার আগে'), await countOf('তালার পরে')]).toEqual([1, 1]);
  });
});

describe('a bulk under an Idempotency-Key', () => {});
