import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, startApp, type TestApp } from '../../support/app.ts';
import { seeded } from '../../support/seeded.ts';
import { plantLabels } from '../../support/stories.ts';
import { walk } from '../../support/walk.ts';

type Row = {
  id: string;
  title: string;
  language: string;
  status: string;
  published: string | null;
  expires: string | null;
  updated: string;
  created_by_id: string | null;
  deleted: boolean;
  source: string | null;
  tags: string[];
};

const tagNames = ['কৃষি', 'খেলা', 'নদী', 'শিক্ষা', 'বাজার'];
const sourceNames = ['বাসস', 'রয়টার্স', 'এএফপি'];
const languages = ['bn', 'bn-BD', 'en'];
const words = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'];

/** 300 articles of every kind: with few different dates and titles, so that ties are many. */
const plant = `
  WITH made AS (SELECT g, random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6, random() AS r7
    FROM generate_series(1, 300) g)
  INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, source_id, status, published_at,
    first_published_at, expires_at, created_by_id, updated_at, deleted_at)
  SELECT md5('model' || g)::uuid, ($1::text[])[1 + floor(r1 * 3)], 'model-' || g, true, 'খবর ' || floor(r2 * 40), 'লেখা', 'text', '<p>লেখা</p>',
    (SELECT id FROM sources ORDER BY slug OFFSET floor(r3 * 4) LIMIT 1),
    (ARRAY['draft', 'review', 'archived', 'published', 'published', 'published', 'published', 'published'])[1 + floor(r4 * 8)],
    date_trunc('hour', now()) - interval '1 hour' * floor(r5 * 60 - 6), date_trunc('hour', now()) - interval '1 hour' * floor(r5 * 60 - 6),
    CASE WHEN r6 < 0.3 THEN date_trunc('hour', now()) - interval '1 hour' * floor(r5 * 60 - 6) + interval '30 hours' END,
    CASE WHEN r7 < 0.3 THEN $2::uuid WHEN r7 < 0.6 THEN $3::uuid END,
    date_trunc('hour', now()) - interval '1 hour' * floor(r6 * 20), CASE WHEN r2 < 0.1 THEN now() END
  FROM made`;

const undated = `UPDATE articles SET published_at = NULL, first_published_at = NULL, expires_at = NULL
  WHERE status IN ('draft', 'review') AND substr(slug, 7)::int % 3 > 0`;

const tag = `INSERT INTO article_tags (article_id, tag_id, position)
  SELECT a.id, t.id, row_number() OVER (PARTITION BY a.id) - 1 FROM (SELECT * FROM articles ORDER BY id) a CROSS JOIN LATERAL (SELECT * FROM tags ORDER BY slug) t WHERE random() < 0.25`;

/** In the trash, so that they are in no list, yet so many that two tags and a source are no longer rare. */
const crowd = `
  WITH made AS (INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, source_id, status, deleted_at)
    SELECT md5('crowd' || g)::uuid, 'bn', 'crowd-' || g, true, 'খবর', 'লেখা', 'text', '<p>লেখা</p>',
      (SELECT id FROM sources WHERE slug = 'বাসস'), 'draft', now() FROM generate_series(1, 1100) g RETURNING id)
  INSERT INTO article_tags (article_id, tag_id, position)
  SELECT made.id, t.id, row_number() OVER (PARTITION BY made.id) - 1 FROM made, tags t WHERE t.slug IN ('কৃষি', 'খেলা')`;

/** Asks so many random queries. */
export const askAtRandom = (queries: number) =>
  describe('every list is what its rows say', () => {
    let app: TestApp;
    let author: Person;
    let viewer: Person;
    let editor: Person;
    let rows: Row[];
    let now: string;

    beforeAll(async () => {
      app = await startApp();
      author = await app.person('author');
      viewer = await app.person('viewer');
      editor = await app.person('editor');
      await plantLabels(app, 'tags', tagNames);
      await plantLabels(app, 'sources', sourceNames);
      const client = await app.deps.db.pool.connect();
      await client.query('SELECT setseed(0.2026)');
      await client.query(plant, [languages, author.id, viewer.id]);
      await client.query(undated);
      await client.query(tag);
      await client.query(crowd);
      client.release();
      rows = await app.sql<Row>(
        `SELECT a.id::text, a.title, a.language, a.status, a.published_at::text AS published, a.expires_at::text AS expires, a.updated_at::text AS updated,
         a.created_by_id::text, a.deleted_at IS NOT NULL AS deleted, s.slug AS source,
         ARRAY(SELECT t.slug FROM article_tags at JOIN tags t ON t.id = at.tag_id WHERE at.article_id = a.id) AS tags
       FROM articles a LEFT JOIN sources s ON s.id = a.source_id WHERE a.slug LIKE 'model-%' ORDER BY a.id`,
      );
      now = String((await app.sql<{ now: string }>('SELECT now()::text AS now'))[0]?.now);
    });
    afterAll(() => app.close());

    const wordOf = (row: Row): string => {
      if (row.status !== 'published') return row.status;
      if (row.published !== null && row.published > now) return 'scheduled';
      return row.expires !== null && row.expires <= now ? 'expired' : 'published';
    };
    const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

    type Wanted = {
      who: Person | undefined;
      latest: boolean;
      sort: string;
      tags?: string[] | undefined;
      sources?: string[] | undefined;
      languages?: string[] | undefined;
      status?: string[] | undefined;
      ids?: string[] | undefined;
      from?: string | undefined;
      to?: string | undefined;
      exclude?: string[] | undefined;
    };

    const sees = (row: Row, { who, latest }: Wanted): boolean => {
      if (row.deleted) return false;
      if (wordOf(row) === 'published') return true;
      if (latest || who === undefined) return false;
      return who !== author || row.created_by_id === author.id;
    };

    const modelOf = (wanted: Wanted): string[] => {
      const any = (values: string[] | undefined, own: (string | null)[]) =>
        values === undefined || values.some((value) => own.includes(value));
      const keyOf = (row: Row) => {
        if (wanted.sort.endsWith('title')) return row.title;
        return wanted.sort.endsWith('updatedAt') ? row.updated : (row.published ?? 'infinity');
      };
      const direction = wanted.sort.startsWith('-') ? -1 : 1;
      return rows
        .filter((row) => sees(row, wanted))
        .filter((row) => any(wanted.tags, row.tags) && any(wanted.sources, [row.source]))
        .filter((row) => any(wanted.languages, [row.language]) && any(wanted.status, [wordOf(row)]))
        .filter((row) => any(wanted.ids, [row.id]) && !wanted.exclude?.includes(row.id))
        .filter((row) => wanted.from === undefined || (row.published !== null && instant(row.published) >= wanted.from))
        .filter((row) => wanted.to === undefined || (row.published !== null && instant(row.published) < wanted.to))
        .sort((a, b) => direction * (bytes(keyOf(a), keyOf(b)) || bytes(a.id, b.id)))
        .map(({ id }) => id);
    };

    const instant = (text: string) => new Date(text).toISOString();

    const pathOf = (wanted: Wanted, limit: number): string => {
      const lists = { tag: wanted.tags, source: wanted.sources, language: wanted.languages, status: wanted.status };
      const entries = Object.entries({ ...lists, ids: wanted.ids, exclude: wanted.exclude })
        .flatMap(([name, values]) => (values ? [`${name}=${values.map(encodeURIComponent).join()}`] : []))
        .concat(wanted.from ? [`publishedFrom=${wanted.from}`] : [], wanted.to ? [`publishedTo=${wanted.to}`] : [])
        .concat(wanted.latest ? [] : [`sort=${wanted.sort}`], `limit=${limit}`);
      return `/v1/${wanted.latest ? 'latest' : 'articles'}?${entries.join('&')}`;
    };

    const random = seeded(20_261_125);

    const draw = (): Wanted => {
      const latest = random.chance(0.3);
      const who = random.one<Person | undefined>(author, viewer, editor, undefined, undefined);
      const staff = who !== undefined && !latest;
      const hours = () => new Date(Math.floor(Date.now() / 3_600_000 - random.below(50)) * 3_600_000).toISOString();
      const some = <Value>(values: readonly Value[], chance: number) =>
        random.chance(chance) ? random.several(values, 1 + random.below(3)) : undefined;
      return {
        who,
        latest,
        sort: latest
          ? '-publishedAt'
          : `${random.one('', '-')}${random.one('publishedAt', 'title', ...(staff ? ['updatedAt'] : []))}`,
        tags: some([...tagNames, 'নেই'], 0.4),
        sources: some(sourceNames, 0.3),
        languages: some(languages, 0.3),
        status: staff ? some(words, 0.4) : undefined,
        ids:
          latest || random.chance(0.85)
            ? undefined
            : random.several(
                rows.map(({ id }) => id),
                90,
              ),
        from: latest || random.chance(0.75) ? undefined : hours(),
        to: latest || random.chance(0.75) ? undefined : hours(),
        exclude:
          latest && random.chance(0.5)
            ? random.several(
                rows.map(({ id }) => id),
                90,
              )
            : undefined,
      };
    };

    it.each(Array.from({ length: queries }, (_, index) => index))(
      'random query %i: members and order, over all pages',
      async () => {
        const wanted = draw();
        const path = pathOf(wanted, random.one(3, 17, 50, 100));
        const model = modelOf(wanted);
        const items = await walk(app, path, { ...(wanted.who && { person: wanted.who }) });
        expect({ path, ids: items.map(({ id }) => id) }).toEqual({ path, ids: model });
        lengths.push(model.length);
      },
    );

    const lengths: number[] = [];

    it('drew queries that find much, little and nothing', () => {
      expect(lengths).toHaveLength(queries);
      expect(lengths.filter((length) => length > 20).length).toBeGreaterThan(queries / 8);
      expect(lengths.filter((length) => length > 0 && length <= 20).length).toBeGreaterThan(queries / 8);
    });
  });
