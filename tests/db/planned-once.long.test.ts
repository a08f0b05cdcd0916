import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

/** To plan a large statement takes longer than to run it. */

const body = '<p>উজানের ঢলে নদীর পানি বাড়ছে, ঘাটে নৌকা বাঁধা।</p>';

/** PostgreSQL plans the first five runs of a prepared statement for their values; by then it has to be content with one. */
const tries = 5;
const rounds = 12;

describe('a statement that recurs on a connection', () => {
  let room: Newsroom;
  let tags: string[];

  beforeAll(async () => {
    room = await openNewsroom({ DATABASE_POOL_MAX: '1', RESPONSE_CACHE_BYTES: '0' });
    // On the one connection, as servers have it; that of the tests has another mode.
    await room.app.sql('SET plan_cache_mode = auto');
    tags = [];
    for (const name of ['নদী', 'বন্যা', 'ঘাট']) tags.push((await room.label('tags', { name })).slug);
    await room.label('sources', { name: 'উপকূল বার্তা', slug: 'upokul' });
    // As many as newsrooms have: a few rows are read from end to end, and then no plan looks dearer than another.
    for (const table of ['tags', 'sources'])
      await room.app.sql(
        `INSERT INTO ${table} (id, slug, name, identity_key) SELECT gen_random_uuid(), 'aro-' || n, 'আরও ' || n, 'aro-' || n FROM generate_series(1, 500) n`,
      );
    await room.app.sql(`INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status)
      SELECT gen_random_uuid(), 'bn', 'purono-' || n, false, 'পুরোনো খবর', '', 'html', '', 'draft' FROM generate_series(1, 500) n`);
  });
  afterAll(() => room.close());

  const story = async (round: number) => {
    const slug = `ghat-${round}`;
    const { id } = await room.story({ slug, title: `ঘাটের খবর ${round}`, body, tags, source: 'upokul' });
    await room.patch(id, { title: `ঘাটে ভিড় ${round}` }).expect(200);
    await room.patch(id, { body: `${body}${body}` }).expect(200);
    await room.patch(slug, { tags: tags.slice(1) }).expect(200);
    await room.step('publish', id).expect(200);
    const draft = room.as('editor', 'patch', `${pathOf(id)}/draft`).set('If-Match', '*');
    await draft.send({ title: `ঘাটে হাট ${round}` }).expect(200);
    await room.as('editor', 'get', `${pathOf(id)}/draft`).expect(200);
    await room.step('publish', id).expect(200);
    await room.trash(id).expect(204);
  };
  const item = async (round: number) => {
    for (const itemVersion of [1, 2]) {
      const call = room.app.request('put', `/v1/sources/upokul/items/hat-${round}`).set(...bearer(room.people.editor));
      await call.send({ itemVersion, title: `হাটের খবর ${round}`, body, tags }).expect(itemVersion === 1 ? 201 : 200);
    }
  };
  const reads = async () => {
    const paths = ['/latest', '/latest?tag=নদী', '/articles', '/articles?source=upokul', '/articles?fields=title,tags'];
    for (const path of [...paths, '/tags', '/sources', '/changes', '/changes?include=item'])
      await room.as(null, 'get', `/v1${encodeURI(path)}`).expect(200);
    for (const q of ['ঘাটের', 'ঘাটের খবর', '"ঘাটের খবর"', 'নেই'])
      for (const rest of ['', '&sort=relevance', '&highlight=true', '&limit=3', '&tag=নদী'])
        await room.as(null, 'get', `/v1${encodeURI(`/search?q=${q}${rest}`)}`).expect(200);
  };

  it('is planned for each call no longer once it was planned for all', async () => {
    for (let round = 0; round < rounds; round += 1) {
      await story(round);
      await item(round);
      await reads();
      if (round === 0) await room.app.sql('ANALYZE');
    }
    const statements = await room.app.deps.db.read<{ name: string; custom: number; generic: number }>({
      text: 'SELECT name, custom_plans::int AS custom, generic_plans::int AS generic FROM pg_prepared_statements',
    });
    expect(statements.filter(({ generic }) => generic > 0).length).toBeGreaterThan(20);
    expect(statements.filter(({ custom, generic }) => custom > tries && generic === 0)).toEqual([]);
  });
});
