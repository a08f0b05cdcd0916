import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type OlderDatabase, openOlderDatabase } from '../support/older-database.ts';

let older: OlderDatabase;
beforeAll(async () => {
  older = await openOlderDatabase();
});
afterAll(() => older.drop());

const query = (text: string, values: unknown[] = []) => older.query(text, values);

const article = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b10';
const gone = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
const tag = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b20';
const [first, second, source] = [21, 22, 23].map((last) => `0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b${last}`);

const event = (type: string, subjectId: string, version: number, at: string, data: object = {}) =>
  query(
    `INSERT INTO events (id, type, subject_type, subject_id, version, at, keys, data)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, ARRAY[$6, 'latest', 'latest:lang:bn', 'redirects'], $7)`,
    [type, type.split('.')[0]?.replace('draft', 'article'), subjectId, version, at, `article:${subjectId}`, data],
  );

const revision = (version: number, snapshot: object) =>
  query(`INSERT INTO revisions (article_id, version, step, snapshot) VALUES ($1, $2, 'update', $3)`, [
    article,
    version,
    { slug: 'হাটের-দিন', language: 'bn', source: { id: source }, tags: [{ id: first }, { id: second }], ...snapshot },
  ]);

it('the events of an older newsroom say what strangers saw, as far as revisions and other events tell', async () => {
  // Events are not numbered yet, and do not say what strangers saw.
  await older.apply((name) => name < '20261128140000_changes');
  await query(
    `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status)
     VALUES ($1, 'bn', 'হাটের-দিন', true, 'হাটের দিন', '', 'html', '', 'draft')`,
    [article],
  );
  const dates = { publishedAt: '2026-03-05T06:00:00.000Z', expiresAt: null };
  await revision(1, { status: 'draft', publishedAt: null, expiresAt: null });
  await revision(2, { status: 'scheduled', ...dates });
  await revision(3, { status: 'published', ...dates, slug: 'হাট' });
  await revision(4, { status: 'published', ...dates, slug: 'হাট', expiresAt: '2026-03-07T00:00:00.000Z', tags: [] });
  await revision(5, { status: 'draft', ...dates, slug: 'হাট', expiresAt: '2026-03-07T00:00:00.000Z', tags: [] });
  await event('article.created', article, 1, '2026-03-01T06:00:00Z');
  await event('article.published', article, 2, '2026-03-02T06:00:00Z');
  await event('article.updated', article, 3, '2026-03-06T06:00:00Z');
  await event('draft.updated', article, 3, '2026-03-06T06:30:00Z');
  await event('article.updated', article, 4, '2026-03-06T07:00:00Z');
  await event('article.unpublished', article, 5, '2026-03-08T06:00:00Z');
  await event('article.published', gone, 2, '2026-03-01T06:00:00Z');
  await event('tag.created', tag, 1, '2026-03-01T06:00:00Z', { slug: 'haat' });
  await event('tag.updated', tag, 2, '2026-03-01T07:00:00Z', { slug: 'haat-bazar' });
  await event('tag.merged', tag, 2, '2026-03-01T08:00:00Z', { slug: 'haat-bazar', into: first });
  await event('user.created', gone, 1, '2026-03-01T06:00:00Z');
  await older.apply();

  const side = { slug: 'হাটের-দিন', tags: [first, second], source, language: 'bn' };
  const renamed = { ...side, slug: 'হাট' };
  const rows = await query('SELECT type, is_public, public_before, public_after FROM events ORDER BY seq');
  expect(rows.map(Object.values)).toEqual([
    ['article.created', false, null, null],
    ['article.scheduled', false, null, null],
    ['article.updated', true, side, renamed],
    ['draft.updated', false, null, null],
    ['article.updated', true, renamed, { ...renamed, tags: [] }],
    ['article.unpublished', false, null, null],
    ['article.published', false, null, null],
    ['tag.created', true, null, { slug: 'haat' }],
    ['tag.updated', true, { slug: 'haat' }, { slug: 'haat-bazar' }],
    ['tag.merged', true, { slug: 'haat-bazar' }, null],
    ['user.created', false, null, null],
  ]);
  const numbered = `SELECT c.public_position::int AS place FROM changes c JOIN events e ON e.seq = c.event_seq
    WHERE e.is_public OR c.public_position IS NOT NULL ORDER BY c.position`;
  expect((await query(numbered)).map(({ place }) => place)).toEqual([1, 2, 3, 4, 5]);
  expect(await query('SELECT public_position::int AS last FROM changes_head')).toEqual([{ last: 5 }]);
  const named = await query(
    `SELECT type FROM events WHERE subject_type = 'article' AND NOT is_public AND cardinality(keys) > 1`,
  );
  expect(named).toEqual([]);
});
