import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';

/** What PostgreSQL may say of one operation: a title names the SQLSTATE with which it is refused, at once or at COMMIT. */
const refusing = `
  CREATE FUNCTION refuse_by_title() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'refused' USING ERRCODE = right(NEW.title, 5); END $$;
  CREATE TRIGGER refuse BEFORE INSERT ON articles FOR EACH ROW WHEN (NEW.title LIKE 'ভাঙা %') EXECUTE FUNCTION refuse_by_title();
  CREATE CONSTRAINT TRIGGER refuse_late AFTER INSERT ON articles DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.title LIKE 'শেষে %') EXECUTE FUNCTION refuse_by_title();`;

type Result = { status: number; article: { title: string } | null; problem: { code: string; detail: string } | null };

/** A newsroom in which titles decide what PostgreSQL refuses, and its bulk calls. */
export async function openRefusing() {
  const room: Newsroom = await openNewsroom();
  await room.app.sql(refusing);
  return {
    room,
    create: (title: string) => ({ op: 'create', body: { title } }),
    bulk(operations: object[], key?: string) {
      const request = room.as('editor', 'post', '/v1/articles/bulk');
      return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ operations });
    },
    told: (body: { results: Result[] }) =>
      body.results.map(({ status, problem }) => (problem === null ? status : `${status} ${problem.code}`)),
    countOf: async (title: string) =>
      (await room.app.sql<{ n: number }>('SELECT count(*)::int AS n FROM articles WHERE title = $1', [title]))[0]?.n,
  };
}
