import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../../support/app.ts';
import { plantLabels, plantStories } from '../../support/stories.ts';
import { readPage } from '../../support/walk.ts';

/** The n-th Sunday of a month, as `YYYY-MM-DD`. */
const sunday = (year: number, month: number, nth: number): string => {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const day = 1 + ((7 - first.getUTCDay()) % 7) + (nth - 1) * 7;
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
};

describe('GET /v1/articles by date of publication', () => {
  let dhaka: TestApp;
  /** The same data, served from a newsroom in New York, on a database whose own zone is that too. */
  let newYork: TestApp;

  const times = [
    // Either side of both ends of 1 May 2024 in Dhaka (UTC+6).
    '2024-04-30T17:59:59.999Z',
    '2024-04-30T18:00:00.000Z',
    '2024-05-01T17:59:59.999Z',
    '2024-05-01T18:00:00.000Z',
    // New York: 10 March 2024 has 23 hours, 3 November 25.
    '2024-03-10T04:59:59.999Z',
    '2024-03-10T05:00:00.000Z',
    '2024-03-11T03:59:59.999Z',
    '2024-03-11T04:00:00.000Z',
    '2024-11-03T03:59:59.999Z',
    '2024-11-03T04:00:00.000Z',
    '2024-11-04T04:59:59.999Z',
    '2024-11-04T05:00:00.000Z',
  ];

  beforeAll(async () => {
    dhaka = await startApp();
    const name = new URL(dhaka.databaseUrl).pathname.slice(1);
    await dhaka.sql(`ALTER DATABASE "${name}" SET timezone TO 'America/New_York'`);
    newYork = await startApp({ TIME_ZONE: 'America/New_York' }, { databaseUrl: dhaka.databaseUrl });
    await plantLabels(dhaka, 'tags', ['কৃষি', 'নদী']);
    await plantLabels(dhaka, 'sources', ['বাসস']);
    await plantStories(
      dhaka,
      times.map((publishedAt) => ({ publishedAt, tags: ['কৃষি', 'নদী'], source: 'বাসস' })),
    );
    await plantStories(dhaka, [{ status: 'draft' }]);
  });
  afterAll(async () => {
    await newYork.close();
    await dhaka.close();
  });

  const found = async (app: TestApp, query: string) =>
    (await readPage(app, `/v1/articles?sort=publishedAt&limit=100&${query}`)).data.map(
      ({ publishedAt }) => publishedAt,
    );
  const between = (from: string, to: string) => times.filter((time) => time >= from && time < to).sort();

  it('takes publishedFrom in and leaves publishedTo out, to the millisecond', async () => {
    for (const [from, to] of [
      ['2024-04-30T18:00:00.000Z', '2024-05-01T18:00:00.000Z'],
      ['2024-05-01T00:00:00%2B06:00', '2024-05-02T00:00:00%2B06:00'],
      ['2024-04-30T13:00:00-05:00', '2024-05-01T23:30:00%2B05:30'],
      ['2024-04-30t18:00:00z', '2024-05-01T18:00:00.0009Z'],
    ]) {
      expect(await found(dhaka, `publishedFrom=${from}&publishedTo=${to}`)).toEqual([
        '2024-04-30T18:00:00.000Z',
        '2024-05-01T17:59:59.999Z',
      ]);
    }
    expect(await found(dhaka, 'publishedFrom=2024-05-01T18:00:00Z&publishedTo=2024-05-01T18:00:00Z')).toEqual([]);
    expect(await found(dhaka, 'publishedFrom=2024-05-02&publishedTo=2024-04-02')).toEqual([]);
  });

  it('takes a bare date as that whole day in Dhaka, at both ends', async () => {
    const day = between('2024-04-30T18:00:00.000Z', '2024-05-01T18:00:00.000Z');
    expect(day).toHaveLength(2);
    expect(await found(dhaka, 'publishedFrom=2024-05-01&publishedTo=2024-05-01')).toEqual(day);
    expect(await found(dhaka, 'publishedFrom=2024-05-01')).toEqual(between('2024-04-30T18:00:00.000Z', '3'));
    expect(await found(dhaka, 'publishedTo=2024-05-01')).toEqual(between('', '2024-05-01T18:00:00.000Z'));
    expect(await found(dhaka, 'publishedFrom=2024-04-30&publishedTo=2024-05-01T18:00:00Z')).toEqual(
      between('2024-04-29T18:00:00.000Z', '2024-05-01T18:00:00.000Z'),
    );
  });

  it.each([
    ['2024-03-10', '2024-03-10T05:00:00.000Z', '2024-03-11T04:00:00.000Z'],
    ['2024-11-03', '2024-11-03T04:00:00.000Z', '2024-11-04T05:00:00.000Z'],
    ['2024-05-01', '2024-05-01T04:00:00.000Z', '2024-05-02T04:00:00.000Z'],
  ])('takes %s in New York as its 23, 25 or 24 hours', async (day, from, to) => {
    expect(between(from, to)).toHaveLength(2);
    expect(await found(newYork, `publishedFrom=${day}&publishedTo=${day}`)).toEqual(between(from, to));
  });

  it.each([
    'tag=কৃষি',
    'tag=কৃষি,নদী',
    'source=বাসস',
    'language=bn',
    'status=published',
    'tag=নদী&source=বাসস&language=bn,en',
  ])('keeps both ends beside %s, in every order, for readers and staff', async (filter) => {
    const day = between('2024-04-30T18:00:00.000Z', '2024-05-01T18:00:00.000Z');
    const editor = await dhaka.person('editor');
    for (const person of [undefined, editor]) {
      for (const sort of ['publishedAt', '-publishedAt', 'title']) {
        const query = `publishedFrom=2024-05-01&publishedTo=2024-05-01&sort=${sort}&${encodeURI(filter)}`;
        const { data } = await readPage(dhaka, `/v1/articles?${query}`, person);
        const dates = data.map(({ publishedAt }) => publishedAt);
        if (sort === '-publishedAt') expect(dates).toEqual([...day].reverse());
        else expect(dates).toEqual(expect.arrayContaining(day));
        expect(dates).toHaveLength(day.length);
      }
    }
  });

  it('lays days end to end: each article is in exactly one', async () => {
    for (const app of [dhaka, newYork]) {
      const days = ['2024-11-02', '2024-11-03', '2024-11-04'];
      const lists = await Promise.all(days.map((day) => found(app, `publishedFrom=${day}&publishedTo=${day}`)));
      expect(lists.flat()).toEqual(times.slice(8));
    }
  });

  it('reads an offset with %2B, and says how to write one that came with a raw +', async () => {
    expect(await found(dhaka, 'publishedFrom=2024-05-02T00:00:00%2B06:00')).toEqual(
      between('2024-05-01T18:00:00.000Z', '3'),
    );
    for (const name of ['publishedFrom', 'publishedTo']) {
      const { body } = await dhaka.request('get', `/v1/articles?${name}=2024-05-02T00:00:00+06:00`).expect(400);
      expect(body).toMatchObject({ code: 'invalid-input', errors: [{ in: 'query', pointer: `/${name}` }] });
      expect(body.errors[0].detail).toContain('%2B');
    }
  });

  it.each([
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '2024-1-1',
    '24-01-01',
    '0000-01-01',
    '1899-12-31',
    '2201-01-01',
    '20240501',
    '2024-05-01T00:00:00',
    '2024-05-01T00:00:00%2B0600',
    '2024-05-01 00:00:00Z',
    '2024-05-01T24:00:00Z',
    '2024-06-30T23:59:60Z',
    '2024-05-01T00:00:00%2B16:00',
    '%2B275760-09-13T00:00:00Z',
    '1714500000',
    '1',
    'infinity',
    'now',
    'hello 1',
    '২০২৪-০৫-০১',
    '2024-05-01,2024-05-02',
    '2024-05-01%00',
  ])('refuses the date %s', async (value) => {
    const { body } = await dhaka
      .request('get', `/v1/articles?publishedFrom=${encodeURI(value).replaceAll('%25', '%')}`)
      .expect(400);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: '/publishedFrom' }]);
  });

  it('lists scheduled articles by instant across a change of daylight saving', async () => {
    const editor = await newYork.person('editor');
    const year = new Date().getUTCFullYear() + 1;
    const [march, november] = [sunday(year, 3, 2), sunday(year, 11, 1)];
    const wanted = [
      [`${november}T01:30:00-05:00`, `${november}T06:30:00.000Z`],
      [`${march}T02:30:00-05:00`, `${march}T07:30:00.000Z`],
      [`${november}T01:30:00-04:00`, `${november}T05:30:00.000Z`],
    ] as const;
    const ids = await plantStories(newYork, [...wanted.map(() => ({ status: 'draft' as const })), { status: 'draft' }]);
    const publish = (index: number, at: string) =>
      newYork
        .request('post', `/v1/articles/${ids[index]}/publish`)
        .set(...bearer(editor))
        .set('If-Match', '*')
        .send({ at });
    for (const [index, [at, shown]] of wanted.entries()) {
      expect((await publish(index, at).expect(200)).body).toMatchObject({ status: 'scheduled', publishedAt: shown });
    }
    await publish(3, `${march}T02:30:00`).expect(400);
    for (const app of [dhaka, newYork]) {
      const { data } = await readPage(app, '/v1/articles?status=scheduled&sort=publishedAt', editor);
      expect(data.map(({ id, publishedAt }) => [id, publishedAt])).toEqual(
        [1, 2, 0].map((index) => [ids[index], wanted[index]?.[1]]),
      );
    }
  });
});
