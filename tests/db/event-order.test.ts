import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { noCause } from '../../src/core/actor.ts';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { directly } from '../support/directly.ts';
import { outside } from '../support/outside.ts';

const { newId, numberOnce, recordEvent } = outside;

let app: TestApp;
let editor: Person;
beforeAll(async () => {
  app = await startApp();
  editor = await app.person('editor');
});
afterAll(() => app.close());

const number = () => numberOnce(app.deps.db);

/** A reader that goes on from the last position that it has seen. */
function openReader(after = 0) {
  const seen: string[] = [];
  let place = after;
  return {
    seen,
    async read() {
      const rows = await app.sql<{ position: string; subject_id: string }>(
        `SELECT c.position::text, e.subject_id::text FROM changes c JOIN events e ON e.seq = c.event_seq
         WHERE c.position > $1 ORDER BY c.position`,
        [place],
      );
      for (const { position, subject_id } of rows) {
        expect(Number(position)).toBe(place + 1);
        place += 1;
        seen.push(subject_id);
      }
      return seen;
    },
  };
}

const headNow = async () =>
  (
    await app.sql<{ position: number; public: number }>(
      'SELECT position::int AS position, public_position::int AS public FROM changes_head',
    )
  )[0] ?? { position: -1, public: -1 };

function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const tagEvent = (subjectId: string) =>
  ({ ...noCause, type: 'tag.created', subjectType: 'tag', subjectId, version: 1, keys: [] }) as const;

/** A transaction that has recorded an event, and commits when it is let. */
async function begin() {
  const id = newId();
  const [recorded, mayEnd] = [gate(), gate()];
  const done = app.deps.db.transaction(async (tx) => {
    await recordEvent(tx, tagEvent(id));
    recorded.open();
    await mayEnd.opened;
  });
  await Promise.race([recorded.opened, done]);
  return {
    id,
    commit() {
      mayEnd.open();
      return done;
    },
  };
}

const makeTag = async (name: string): Promise<{ id: string }> => {
  const call = app.request('post', '/v1/tags').set(...bearer(editor));
  return (await call.send({ name }).expect(201)).body;
};

/** Hears what the numberer of this schema says while `work` is done. */
async function heardDuring(work: () => Promise<void>): Promise<string[]> {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  const heard: string[] = [];
  client.on('notification', ({ payload = '' }) => void heard.push(payload));
  try {
    const { rows } = await client.query<{ channel: string }>('SELECT changes_channel() AS channel');
    await client.query(`LISTEN ${rows[0]?.channel}`);
    await work();
    await client.query('SELECT 1');
    return heard;
  } finally {
    await client.end();
  }
}

describe('events get their positions', () => {
  it('when they are committed, each once, none missed, in one order for every reader', async () => {
    const early = openReader();
    const first = await begin();
    const second = await begin();
    await second.commit();
    const tag = await makeTag('ক্রম');
    await number();
    // The first has the lowest serial number of the three: a reader by serial number would go past it.
    expect(await early.read()).toEqual([second.id, tag.id]);
    await first.commit();
    await number();
    expect(await early.read()).toEqual([second.id, tag.id, first.id]);
    expect(await openReader().read()).toEqual(early.seen);
    await number();
    expect(await early.read()).toHaveLength(3);
  });

  it('also while another transaction goes on, and leave nothing of one that fails', async () => {
    const hung = await begin();
    const { position: head } = await headNow();
    const reader = openReader(head);
    const failed = app.deps.db.transaction(async (tx) => {
      await recordEvent(tx, tagEvent(newId()));
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    const made: string[] = [];
    for (const name of ['জোয়ার', 'ভাটা', 'মোহনা']) {
      made.push((await makeTag(name)).id);
      await number();
      expect(await reader.read()).toEqual(made);
    }
    await hung.commit();
    await number();
    expect(await reader.read()).toEqual([...made, hung.id]);
    expect((await headNow()).position).toBe(head + 4);
  });

  it('under whatever program they are written, in one statement or many', async () => {
    const reader = openReader((await headNow()).position);
    const ids = [newId(), newId(), newId()];
    const text = `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
      SELECT gen_random_uuid(), 'tag.updated', 'tag', i, 1, '{}', '{}' FROM unnest($1::uuid[]) WITH ORDINALITY AS u(i, n) ORDER BY n`;
    await app.sql(text, [ids]);
    await number();
    expect(await reader.read()).toEqual(ids);
  });

  it('from one numberer at a time in a schema, and from the next as soon as that one ends', async () => {
    await begin().then(({ commit }) => commit());
    const client = new pg.Client({ connectionString: app.databaseUrl });
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
    const { position: head } = await headNow();
    await app.sql(`INSERT INTO events (id, type, subject_type, subject_id, version, keys, data)
      SELECT gen_random_uuid(), 'user.updated', 'user', gen_random_uuid(), 1, '{}', '{}' FROM generate_series(1, 1100)`);
    const heard = await heardDuring(async () => {
      expect(await number()).toBe(1_100);
      expect(await number()).toBe(0);
    });
    expect(heard).toEqual([
      `${head + 1} ${head + 500}`,
      `${head + 501} ${head + 1_000}`,
      `${head + 1_001} ${head + 1_100}`,
    ]);
    expect(await app.sql('SELECT 1 FROM unnumbered')).toEqual([]);
  });

  it('and those that strangers may know of have an order without gaps beside it', async () => {
    const before = await headNow();
    const make = async (body: object): Promise<string> => {
      const call = app.request('post', '/v1/articles').set(...bearer(editor));
      return (await call.send(body).expect(201)).body.id;
    };
    const draft = await make({ title: 'খেয়াপারের কথা' });
    const story = await make({ title: 'নদীর ঘাটে মেলা', status: 'published' });
    const tag = await makeTag('মেলা');
    const another = await make({ title: 'আরেকটি খসড়া' });
    await number();
    const rows = await app.sql<{ id: string; at: number | null }>(
      `SELECT e.subject_id::text AS id, c.public_position::int AS at FROM changes c JOIN events e ON e.seq = c.event_seq
       WHERE c.position > $1 ORDER BY c.position`,
      [before.position],
    );
    expect(rows.flatMap(({ id, at }) => (at === null ? [id] : []))).toEqual(expect.arrayContaining([draft, another]));
    const shown = rows.flatMap(({ id, at }) => (at === null ? [] : [{ id, at }]));
    expect(new Set(shown.map(({ id }) => id))).toEqual(new Set([story, tag.id]));
    expect(shown.map(({ at }) => at)).toEqual(shown.map((_, index) => before.public + 1 + index));
    expect((await headNow()).public).toBe(shown.at(-1)?.at);
  });

  it('so that the versions of one thing never fall, however many write at once', async () => {
    const { position: head } = await headNow();
    const call = (path: string) => app.request('post', path).set(...bearer(editor));
    const made = await Promise.all(
      ['উজান', 'ভাটি'].map(
        async (title) => (await call('/v1/articles').send({ title, status: 'published' }).expect(201)).body,
      ),
    );
    let writing = true;
    const numbered = (async () => {
      while (writing) await number();
    })();
    const writer = async (index: number) => {
      for (let turn = 0; turn < 8; turn += 1) {
        const { id } = made[(index + turn) % 2];
        const patch = app
          .request('patch', `/v1/articles/${id}`)
          .set(...bearer(editor))
          .set('If-Match', '*');
        await patch.send({ kicker: `পানি বাড়ছে ${index}-${turn}` }).expect(200);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => writer(index)));
    writing = false;
    await numbered;
    await number();
    const rows = await directly<{ subject_id: string; version: number }>(
      app.databaseUrl,
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
