import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { yearMin } from '../../../src/core/time.ts';
import { type Caller, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';
import { plantStories } from '../../support/stories.ts';
import { idsOf, walk } from '../../support/walk.ts';

const searchPath = (q: string, rest = '') => `/v1/search?q=${encodeURIComponent(q)}${rest}`;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe('GET /v1/search', () => {
  let room: Newsroom;
  let [putin, reuters, hatTrick, modi, count, seventeen, league, nodi]: Story[] = [];
  const titlesOf = async (q: string, { as = null, rest = '' }: { as?: Caller; rest?: string } = {}) => {
    const { body } = await room.as(as, 'get', searchPath(q, rest)).expect(200);
    return body.data.map(({ title }: { title: string }) => title);
  };
  const published = (body: { title: string; [member: string]: unknown }, days: number) =>
    room.story({ status: 'published', publishedAt: daysAgo(days), ...body });

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'বিশ্ব' });
    await room.label('tags', { name: 'খেলা' });
    await room.label('sources', { name: 'পূর্বাকাশ' });
    putin = await published({ title: 'কিমকে চিঠি দিলেন পুতিনের দূত', tags: ['বিশ্ব'], source: 'পূর্বাকাশ' }, 1);
    reuters = await published({ title: 'তেলের দাম বেড়েছে, জানাল রয়টার্স', excerpt: 'ব্যারেল ৯২ ডলার।', tags: ['বিশ্ব'] }, 2);
    hatTrick = await published({ title: 'তরুণের হ\u200C্যাটট্রিকে জয়', byline: 'সাদিয়া জাহান', tags: ['খেলা'] }, 40);
    modi = await published(
      { title: 'মোদীর সফর শেষ', body: '<p>উত্তর কোরিয়ার প্রতিনিধিও <b>ছি</b>লেন।</p>', bodyFormat: 'html' },
      90,
    );
    count = await published({ title: 'মাঠে ছিলেন ১২,৬০০ দর্শক', kicker: 'গ্যালারি' }, 200);
    seventeen = await published({ title: 'ঢাকা-১৭ আসনে ভোট' }, 600);
    league = await published({ title: 'আ. লীগের সভায় নতুন কমিটি', language: 'bn-BD' }, 900);
    nodi = await published(
      { title: 'River workers are waiting', body: 'Boats were moved to the ghats.', language: 'en' },
      2_000,
    );
  });
  afterAll(() => room.close());

  it.each([
    ['পুতিন', () => putin],
    ['পুতিনকে', () => putin],
    ['রয়টার্স', () => reuters],
    ['র\u09AF\u09BCটার্স', () => reuters],
    ['হ্যাটট্রিক', () => hatTrick],
    ['মোদি', () => modi],
    ['উত্তর কোরিয়া', () => modi],
    ['12600', () => count],
    ['১২৬০০', () => count],
    ['ঢাকা-17', () => seventeen],
    ['আ.লীগ', () => league],
    ['boat', () => nodi],
    ['worker waits', () => nodi],
  ])('finds %s in another ending, spelling or field', async (q, story) => {
    expect(await titlesOf(q)).toEqual([story()?.title]);
  });

  it('finds nothing for a word that is wanted and excluded', async () => {
    const { body } = await room.as(null, 'get', searchPath('পুতিন -পুতিনের')).expect(200);
    expect(body).toEqual({ data: [], page: { nextCursor: null } });
    expect(await titlesOf('"উত্তর কোরিয়া" -কোরিয়া')).toEqual([]);
    expect(await titlesOf('মোদি -title:কোরিয়া')).toEqual([modi?.title]);
  });

  it('finds words joined in a title and words apart, and what has them both ways once', async () => {
    const apart = await published({ title: 'নৌকা বাইচ দেখতে ভিড়' }, 12);
    const joined = await published({ title: 'নৌকাবাইচ স্থগিত' }, 11);
    const both = await published({ title: 'নৌকা বাইচ নয়, নৌকাবাইচ' }, 10);
    const neither = await published({ title: 'নৌকা ডুবে গেছে' }, 9);
    for (const limit of [1, 30]) {
      const items = await walk(room.app, searchPath('নৌকা বাইচ', `&limit=${limit}`));
      expect(items.map(({ title }) => title)).toEqual([both.title, joined.title, apart.title]);
      const without = await walk(room.app, searchPath('নৌকা বাইচ -ভিড়', `&limit=${limit}`));
      expect(without.map(({ title }) => title)).toEqual([both.title, joined.title]);
    }
    expect(await titlesOf('নৌকা')).toContain(neither.title);
  });

  it('looks at title, kicker, excerpt, byline and body, and wants all words', async () => {
    expect(await titlesOf('গ্যালারি')).toEqual([count?.title]);
    expect(await titlesOf('ব্যারেল তেল')).toEqual([reuters?.title]);
    expect(await titlesOf('সাদিয়া')).toEqual([hatTrick?.title]);
    expect(await titlesOf('ব্যারেল সাদিয়া')).toEqual([]);
  });

  it('holds quoted words in order, leaves out negatives, and asks the title alone', async () => {
    expect(await titlesOf('"উত্তর কোরিয়া"')).toEqual([modi?.title]);
    expect(await titlesOf('"কোরিয়া উত্তর"')).toEqual([]);
    expect(await titlesOf('সফর -কোরিয়া')).toEqual([]);
    expect(await titlesOf('সফর -"কোরিয়া উত্তর"')).toEqual([modi?.title]);
    expect(await titlesOf('title:সফর')).toEqual([modi?.title]);
    expect(await titlesOf('title:কোরিয়া')).toEqual([]);
  });

  it('lets no phrase reach from one field into the next', async () => {
    expect(await titlesOf('"ডলার রয়টার্স"')).toEqual([]);
    expect(await titlesOf('"রয়টার্স ব্যারেল"')).toEqual([]);
  });

  it.each([
    ['&tag=বিশ্ব', () => [putin, reuters]],
    ['&tag=খেলা', () => []],
    ['&tag=নেই', () => []],
    ['&source=পূর্বাকাশ', () => [putin]],
    ['&language=en', () => []],
    ['&language=en,bn', () => [putin, reuters]],
    ['&publishedFrom=YESTERDAY', () => [putin]],
    ['&publishedTo=YESTERDAY', () => [reuters]],
    ['&status=published', () => [putin, reuters]],
    ['&fields=title&limit=1', () => [putin]],
  ])('narrows by %s', async (rest, stories) => {
    for (const story of [putin, reuters]) await room.patch(story?.id ?? '', { excerpt: 'জোয়ারভাটার হিসাব' }).expect(200);
    const found = await titlesOf('জোয়ারভাটা', { rest: encodeURI(rest.replace('YESTERDAY', daysAgo(1.5))) });
    expect(found).toEqual(stories().map((story) => story?.title));
  });

  it('comes newest first through every window of time, page by page, each once', async () => {
    const ages = [0.1, 3, 33, 70, 100, 200, 380, 500, 700, 900, 1_300, 2_200, 4_000];
    const made: string[] = [];
    for (const age of ages) made.push((await published({ title: 'শীতলক্ষ্যার পাড়' }, age)).id);
    const ofOld = async (publishedAt: string) =>
      (await room.story({ title: 'শীতলক্ষ্যার পাড়ে', status: 'published', publishedAt })).id;
    for (const instant of ['1971-12-16T10:00:00Z', `${String(yearMin).padStart(4, '0')}-01-02T00:00:00Z`])
      made.push(await ofOld(instant));
    for (const limit of [1, 4, 100]) {
      for (const q of ['শীতলক্ষ্যা', 'শীতলক্ষ্যা পাড়', 'শীতলক্ষ্যা -নদী', '"শীতলক্ষ্যার পাড়ে"']) {
        const items = await walk(room.app, searchPath(q, `&limit=${limit}`));
        expect([q, ...items.map(({ id }) => id)]).toEqual([q, ...made]);
      }
    }
  });

  it('finds words that met often in other years and not since, or hardly ever, each once and newest first', async () => {
    const often = Array.from({ length: 200 }, (_, index) => ({
      title: 'জোনাকি দেখা',
      publishedAt: daysAgo(600 + 4 * index),
    }));
    await plantStories(room.app, [...often, { title: 'জোনাকি দেখা মাঠ', publishedAt: daysAgo(900.5) }]);
    await plantStories(room.app, [{ title: 'জোনাকি', publishedAt: daysAgo(2) }]);
    await room.app.services.fillEntries(new AbortController().signal);
    const published = async (q: string) =>
      (await walk(room.app, searchPath(q, '&limit=30'))).map((item) => item.publishedAt);
    const found = await published('জোনাকি দেখা');
    expect(found).toHaveLength(201);
    expect(found).toEqual([...new Set(found)].sort().reverse());
    expect(await published('জোনাকি মাঠ')).toHaveLength(1);
  }, 60_000);

  it('answers 400 for an empty q and for too many words, and an empty page where no word is left', async () => {
    const refused = async (q: string) => (await room.as(null, 'get', searchPath(q)).expect(400)).body.errors[0];
    expect(await refused('')).toMatchObject({ in: 'query', pointer: '/q' });
    expect(await refused('ক খ গ ঘ চ ছ জ ঝ ট ঠ ড ঢ ত')).toMatchObject({ in: 'query', pointer: '/q' });
    await room.as(null, 'get', '/v1/search').expect(400);
    for (const q of ['!!!', '-নদী', '"', '।']) {
      const { body } = await room.as(null, 'get', searchPath(q)).expect(200);
      expect(body).toEqual({ data: [], page: { nextCursor: null } });
    }
  });

  it('is not broken by what means something to PostgreSQL', async () => {
    for (const q of [
      "'",
      "''",
      '\\',
      "a'b",
      'ক:*',
      '!(ক|খ)',
      '<->',
      "'@u'",
      '@spublished',
      '^নদী',
      '=নদী',
      'ﷺ'.repeat(3),
      'দ'.repeat(200),
      '𓀀'.repeat(200),
    ])
      expect([q, (await room.as(null, 'get', searchPath(q))).status]).toEqual([q, 200]);
    for (const q of ['ﷺ'.repeat(200), '<->'.repeat(60)])
      expect([200, 400]).toContain((await room.as(null, 'get', searchPath(q))).status);
    const { id } = await published(
      { title: "O'Neill \\ back'slash", body: `${'দীর্ঘ'.repeat(9_000)} শেষেরকথা`, bodyFormat: 'text' },
      1,
    );
    expect(idsOf((await room.as(null, 'get', searchPath("O'Neill backslash")).expect(200)).body)).toEqual([id]);
  });

  it('follows each change of words, labels and state in the same moment', async () => {
    const { id } = await room.story({ title: 'কচুরিপানার কাগজ' });
    const seen = async (q: string, as: Caller = null) =>
      idsOf((await room.as(as, 'get', searchPath(q)).expect(200)).body);
    expect(await seen('কচুরিপানা')).toEqual([]);
    expect(await seen('কচুরিপানা', 'editor')).toEqual([id]);
    await room.step('publish', id).expect(200);
    expect(await seen('কচুরিপানা')).toEqual([id]);
    await room.patch(id, { title: 'শাপলার কাগজ' }).expect(200);
    expect(await seen('কচুরিপানা')).toEqual([]);
    expect(await seen('শাপলা')).toEqual([id]);
    await room.step('archive', id).expect(200);
    expect(await seen('শাপলা')).toEqual([]);
    expect(await seen('শাপলা', 'editor')).toEqual([id]);
    await room.trash(id).expect(204);
    expect(await seen('শাপলা', 'editor')).toEqual([]);
    const inTrash = await room.as('editor', 'get', searchPath('শাপলা', '&status=trash')).expect(200);
    expect(idsOf(inTrash.body)).toEqual([id]);
  });
});
