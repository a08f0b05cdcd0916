import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, startApp, type TestApp } from '../../support/app.ts';
import { minutesAgo, plantLabels, plantStories } from '../../support/stories.ts';
import { type Item, idsOf, readPage, walk } from '../../support/walk.ts';

describe('GET /v1/articles?sort=', () => {
  let app: TestApp;
  let editor: Person;
  let author: Person;
  const same = minutesAgo(500);
  /** Of four code blocks; decomposed and composed; in capitals; with what sorts before letters. */
  const titles = [
    'খেলা',
    'Zebra',
    'apple',
    'Éclair',
    '১৯৭১',
    '2026',
    'ক',
    'কা',
    'ক খ',
    '‘উদ্ধৃতি’',
    '👩‍🌾 মাঠে',
    'যাত্রা',
    '-',
  ];
  const publicSorts = ['publishedAt', '-publishedAt', 'title', '-title'];
  const staffSorts = [...publicSorts, 'updatedAt', '-updatedAt'];

  beforeAll(async () => {
    app = await startApp();
    editor = await app.person('editor');
    author = await app.person('author');
    await plantLabels(app, 'tags', ['সমান', 'শিরোনাম', 'ক্রম']);
    const equal = { publishedAt: same, title: 'একই শিরোনাম', updatedAt: same, tags: ['সমান'], createdById: author.id };
    await plantStories(app, [
      ...Array.from({ length: 25 }, () => equal),
      ...Array.from({ length: 5 }, (_, index) => ({ ...equal, publishedAt: minutesAgo(600 + index) })),
      ...titles.map((title) => ({ title, tags: ['শিরোনাম'] })),
      ...[3, 1, 2, 1].map((hours) => ({ publishedAt: minutesAgo(hours * 60), tags: ['ক্রম'] })),
      ...[5, 4].map((updated) => ({ status: 'draft' as const, tags: ['ক্রম'], updatedAt: minutesAgo(updated) })),
      { status: 'draft', publishedAt: minutesAgo(90), tags: ['ক্রম'], updatedAt: minutesAgo(3) },
    ]);
  });
  afterAll(() => app.close());

  const walkIds = async (query: string, person?: Person) =>
    (await walk(app, `/v1/articles?${encodeURI(query)}`, { ...(person && { person }) })).map(({ id }) => id);

  it('walks 25 articles of one date, title and change, and 5 dated earlier, each once and twice in one order', async () => {
    for (const [person, sorts] of [
      [undefined, publicSorts],
      [editor, staffSorts],
      [author, staffSorts],
    ] as const) {
      for (const sort of sorts) {
        const query = `sort=${sort}&limit=7&tag=সমান`;
        const first = await walkIds(query, person);
        expect(await walkIds(query, person)).toEqual(first);
        expect(new Set(first).size).toBe(30);
        expect(first).toHaveLength(30);
      }
    }
  });

  it('gives descending the exact reverse of ascending, ties included, for every key', async () => {
    for (const key of ['publishedAt', 'title', 'updatedAt']) {
      for (const person of key === 'updatedAt' ? [editor] : [undefined, editor]) {
        const up = await walkIds(`sort=${key}&limit=100`, person);
        expect(await walkIds(`sort=-${key}&limit=100`, person)).toEqual([...up].reverse());
      }
    }
  });

  it('sorts titles by code point, whatever the language of the server', async () => {
    const [icu] = await app.sql(
      `SELECT coalesce(max(collname), 'default') AS name FROM pg_collation WHERE collname = 'und-x-icu'`,
    );
    await app.sql(`ALTER TABLE articles ALTER COLUMN title TYPE text COLLATE "${icu?.name}"`);
    const inOrder = [...titles]
      .map((title) => title.normalize('NFC'))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const person of [undefined, editor]) {
      const items: Item[] = await walk(app, `/v1/articles?sort=title&limit=4&tag=${encodeURIComponent('শিরোনাম')}`, {
        ...(person && { person }),
      });
      expect(items.map(({ title }) => title)).toEqual(inOrder);
    }
  });

  it('sorts by publication for readers and for staff, who see what has no date before all that has one', async () => {
    const dates = async (sort: string, person?: Person) =>
      (await readPage(app, `/v1/articles?sort=${sort}&tag=${encodeURIComponent('ক্রম')}`, person)).data.map(
        ({ publishedAt }) => publishedAt,
      );
    const newestFirst = (all: unknown[]) => [...all].sort((a, b) => String(b).localeCompare(String(a)));
    const readers = await dates('-publishedAt');
    expect(readers).toHaveLength(4);
    expect(readers).toEqual(newestFirst(readers));
    const staff = await dates('-publishedAt', editor);
    expect(staff).toHaveLength(7);
    expect(staff.slice(0, 2)).toEqual([null, null]);
    expect(staff.slice(2)).toEqual(newestFirst(staff.slice(2)));
    expect(await dates('publishedAt', editor)).toEqual([...staff].reverse());
  });

  it('walks over articles without a date one by one, from either side', async () => {
    const all = idsOf(await readPage(app, '/v1/articles?sort=-publishedAt&limit=100', editor));
    expect(await walkIds('sort=-publishedAt&limit=1&tag=ক্রম', editor)).toEqual(
      (await walkIds('sort=publishedAt&limit=1&tag=ক্রম', editor)).reverse(),
    );
    expect(await walkIds('sort=-publishedAt&limit=9', editor)).toEqual(all);
  });

  it('goes on in its order when the row of the cursor has another title, date or change meanwhile', async () => {
    for (const [sort, change] of [
      ['title', `title = 'অন্য শিরোনাম'`],
      [
        'publishedAt',
        `published_at = published_at - interval '1 year', first_published_at = first_published_at - interval '1 year'`,
      ],
      ['-updatedAt', 'updated_at = now()'],
    ]) {
      const path = `/v1/articles?sort=${sort}&limit=5&tag=${encodeURIComponent('সমান')}`;
      const all = await walkIds(`sort=${sort}&limit=100&tag=সমান`, editor);
      const first = await readPage(app, path, editor);
      await app.sql(`UPDATE articles SET ${change} WHERE id = $1`, [first.data.at(-1)?.id]);
      const rest = await readPage(
        app,
        `${path.replace('limit=5', 'limit=100')}&after=${first.page.nextCursor}`,
        editor,
      );
      expect(idsOf(rest).filter((id) => id !== first.data.at(-1)?.id)).toEqual(all.slice(5));
    }
  });
});
