import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OlderDatabase, openOlderDatabase } from '../support/older-database.ts';
import { outside } from '../support/outside.ts';

const { newId } = outside;
const migration = '20261128120000_what_was';

type Kind = 'tag' | 'source';

let older: OlderDatabase;

const query = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
  older.query<Row>(text, values);

const record = async (kind: Kind, id: string, type: string, data: object): Promise<void> => {
  await query(
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data) VALUES ($1, $2, $3, $4, 1, '{}', $5)`,
    [newId(), `${kind}.${type}`, kind, id, JSON.stringify(data)],
  );
};
const live = async (kind: Kind, id: string, slug: string): Promise<void> => {
  await query(`INSERT INTO ${kind}s (id, slug, name, identity_key) VALUES ($1, $2::text, $2::text, $2::text)`, [
    id,
    slug,
  ]);
};

type Version = { slug: string; status: string; at: string; publishedAt?: string };

/** An article with the revisions that lead to what it is: the last one is its state. `first`: whether it was public once. */
async function article(versions: readonly Version[], more = 'NULL', first = '2025-01-01'): Promise<string> {
  const id = newId();
  const last = versions.at(-1);
  const status = last?.status === 'scheduled' ? 'published' : last?.status;
  await query(
    `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, published_at, first_published_at, deleted_at)
     VALUES ($1, 'bn', $2, false, 'হাট', '', 'html', '', $3, $4, $5, ${more})`,
    [id, last?.slug, status, last?.publishedAt ?? first, first],
  );
  for (const [index, { slug, status: shown, at, publishedAt = first }] of versions.entries()) {
    await query(`INSERT INTO revisions (article_id, version, step, snapshot, at) VALUES ($1, $2, 'update', $3, $4)`, [
      id,
      index + 1,
      JSON.stringify({ slug, status: shown, publishedAt }),
      at,
    ]);
  }
  return id;
}

beforeAll(async () => {
  older = await openOlderDatabase();
  const applied = await older.apply((name) => name < migration);
  expect(applied.length).toBeGreaterThan(5);
});
afterAll(() => older.drop());

describe('the names that labels had before', () => {
  const names = new Map<string, string>();
  const idOf = (name: string) => names.get(name) ?? '';
  const kinds: Kind[] = ['tag', 'source'];
  const owners = new Map<string, string>();
  const slugs = new Map<string, string>();

  beforeAll(async () => {
    for (const kind of kinds) {
      for (const name of ['renamed', 'first', 'second', 'heir', 'gone', 'taker', 'lost', 'owner'])
        names.set(`${kind} ${name}`, newId());
      const id = (name: string) => idOf(`${kind} ${name}`);
      // Renamed twice, then back to its first slug.
      await record(kind, id('renamed'), 'created', { slug: 'one' });
      await record(kind, id('renamed'), 'updated', { slug: 'two' });
      await record(kind, id('renamed'), 'updated', { slug: 'one' });
      await live(kind, id('renamed'), 'one');
      // Two that went over, one after the other.
      await record(kind, id('first'), 'created', { slug: 'early' });
      await record(kind, id('first'), 'updated', { slug: 'later' });
      await record(kind, id('second'), 'created', { slug: 'middle' });
      await record(kind, id('heir'), 'created', { slug: 'heir' });
      await record(kind, id('first'), 'merged', { slug: 'later', into: id('second') });
      await record(kind, id('second'), 'deleted', { slug: 'middle', into: id('heir') });
      await live(kind, id('heir'), 'heir');
      // One that had a slug last and went without an heir, and one that had it before.
      await record(kind, id('lost'), 'created', { slug: 'contested' });
      await record(kind, id('lost'), 'updated', { slug: 'elsewhere' });
      await live(kind, id('lost'), 'elsewhere');
      await record(kind, id('gone'), 'created', { slug: 'contested' });
      await record(kind, id('gone'), 'deleted', { slug: 'contested' });
      // A slug that is live is nobody's old one.
      await record(kind, id('taker'), 'created', { slug: 'shared' });
      await record(kind, id('taker'), 'updated', { slug: 'moved-on' });
      await live(kind, id('taker'), 'moved-on');
      await record(kind, id('owner'), 'created', { slug: 'shared' });
      await live(kind, id('owner'), 'shared');
    }
    const past = '2025-03-01';
    const at = (day: number) => `2025-03-0${day}`;
    const publicUnder = (slug: string) => ({ slug, status: 'published', at: at(1) });
    const kept: Record<string, string> = {
      'taken-back': await article([publicUnder('taken-back'), { slug: 'taken-back', status: 'draft', at: at(2) }]),
      archived: await article([publicUnder('archived'), { slug: 'archived', status: 'archived', at: at(2) }]),
      trashed: await article([publicUnder('trashed')], `'${past}'`),
      'again-ahead': await article([
        publicUnder('again-ahead'),
        { slug: 'again-ahead', status: 'scheduled', at: at(2), publishedAt: '2099-01-01' },
      ]),
      'came-due': await article([
        { slug: 'came-due', status: 'scheduled', at: at(1), publishedAt: at(2) },
        { slug: 'came-due', status: 'draft', at: at(3) },
      ]),
    };
    for (const [slug, id] of Object.entries(kept)) slugs.set(slug, id);
    const others = [
      await article([publicUnder('before'), { slug: 'only-a-draft-here', status: 'draft', at: at(2) }]),
      await article([
        publicUnder('before-2'),
        { slug: 'never-came', status: 'scheduled', at: at(2), publishedAt: at(4) },
        { slug: 'never-came', status: 'draft', at: at(3) },
      ]),
      await article([publicUnder('still-public')]),
    ];
    const x = others[2];
    for (const slug of [...Object.keys(kept), 'only-a-draft-here', 'never-came']) {
      await query('INSERT INTO slug_history (slug, article_id) VALUES ($1, $2)', [slug, x]);
      owners.set(slug, slugs.get(slug) ?? String(x));
    }
    expect(await older.apply()).toContain(migration);
  });

  it.each(kinds)('lead to the %s that is there, in one hop, or to nobody', async (kind) => {
    const rows = await query<{ was: string; id: string }>(
      `SELECT was, ${kind}_id AS id FROM label_history WHERE kind = $1 ORDER BY was`,
      [kind],
    );
    const id = (name: string) => idOf(`${kind} ${name}`);
    const expected: Record<string, string> = {
      two: id('renamed'),
      early: id('heir'),
      later: id('heir'),
      middle: id('heir'),
      [id('first')]: id('heir'),
      [id('second')]: id('heir'),
    };
    expect(Object.fromEntries(rows.map(({ was, id: led }) => [was, led]))).toEqual(expected);
  });

  it('of articles: a slug belongs to the last that was public under it, also while that is withdrawn', async () => {
    const rows = await query<{ slug: string; article_id: string }>('SELECT slug, article_id FROM slug_history');
    expect(Object.fromEntries(rows.map(({ slug, article_id }) => [slug, article_id]))).toEqual(
      Object.fromEntries(owners),
    );
  });
});
