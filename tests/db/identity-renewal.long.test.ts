import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.ts';
import { type LabelDesk, openLabelDesk } from '../support/labels.ts';
import { outside } from '../support/outside.ts';

const { newId, setUpWhenMigrated } = outside;

const what = ['tags', 'sources'] as const;
type What = (typeof what)[number];
type Planted = { id: string; slug: string; key: string };

/** What a start does once the migrations are there. */
const start = ({ app }: LabelDesk) => setUpWhenMigrated(app, null, new AbortController().signal);

describe.each(what)('identity keys of %s that the former folding made', (table: What) => {
  let desk: LabelDesk;
  let minute = 0;
  /** A label as it was stored, each younger than the one before. */
  const plant = async (name: string, key = name.toLowerCase(), version = 1): Promise<Planted> => {
    const id = newId();
    minute += 1;
    const text = `INSERT INTO ${table} (id, slug, name, identity_key, identity_version, created_at)
      VALUES ($1, $2, $3, $4, $5, now() - interval '1 day' + make_interval(mins => $6))`;
    await desk.app.sql(text, [id, `s-${id}`, name, key, version, minute]);
    return { id, slug: `s-${id}`, key };
  };
  const keyOf = async ({ id }: Planted) =>
    (await desk.app.sql(`SELECT identity_key AS key FROM ${table} WHERE id = $1`, [id]))[0]?.key;
  const versions = () => desk.app.sql(`SELECT DISTINCT identity_version AS v FROM ${table}`);
  const warned = () => desk.app.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
  const create = (name: string) => desk.send('post', `/v1/${table}`, { name });

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  afterEach(async () => {
    await desk.app.sql(`DELETE FROM ${table}`);
    desk.app.logLines.length = 0;
  });
  afterAll(() => desk.close());

  it('are made anew at start, and nothing else of the label is another', async () => {
    const old = [await plant('Qur’an'), await plant('❤️'), await plant('ＮＡＴＯ', 'ｎａｔｏ'), await plant('নদী')];
    const before = await desk.app.sql(`SELECT id, slug, name, version, updated_at FROM ${table} ORDER BY id`);
    await start(desk);
    expect(await Promise.all(old.map(keyOf))).toEqual(['quran', '❤', 'nato', 'নদী']);
    expect(await versions()).toEqual([{ v: 2 }]);
    expect(await desk.app.sql(`SELECT id, slug, name, version, updated_at FROM ${table} ORDER BY id`)).toEqual(before);
    expect(await desk.count('events')).toBe(0);
    expect(warned()).toEqual([]);
    for (const [index, name] of ["Qur'an", '❤', 'NATO', 'নদী'].entries())
      expect((await create(name).expect(409)).body).toMatchObject({ code: 'name-taken', existing: old[index]?.id });
  });

  it('are made anew where migrations are applied elsewhere, too', async () => {
    const old = await plant('Qur’an');
    const { databaseUrl } = desk.app;
    const app = await startApp({ MIGRATE: 'off' }, { databaseUrl });
    await setUpWhenMigrated(app, null, new AbortController().signal).finally(() => app.close());
    expect(await keyOf(old)).toBe('quran');
  });

  it('stay with the younger of two that meet, which one line of the log names', async () => {
    const elder = await plant("Qur'an");
    const younger = await plant('Qur’an');
    await start(desk);
    expect([await keyOf(elder), await keyOf(younger)]).toEqual(['quran', 'qur’an']);
    expect(await versions()).toEqual([{ v: 2 }]);
    expect(warned()).toMatchObject([{ table, id: younger.id, slug: younger.slug, existing: elder.id }]);
    await start(desk);
    expect(warned()).toHaveLength(1);
  });

  it('stay with the elder where the younger one has the key of today already', async () => {
    const elder = await plant('Qur’an');
    const younger = await plant('Quran');
    await start(desk);
    expect([await keyOf(elder), await keyOf(younger)]).toEqual(['qur’an', 'quran']);
    expect(warned()).toMatchObject([{ id: elder.id, existing: younger.id }]);
  });

  it('stay where nothing would be left of the name', async () => {
    const quotes = await plant('’’');
    await start(desk);
    expect(await keyOf(quotes)).toBe('’’');
    expect(warned()).toMatchObject([{ id: quotes.id, existing: null }]);
  });

  it('that were kept leave the label as it was to write: all but another name of the elder', async () => {
    const elder = await plant("Qur'an");
    const younger = await plant('Qur’an');
    await start(desk);
    const patch = (body: object) => desk.send('patch', `/v1/${table}/${younger.id}`, body, '*');
    const same = await patch({ name: 'Qur’an', slug: 'quran-two' }).expect(200);
    expect(same.body).toMatchObject({ name: 'Qur’an', slug: 'quran-two', version: 2 });
    expect(await keyOf(younger)).toBe('qur’an');
    for (const name of ["Qur'an", 'Qurʼan', 'quran'])
      expect((await patch({ name }).expect(409)).body).toMatchObject({ code: 'name-taken', existing: elder.id });
    await patch({ name: 'Tafsir' }).expect(200);
    expect(await keyOf(younger)).toBe('tafsir');
  });

  it('that were kept take their name still: whoever creates it is told which is there', async () => {
    const elder = await plant("Qur'an");
    const younger = await plant('Qur’an');
    await start(desk);
    for (const name of ['Qur’an', "Qur'an", 'QURAN', 'Qur`an'])
      expect((await create(name).expect(409)).body).toMatchObject({ code: 'name-taken', existing: elder.id });
    await desk.send('delete', `/v1/${table}/${elder.id}`, undefined, '*').expect(204);
    const rows = await desk.count(table);
    expect((await create('Qur’an').expect(409)).body).toMatchObject({ code: 'name-taken', existing: younger.id });
    expect(await desk.count(table)).toBe(rows);
  });

  it('are of today in what is written since', async () => {
    const { body } = await create('Shi’a').expect(201);
    expect(await desk.app.sql(`SELECT identity_key, identity_version FROM ${table}`)).toEqual([
      { identity_key: 'shia', identity_version: 2 },
    ]);
    const old = await plant('Sunna’');
    await desk.send('patch', `/v1/${table}/${old.id}`, { name: 'Sunna‘' }, '*').expect(200);
    expect(await keyOf(old)).toBe('sunna');
    await desk.send('patch', `/v1/${table}/${body.id}`, { name: 'Sunna' }, '*').expect(409);
  });

  it('are made anew once, however many instances start and people write meanwhile', async () => {
    await desk.app.sql(
      `INSERT INTO ${table} (id, slug, name, identity_key) SELECT gen_random_uuid(), 's-' || n, 'Da''' || n, 'da''' || n
       FROM generate_series(1, 1200) n`,
    );
    const writer = async () => {
      for (let n = 1; n <= 12; n += 1)
        await create(`Da’${n * 100}`).expect((answer) => [201, 409].includes(answer.status));
    };
    await Promise.all([start(desk), start(desk), start(desk), writer()]);
    const [row] = await desk.app.sql(
      `SELECT count(*)::int AS labels, count(*) FILTER (WHERE identity_version = 2)::int AS done,
        count(*) FILTER (WHERE identity_key ~ '^da[0-9]+$')::int AS anew FROM ${table}`,
    );
    // On a busy machine one of the starts may also say that it gave up, and another makes them.
    const told = warned().filter(({ table: named }) => named === table).length;
    expect(row).toEqual({ labels: 1200 + told, done: 1200 + told, anew: 1200 });
  }, 60_000);

  it('are no reason for a start to fail: what is in the way is said, and the next start makes them', async () => {
    const old = await plant('Qur’an');
    await desk.app.sql(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'`,
    );
    await desk.app.sql(`CREATE TRIGGER refuse BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await start(desk);
    expect(warned()).toMatchObject([{ level: 50, msg: expect.stringContaining('could not be made anew') }]);
    await desk.app.sql(`DROP TRIGGER refuse ON ${table}; DROP FUNCTION refuse`);
    await start(desk);
    expect(await keyOf(old)).toBe('quran');
  });
});
