import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storedStatuses } from '../../../src/article/lifecycle.ts';
import { type Caller, type Newsroom, openNewsroom, type Place, type Step } from '../../support/newsroom.ts';

/**
 * The table of steps, written out: for each caller and step one row, with the place that the article comes to, or the
 * status that refuses. `=` is a step that changes nothing. What is expired, archived or in the trash was public once.
 */
const places = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived', 'trash'] as const;
const desk = `
  submit     review    409       409       409       409       409       409
  return     409       draft     409       409       409       409       409
  publish    published published published =         published published 409
  unpublish  409       409       draft     draft     draft     409       409
  archive    archived  archived  archived  archived  archived  =         409
  restore    409       409       409       409       409       draft     draft
  trash      trash     trash     trash     trash     trash     trash     =`;
const table = {
  editor: desk,
  admin: desk,
  author: `
  submit     review    409       409       409       409       409       409
  return     403       403       403       403       403       403       403
  publish    403       403       403       403       403       403       403
  unpublish  403       403       403       403       403       403       403
  archive    403       403       403       403       403       403       403
  restore    403       403       403       403       403       403       draft
  trash      trash     403       403       403       403       403       =`,
  other: `
  submit     404       404       404       403       410       410       410
  return     403       403       403       403       403       403       403
  publish    403       403       403       403       403       403       403
  unpublish  403       403       403       403       403       403       403
  archive    403       403       403       403       403       403       403
  restore    404       404       404       403       410       410       410
  trash      404       404       404       403       410       410       410`,
  viewer: `
  submit     403       403       403       403       403       403       403
  return     403       403       403       403       403       403       403
  publish    403       403       403       403       403       403       403
  unpublish  403       403       403       403       403       403       403
  archive    403       403       403       403       403       403       403
  restore    403       403       403       403       403       403       403
  trash      403       403       403       403       403       403       403`,
  nobody: `
  submit     401       401       401       401       401       401       401
  return     401       401       401       401       401       401       401
  publish    401       401       401       401       401       401       401
  unpublish  401       401       401       401       401       401       401
  archive    401       401       401       401       401       401       401
  restore    401       401       401       401       401       401       401
  trash      401       401       401       401       401       401       401`,
} as const;

type Column = keyof typeof table;
type Cell = { caller: Column; step: Step | 'trash'; place: Place; outcome: string; id: string };

const steps: readonly (Step | 'trash')[] = ['submit', 'return', 'publish', 'unpublish', 'archive', 'restore', 'trash'];
const columns = ['editor', 'admin', 'author', 'other', 'viewer', 'nobody'] as const;

describe('the steps of an article', () => {
  let room: Newsroom;
  let cells: Cell[] = [];

  /** One article of the author for each cell, with its revision, put in its place by SQL. */
  async function plant(): Promise<Cell[]> {
    const rows = columns.flatMap((caller) =>
      table[caller]
        .trim()
        .split('\n')
        .flatMap((line) => {
          const [name, ...outcomes] = line.trim().split(/ +/);
          const step = steps.find((each) => each === name);
          if (step === undefined || outcomes.length !== places.length) throw new Error(`a line of the table: ${line}`);
          return places.map((place, index) => ({ caller, step, place, outcome: outcomes[index] ?? '' }));
        }),
    );
    const made = await room.app.sql<{ id: string }>(
      `WITH made AS (INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, status, created_by_id)
         SELECT gen_random_uuid(), 'bn', 'ঘাট-' || n, true, 'ঘাট', '', 'text', '', 'draft', $1 FROM generate_series(1, $2) n RETURNING id)
       INSERT INTO revisions (article_id, version, step, snapshot) SELECT id, 1, 'create', '{}' FROM made RETURNING article_id AS id`,
      [room.people.author.id, rows.length],
    );
    const planted = rows.map((row, index) => ({ ...row, id: made[index]?.id ?? '' }));
    for (const place of places) {
      const here = planted.filter((cell) => cell.place === place);
      await room.moveTo(
        place,
        here.map(({ id }) => id),
      );
    }
    return planted;
  }

  const take = ({ caller, step, id }: Cell) => {
    const as: Caller = caller === 'nobody' ? null : caller;
    if (step === 'trash') return room.trash(id, { as });
    const body = step === 'return' ? { note: 'সংখ্যাটি মিলিয়ে নিন।' } : undefined;
    return room.step(step, id, body, { as });
  };

  beforeAll(async () => {
    room = await openNewsroom();
    cells = await plant();
  });
  afterAll(() => room.close());

  it.each(columns.flatMap((caller) => steps.map((step) => ({ caller, step }))))(
    'has for $caller and $step from every place the outcome of the table',
    async ({ caller, step }) => {
      const row = cells.filter((cell) => cell.caller === caller && cell.step === step);
      const found: string[] = [];
      for (const cell of row) {
        const { status, body } = await take(cell);
        const unchanged = cell.outcome === '=' && (status === 204 || body.version === 1);
        if (status >= 400) found.push(String(status));
        else if (unchanged) found.push('=');
        else found.push(status === 204 ? 'trash' : body.status);
        if (status === 409) expect(body).toMatchObject({ code: 'wrong-state', place: cell.place });
      }
      expect(found).toEqual(row.map(({ outcome }) => outcome));
    },
  );

  it('has tried every place', () => {
    expect(cells).toHaveLength(columns.length * steps.length * places.length);
  });

  it('left each article in its place with a version, a revision and an event, or as it was', async () => {
    const rows = await room.app.sql<{ id: string; place: string; version: number; revisions: number; events: number }>(
      `SELECT a.id, a.version, CASE WHEN a.deleted_at IS NOT NULL THEN 'trash' WHEN a.status <> 'published' THEN a.status
         WHEN a.published_at > now() THEN 'scheduled' WHEN a.expires_at <= now() THEN 'expired' ELSE 'published' END AS place,
         (SELECT count(*)::int FROM revisions r WHERE r.article_id = a.id) AS revisions,
         (SELECT count(*)::int FROM events e WHERE e.subject_id = a.id) AS events FROM articles a`,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const wrong = cells.filter(({ id, place, outcome }) => {
      const stays = outcome === '=' || /^4/.test(outcome);
      const version = stays ? 1 : 2;
      const row = byId.get(id);
      const counts = row?.version === version && row.revisions === version && row.events === version - 1;
      return !counts || row.place !== (stays ? place : outcome);
    });
    expect(wrong).toEqual([]);
  });

  it('are of the states that the database allows', async () => {
    const [check] = await room.app.sql<{ text: string }>(
      "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'articles_status_check'",
    );
    const allowed = [...(check?.text ?? '').matchAll(/'(\w+)'/g)].map(([, state]) => state);
    expect(allowed.sort()).toEqual([...storedStatuses].sort());
  });

  it('left no article that the table forbids: what is published has its dates, and versions have no gaps', async () => {
    const broken = await room.app.sql(
      `SELECT a.id FROM articles a WHERE
         (a.status = 'published' AND (a.published_at IS NULL OR a.first_published_at IS NULL))
         OR (a.expires_at <= a.published_at)
         OR (SELECT array_agg(r.version ORDER BY r.version) FROM revisions r WHERE r.article_id = a.id)
            IS DISTINCT FROM (SELECT array_agg(n) FROM generate_series(1, a.version) n)`,
    );
    expect(broken).toEqual([]);
  });
});
