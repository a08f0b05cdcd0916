import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { passes } from '../support/due.ts';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const published = async (id: string) => (await room.events(id)).filter(({ type }) => type === 'article.published');

it('what falls due is recorded and numbered by itself, also after the recording has failed', async () => {
  const { id } = await room.story({ status: 'published', publishedAt: '2028-02-21T00:00:00Z' });
  await room.app.sql(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$`);
  await room.app.sql('CREATE TRIGGER full_disk BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION full_disk()');
  await passes(room, id, 'published');
  const stop = startOutbox(room.app);
  try {
    const told = () => room.app.logLines.filter((line) => line.includes('fallen due') && line.includes('"level":40'));
    await eventually(async () => expect(told()).toHaveLength(1));
    await room.read(id).expect(200);
    expect(await published(id)).toEqual([]);
    await room.app.sql('DROP FUNCTION full_disk CASCADE');
    await eventually(async () => expect(await published(id)).toHaveLength(1));
    const numbered = `SELECT c.public_position FROM changes c JOIN events e ON e.seq = c.event_seq
      WHERE e.subject_id = $1 AND e.type = 'article.published'`;
    await eventually(async () =>
      expect(await room.app.sql(numbered, [id])).toEqual([{ public_position: expect.anything() }]),
    );
    expect(told()).toHaveLength(1);
  } finally {
    await stop();
  }
});
