import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, type Newsroom, openNewsroom, type Place, type Who } from '../../support/newsroom.ts';
import { idsOf, walk } from '../../support/walk.ts';

const places: readonly Place[] = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived', 'trash'];
const callers: readonly Caller[] = [null, 'viewer', 'author', 'other', 'editor', 'admin'];
const word = encodeURIComponent('পানকৌড়ি');

describe('what a search shows to whom', () => {
  let room: Newsroom;
  const ids = new Map<string, string>();
  const placeNames = new Map<string, string>();

  const read = (as: Caller, path: string) => room.as(as, 'get', path);
  const namesOf = (body: { data: readonly { id: string }[] }) => idsOf(body).map((id) => placeNames.get(id));

  beforeAll(async () => {
    room = await openNewsroom();
    for (const who of ['author', 'editor'] as const satisfies Who[])
      for (const place of places) {
        const { id } = await room.story({ title: `পানকৌড়ির ${place} ছবি`, body: '<p>পানকৌড়ি ভাসে।</p>' }, who);
        await room.moveTo(place, id);
        ids.set(`${who} ${place}`, id);
        placeNames.set(id, `${who} ${place}`);
      }
    // As a program without search would have left them.
    await room.app.sql('UPDATE articles SET version = version + 1, updated_at = now()');
    await room.app.services.fillEntries(new AbortController().signal);
  });
  afterAll(() => room.close());

  it.each(callers)(
    'finds for %s exactly what the list of articles shows, without a state and with each',
    async (as) => {
      for (const status of ['', ...places, 'draft,review', 'published,scheduled,expired', 'published,draft']) {
        const rest = status === '' ? '' : `&status=${status}`;
        const [list, search, ranked, within] = [
          await read(as, `/v1/articles?limit=100${rest}`),
          await read(as, `/v1/search?limit=100&q=${word}${rest}`),
          await read(as, `/v1/search?limit=100&q=${word}&sort=relevance${rest}`),
          as === null ? null : await read(as, `/v1/articles?limit=100&q=${word}${rest}`),
        ];
        for (const answer of [search, ranked, ...(within ? [within] : [])]) {
          expect([status, answer.status]).toEqual([status, list.status]);
          if (list.status === 200) expect(namesOf(answer.body).sort()).toEqual(namesOf(list.body).sort());
        }
      }
    },
  );

  it('gives staff what has no date first, the latest change first, and each once from page to page', async () => {
    const { id } = await room.story({ title: 'পানকৌড়ির নতুন খসড়া' });
    const person = room.people.editor;
    const whole = await walk(room.app, `/v1/search?limit=100&q=${word}`, { person });
    expect(whole.map((item) => item.publishedAt === null)).toEqual(
      whole.map((item) => item.publishedAt === null).sort((a, b) => Number(b) - Number(a)),
    );
    expect(whole[0]?.id).toBe(id);
    for (const limit of [1, 3])
      expect(await walk(room.app, `/v1/search?limit=${limit}&q=${word}`, { person })).toEqual(whole);
  });

  it('shows what is due from its instant on and no longer than it lasts, whoever has recorded that', async () => {
    const soon = { status: 'published', publishedAt: new Date(Date.now() + 3_600_000).toISOString() };
    const { id } = await room.story({ title: 'ডাহুকের ডাক', ...soon });
    const found = async () => idsOf((await read(null, `/v1/search?q=${encodeURIComponent('ডাহুক')}`).expect(200)).body);
    const move = async (set: string) => {
      await room.app.sql(`UPDATE articles SET ${set}, version = version + 1, updated_at = now() WHERE id = $1`, [id]);
      await room.app.services.fillEntries(new AbortController().signal);
    };
    expect(await found()).toEqual([]);
    await move(`published_at = now() - interval '1 second'`);
    expect(await found()).toEqual([id]);
    await move(`expires_at = now() - interval '1 millisecond'`);
    expect(await found()).toEqual([]);
  });

  it('tells a stranger nothing of what is hidden: not by a byte, a tag or a key', async () => {
    const paths = ['খঞ্জনা', '"খঞ্জনা পাখি"', 'title:খঞ্জনা', 'পানকৌড়ি -খঞ্জনা', 'খঞ্জনা পানকৌড়ি'].flatMap((q) =>
      ['', '&sort=relevance', '&highlight=true&limit=1'].map((rest) => `/v1/search?q=${encodeURIComponent(q)}${rest}`),
    );
    const seen = async () => {
      const answers = [];
      for (const path of paths) {
        const { text, headers } = await read(null, path).expect(200);
        answers.push([path, text, headers.etag, headers['surrogate-key']]);
      }
      return answers;
    };
    const before = await seen();
    for (const place of places.filter((one) => one !== 'published')) {
      const { id } = await room.story({ title: 'খঞ্জনা পাখি', body: '<p>খঞ্জনা পানকৌড়ি</p>' });
      await room.moveTo(place, id);
    }
    const { id: live } = await room.story({ title: 'পানকৌড়ি ফেরে না', body: '<p>জল।</p>' });
    await room.moveTo('draft', live);
    await room.app.sql('UPDATE articles SET version = version + 1, updated_at = now() WHERE title LIKE $1', ['খঞ্জনা%']);
    await room.app.services.fillEntries(new AbortController().signal);
    expect(await seen()).toEqual(before);
  });

  it('is kept five seconds at most, and never for staff', async () => {
    const { headers } = await read(null, `/v1/search?q=${word}`).expect(200);
    expect(headers['cache-control']).toBe('public, max-age=5');
    expect(String(headers['surrogate-key']).split(' ').sort()).toEqual(['all', 'search', 'sources', 'stories', 'tags']);
    expect((await read('editor', `/v1/search?q=${word}`).expect(200)).headers['cache-control']).toContain('no-store');
  });
});
