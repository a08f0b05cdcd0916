import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { directly } from '../support/directly.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';
import { beginEvent, headNow, heardDuring, openReader, tagEvent } from './numbering.ts';

const { newId, numberOnce, pg, recordEvent } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const number = () => numberOnce(room.app.deps.db);

describe('events get their positions', () => {
  it('when they are committed, each once, none missed, in one order for every reader', async () => {
    const early = openReader(room.app);
    const first = await beginEvent(room.app);
    const second = await beginEvent(room.app);
    await second.commit();
    const tag = await room.label('tags', { name: 'ক্রম' });
    await number();
    // The first has the lowest serial number of the three: a reader by serial number would go past it.
    expect(await early.read()).toEqual([second.id, tag.id]);
    await first.commit();
    await number();
    expect(await early.read()).toEqual([second.id, tag.id, first.id]);
    expect(await openReader(room.app).read()).toEqual(early.seen);
    await number();
    expect(await early.read()).toHaveLength(3);
  });

  it('also while another transaction goes on, and leave nothing of one that fails', async () => {
    const hung = await beginEvent(room.app);
    const { position: head } = await headNow(room.app);
    const reader = openReader(room.app, head);
    const failed = room.app.deps.db.transaction(async (tx) => {
      await recordEvent(tx, tagEvent(newId()));
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    const made: string[] = [];
    for (const name of ['জোয়ার', 'ভাটা', 'মোহনা']) {
      made.push((await room.label('tags', { name })).id);
      await number();
      expect(await reader.read()).toEqual(made);
    }
    await hung.commit();
    await number();
    expect(await reader.read()).toEqual([...made, hung.id]);
    expect((await headNow(room.app)).position).toBe(head + 4);
  });

  it('under whatever program they are written, in one statement or many', async () => {
    const reader = openReader(room.app, (await headNow(room.app)).position);
    const ids = [newId(), newId(), newId()];
    const text = `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
      SELECT gen_random_uuid(), 'tag.updated', 'tag', i, 1, '{}', '{}' FROM unnest($1::uuid[]) WITH ORDINALITY AS u(i, n) ORDER BY n`;
    await room.app.sql(text, [ids]);
    await number();
    expect(await reader.read()).toEqual(ids);
  });

  it('from one numberer at a time in a schema, and from the next as soon as that one ends', async () => {
    await beginEvent(room.app).then(({ commit }) => commit());
    const client = new pg.Client({ connectionString: room.app.databaseUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT number_events(500)');
      expect(await number()).toBeNull();
      await client.query('ROLLBACK');
      expect(await number()).toBe(1);
    } finally {
      await client.end();
    }
  });

  it('more than a batch in one go, with one message a batch that names the first and the last, and none for nothing', async () => {
    const { position: head } = await headNow(room.app);
    await room.app.sql(`INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
      SELECT gen_random_uuid(), 'user.updated', 'user', gen_random_uuid(), 1, '{}', '{}' FROM generate_series(1, 1100)`);
    const heard = await heardDuring(room.app, async () => {
      expect(await number()).toBe(1_100);
      expect(await number()).toBe(0);
    });
    const batch = (first: number, last: number) => `${head + first} ${head + last}`;
    expect(heard).toEqual([batch(1, 500), batch(501, 1_000), batch(1_001, 1_100)]);
    expect(await room.app.sql('SELECT 1 FROM unnumbered')).toEqual([]);
  });

  it('and those that strangers may know of have an order without gaps beside it', async () => {
    const before = await headNow(room.app);
    const { id: draft } = await room.story({ title: 'খেয়াপারের কথা' });
    const { id: story } = await room.story({ title: 'নদীর ঘাটে মেলা', status: 'published' });
    const tag = await room.label('tags', { name: 'মেলা' });
    const { id: another } = await room.story({ title: 'আরেকটি খসড়া' });
    await number();
    const rows = await room.app.sql<{ id: string; at: number | null }>(
      `SELECT e.subject_id::text AS id, c.public_position::int AS at FROM changes c JOIN events e ON e.seq = c.event_seq
       WHERE c.position > $1 ORDER BY c.position`,
      [before.position],
    );
    expect(rows.flatMap(({ id, at }) => (at === null ? [id] : []))).toEqual(expect.arrayContaining([draft, another]));
    const shown = rows.flatMap(({ id, at }) => (at === null ? [] : [{ id, at }]));
    expect(new Set(shown.map(({ id }) => id))).toEqual(new Set([story, tag.id]));
    expect(shown.map(({ at }) => at)).toEqual(shown.map((_, index) => before.public + 1 + index));
    expect((await headNow(room.app)).public).toBe(shown.at(-1)?.at);
  });

  it('so that the versions of one thing never fall, however many write at once', async () => {
    const { position: head } = await headNow(room.app);
    const made = [await room.story({ status: 'published' }), await room.story({ status: 'published' })] as const;
    let writing = true;
    const numbered = (async () => {
      while (writing) await number();
    })();
    const writer = async (index: number) => {
      for (let turn = 0; turn < 8; turn += 1) {
        const { id } = made[(index + turn) % 2 === 0 ? 0 : 1];
        await room.patch(id, { kicker: `পানি বাড়ছে ${index}-${turn}` }).expect(200);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => writer(index)));
    writing = false;
    await numbered;
    await number();
    const rows = await directly<{ subject_id: string; version: number }>(
      room.app.databaseUrl,
      `SELECT e.subject_id::text, e.version FROM changes c JOIN events e ON e.seq = c.event_seq
       WHERE c.position > $1 AND e.subject_type = 'article' ORDER BY c.position`,
      [head],
    );
    for (const { id } of made) {
      const versions = rows.filter(({ subject_id }) => subject_id === id).map(({ version }) => version);
      expect(versions).toHaveLength(34);
      expect(versions).toEqual([...versions].sort((one, two) => one - two));
    }
  });
});
