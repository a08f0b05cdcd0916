import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.ts';
import { minutesAgo, plantLabels, plantStories, type Story } from '../../support/stories.ts';
import { idsOf, walk } from '../../support/walk.ts';

type Label = { id: string; slug: string };

describe('GET /v1/latest, filtered', () => {
  let app: TestApp;
  let [farming, sport, covid]: Label[] = [];
  let [agency, desk]: Label[] = [];
  let stories: (Story & { id: string })[];
  const list = (query: string) => app.request('get', `/v1/latest?limit=100&${query}`);
  const slugOf = (label: Label | undefined) => label?.slug ?? '';

  beforeAll(async () => {
    app = await startApp();
    [farming, sport, covid] = await plantLabels(app, 'tags', ['কৃষি ও বাজার', 'খেলা', 'Covid 19', 'ফাঁকা']);
    [agency, desk] = await plantLabels(app, 'sources', ['রয়টার্স', 'নিজস্ব প্রতিবেদক', 'নীরব']);
    const tagSets = [[], [farming], [sport], [farming, sport], [sport, covid, farming]];
    const rows = tagSets.flatMap((tags) =>
      [undefined, agency, desk].flatMap((source) =>
        ['bn', 'bn-BD', 'en-US'].map((language): Story => {
          return { tags: tags.map(slugOf), ...(source && { source: source.slug }), language };
        }),
      ),
    );
    const dated = rows.map((story, index) => ({ ...story, publishedAt: minutesAgo(5 + ((index * 7) % 45)) }));
    const ids = await plantStories(app, dated);
    stories = dated.map((story, index) => ({ ...story, id: ids[index] ?? '' }));
  });
  afterAll(() => app.close());

  /** What the list must be: any value of each filter, every filter, newest first. */
  const expected = (wanted: { tags?: string[]; sources?: string[]; languages?: string[]; exclude?: string[] }) =>
    stories
      .filter(({ id, tags, source, language = '' }) => {
        const byTag = !wanted.tags || wanted.tags.some((slug) => tags?.includes(slug));
        const bySource = !wanted.sources || wanted.sources.some((slug) => slug === source);
        return byTag && bySource && (wanted.languages?.includes(language) ?? true) && !wanted.exclude?.includes(id);
      })
      .sort((a, b) => String(b.publishedAt).localeCompare(String(a.publishedAt)) || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id);

  const flags = [false, true];
  const combinations = flags.flatMap((tag) =>
    flags.flatMap((source) =>
      flags.flatMap((language) => flags.map((exclude) => ({ tag, source, language, exclude }))),
    ),
  );

  it.each([1, 2])(
    'matches every filter and any of %i values of each, in every combination, each item once',
    async (n) => {
      expect(combinations).toHaveLength(16);
      for (const { tag, source, language, exclude } of combinations) {
        const wanted = {
          ...(tag && { tags: [farming, sport].slice(0, n).map(slugOf) }),
          ...(source && { sources: [agency, desk].slice(0, n).map(slugOf) }),
          ...(language && { languages: ['bn', 'en-US'].slice(0, n) }),
          ...(exclude && { exclude: stories.slice(10, 10 + 12 * n).map(({ id }) => id) }),
        };
        const query = Object.entries(wanted).map(([name, values]) => `${name.replace(/s$/, '')}=${values.join()}`);
        const ids = expected(wanted);
        expect(ids.length).toBeGreaterThan(0);
        expect(idsOf((await list(encodeURI(query.join('&'))).expect(200)).body)).toEqual(ids);
      }
    },
  );

  it('gives an item with several of the wanted tags, sources or languages once, also over pages of every size', async () => {
    for (const filter of ['tag=কৃষি-ও-বাজার,খেলা,covid-19', 'source=রয়টার্স,নিজস্ব-প্রতিবেদক', 'language=bn,bn-BD,en-US']) {
      const whole = idsOf((await list(encodeURI(filter)).expect(200)).body);
      expect(new Set(whole).size).toBe(whole.length);
      for (const limit of [1, 4, 13]) {
        const items = await walk(app, `/v1/latest?limit=${limit}&${encodeURI(filter)}`);
        expect(items.map(({ id }) => id)).toEqual(whole);
      }
    }
  });

  it('finds a tag and a source by id, slug, other spelling and capitals, named twice too', async () => {
    const tagged = expected({ tags: [slugOf(covid)] });
    for (const value of [covid?.id, 'covid-19', 'COVID-19', 'Covid 19', 'covid-19,COVID-19,covid_19']) {
      expect(idsOf((await list(`tag=${encodeURIComponent(String(value))}`).expect(200)).body)).toEqual(tagged);
    }
    const sourced = expected({ sources: [slugOf(agency)] });
    for (const value of [agency?.id, 'রয়টার্স', 'র\u09DFটার্স', 'র\u09AF\u09BCটার্স', 'রয়টা\u200Cর্স']) {
      expect(idsOf((await list(`source=${encodeURIComponent(String(value))}`).expect(200)).body)).toEqual(sourced);
    }
    const mixed = `tag=${covid?.id},${encodeURIComponent('খেলা')}`;
    expect(idsOf((await list(mixed).expect(200)).body)).toEqual(expected({ tags: ['covid-19', 'খেলা'] }));
  });

  it('takes languages in any case, and exactly: bn does not take in bn-BD', async () => {
    for (const [asked, language] of [
      ['bn', 'bn'],
      ['BN', 'bn'],
      ['bn-bd', 'bn-BD'],
      ['BN-BD', 'bn-BD'],
      ['EN-us', 'en-US'],
    ]) {
      const ids = idsOf((await list(`language=${asked}`).expect(200)).body);
      expect(ids).toEqual(expected({ languages: [String(language)] }));
      expect(ids).toHaveLength(15);
    }
    for (const wrong of ['bn_BD', 'bengali', 'b', 'bn,', '*']) {
      const { body } = await list(`language=${wrong}`).expect(400);
      expect(body.errors).toMatchObject([{ in: 'query', pointer: '/language' }]);
    }
  });

  it.each([
    'tag=নেই',
    'tag=ফাঁকা',
    'source=নেই',
    'source=নীরব',
    'language=fr',
    'tag=0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11',
    'source=0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11,নেই',
    'tag=খেলা&source=নেই',
    'tag=নেই&language=bn',
  ])('answers ?%s, which matches nothing, with an empty list', async (query) => {
    const { body, headers } = await list(encodeURI(query)).expect(200);
    expect(body).toEqual({ data: [], page: { nextCursor: null } });
    expect(headers.link).toBeUndefined();
  });

  it('passes over unknown values beside known ones', async () => {
    const { body } = await list(encodeURI('tag=নেই,খেলা,আরেকটি')).expect(200);
    expect(idsOf(body)).toEqual(expected({ tags: ['খেলা'] }));
  });

  it('follows an article to another tag, source and language at once', async () => {
    const [id = ''] = await plantStories(app, [{ tags: ['খেলা'], source: slugOf(agency), language: 'fr' }]);
    const found = async (query: string) => idsOf((await list(encodeURI(query)).expect(200)).body).includes(id);
    const before = await Promise.all(['tag=খেলা', 'source=রয়টার্স', 'language=fr'].map(found));
    await app.sql(`UPDATE articles SET language = 'de', source_id = $2 WHERE id = $1`, [id, desk?.id]);
    await app.sql(`UPDATE article_tags SET tag_id = $2 WHERE article_id = $1`, [id, covid?.id]);
    const after = await Promise.all(
      ['tag=খেলা', 'source=রয়টার্স', 'language=fr', 'tag=covid-19', 'source=নিজস্ব-প্রতিবেদক', 'language=de'].map(found),
    );
    await app.sql('DELETE FROM articles WHERE id = $1', [id]);
    expect(before).toEqual([true, true, true]);
    expect(after).toEqual([false, false, false, true, true, true]);
  });

  it('takes 50 values of a filter and 100 ids to leave out, not one more, and names the limit', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `x${index}`).join();
    const ids = (count: number) =>
      Array.from({ length: count }, (_, index) => `0199f3c2-7a10-7cc3-9d5b-${String(index).padStart(12, '0')}`).join();
    expect((await list(`tag=${many(49)},${encodeURI('খেলা')}`).expect(200)).body.data).toHaveLength(27);
    await list(`source=${many(50)}&exclude=${ids(100)}`).expect(200);
    for (const [query, limit] of [
      [`tag=${many(51)}`, '50'],
      [`source=${many(51)}`, '50'],
      [`language=${Array.from({ length: 51 }, (_, index) => `en-x-a${index}`).join()}`, '50'],
      [`exclude=${ids(101)}`, '100'],
      [`exclude=${ids(300)}`, '100'],
    ]) {
      const { body } = await list(String(query)).expect(400);
      expect(body.errors[0].detail).toContain(limit);
    }
  });
});
