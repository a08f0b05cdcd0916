import { cacheKeys, keySql, keysOfDue } from '../../core/cache-keys.ts';
import { newId } from '../../core/ids.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { listKeysSql, type Seen, storyKeysSql } from '../cache-keys.ts';
import { type Content, listed } from '../content.ts';
import { sideSql } from '../public-side.ts';
import { endsHorizonSeconds, horizonSeconds, otherEditionSqlOf } from '../read/view-sql.ts';
import { thisMoment } from './stored-sql.ts';

/**
 * Events for what time alone does to articles. The table `due` has a row for each future instant at which an article
 * becomes public or expires; the change that sets the instant writes it. After the instant the row is removed and an event
 * recorded, exactly once. What readers see does not wait for that, and version and ETag stay.
 */

type Instant = { what: 'published' | 'expired'; at: string };

const same = (a: Instant) => (b: Instant) => a.what === b.what && a.at === b.at;

const instantsOf = (content: Content): Instant[] => {
  if (!listed(content)) return [];
  const { publishedAt, expiresAt } = content;
  return [
    ...(publishedAt === null ? [] : [{ what: 'published', at: publishedAt } as const]),
    ...(expiresAt === null ? [] : [{ what: 'expired', at: expiresAt } as const]),
  ];
};

/** How the public sees an article, if these instants are still in the future. */
function seenWith(content: Content, due: readonly Instant[]): Seen {
  const awaits = (what: Instant['what']) => due.some((one) => one.what === what);
  const scheduled = awaits('published');
  const over = content.expiresAt !== null && !awaits('expired');
  return { content, scheduled, shown: listed(content) && !scheduled && !over };
}

/** The most rows that one statement takes. */
const dueBatch = 500;

/**
 * Takes rows whose instant has passed, of all articles or of those in `$2`. The article is locked first, as in every
 * change. It is skipped if another transaction holds it, or has changed it since this statement began. A row that does not
 * agree with its article (an older release of the program has changed the article), or whose instant is recorded already, is
 * removed without an event. `OFFSET 0`: articles and events are looked up by id, one at a time. How many fall due, the planner
 * cannot know; where its statistics were old it read all that is public anew for each.
 */
const takeSql = (which: '' | 'a.id = ANY($2::uuid[]) AND ') => `WITH held AS (
    SELECT d.article_id, d.what, a.version FROM @due d JOIN @articles a ON a.id = d.article_id
    WHERE ${which}d.at <= statement_timestamp() ORDER BY d.at, d.article_id LIMIT ${dueBatch} FOR NO KEY UPDATE OF a SKIP LOCKED
  ), gone AS (
    DELETE FROM @due d USING held h JOIN @articles a ON a.id = h.article_id AND a.version = h.version
    WHERE d.article_id = h.article_id AND d.what = h.what RETURNING d.article_id, d.what, d.at
  ), placed AS (
    SELECT g.article_id, g.what, g.at, row_number() OVER (ORDER BY g.at, g.article_id) AS place FROM gone g
  ), told AS (
    INSERT INTO @events (id, type, subject_type, subject_id, version, at, keys, data, is_public, public_before, public_after)
    SELECT ($1::uuid[])[p.place], 'article.' || p.what, 'article', a.id, a.version, p.at,
      ARRAY[${keySql('a:', 'a.id')}, '${cacheKeys.redirects}'] || ${listKeysSql}
        || CASE WHEN EXISTS (${otherEditionSqlOf('a.id', 'coalesce(a.story_id, a.id)')}) THEN ${storyKeysSql('coalesce(a.story_id, a.id)')} ELSE '{}' END,
      jsonb_build_object('slug', a.slug, 'status', a.status, 'changed', '[]'::jsonb), true,
      CASE WHEN p.what = 'expired' THEN ${sideSql} END, CASE WHEN p.what = 'published' THEN ${sideSql} END
    FROM placed p CROSS JOIN LATERAL (SELECT * FROM @articles x WHERE x.id = p.article_id OFFSET 0) a
    WHERE a.status = 'published' AND a.deleted_at IS NULL
      AND CASE WHEN p.what = 'published' THEN a.published_at = p.at ELSE a.expires_at = p.at END
      AND NOT EXISTS (SELECT FROM (SELECT * FROM @events e WHERE e.subject_id = p.article_id OFFSET 0) k
        WHERE k.type = 'article.' || p.what AND k.at = p.at AND k.is_public)
    ORDER BY p.place RETURNING keys
  )
  SELECT (SELECT count(*)::int FROM gone) AS taken, ARRAY(SELECT DISTINCT unnest(t.keys) FROM told t) AS keys,
    ${thisMoment} AS clock`;

/** `keys`: the cache keys of the events. */
type Taken = { taken: number; keys: string[]; clock: string };

/** Ids for the events of this many rows. */
const idsFor = (rows: number) => Array.from({ length: Math.min(rows, dueBatch) }, newId);

/** Asked each second, and seldom true: ids for hundreds of events are not made before that. */
const anyDue = {
  name: 'any-due',
  text: 'SELECT EXISTS (SELECT FROM @due d WHERE d.at <= statement_timestamp()) AS passed',
};

/**
 * Records `article.published` and `article.expired` for everything that has become due, even while no program was running;
 * `at` is the instant. A look, and then one transaction in one round trip. Returns how many rows it took; 0 means that none
 * is left that is not locked.
 */
export async function takeDue(db: Pick<Db, 'read'>): Promise<number> {
  const [look] = await db.read<{ passed: boolean }>(anyDue);
  if (!look?.passed) return 0;
  const [row] = await db.read<Taken>({ name: 'take-due', text: takeSql('') }, [idsFor(dueBatch)]);
  return row?.taken ?? 0;
}

/** This moment, and whether an instant of some articles has passed; that is rare, and taking it is a long statement. */
const lookText = `SELECT ${thisMoment} AS clock, EXISTS (SELECT FROM @due d
  WHERE d.article_id = ANY($1::uuid[]) AND d.at <= statement_timestamp()) AS passed`;

/**
 * Records what time did to articles before they are changed; the transaction has locked their rows. Returns the time of the
 * statement, which is later than the transaction's own if a lock was waited for, so that no instant in between is missed.
 */
export async function passTime(tx: Tx, articleIds: readonly string[]): Promise<string> {
  const [look] = await tx.read<{ clock: string; passed: boolean }>({ text: lookText }, [articleIds]);
  if (look === undefined) throw new Error('the database did not say the time');
  let { clock } = look;
  const text = takeSql('a.id = ANY($2::uuid[]) AND ');
  for (let taken = look.passed ? dueBatch : 0; taken === dueBatch; ) {
    const [row] = await tx.read<Taken>({ text }, [idsFor(2 * articleIds.length), articleIds]);
    if (row && row.keys.length > 0) tx.recorded(row.keys);
    clock = row?.clock ?? clock;
    taken = row?.taken ?? 0;
  }
  return clock;
}

/** The rows of `due` that an article has after a change, and whether that changes them. */
export type DueRows = { readonly rows: readonly Instant[]; readonly changed: boolean };

/**
 * The future instants of an article after a change, and how the public saw it before and sees it after. `clock`: until when
 * time has been recorded.
 */
export function dueOf(
  before: Content | null,
  after: Content,
  { now, clock }: { now: string; clock: string },
): { due: DueRows; seen: { before: Seen | null; after: Seen } } {
  const known = before === null ? [] : instantsOf(before);
  const awaited = known.filter(({ at }) => at > clock);
  const passed = known.filter(({ at }) => at <= clock);
  // An instant that passed while this waited for the row must not come again.
  const rows = instantsOf(after).filter((one) => one.at > now && !passed.some(same(one)));
  return {
    due: { rows, changed: JSON.stringify(awaited) !== JSON.stringify(rows) },
    seen: { before: before && seenWith(before, awaited), after: seenWith(after, rows) },
  };
}

const horizonOf: Readonly<Record<Instant['what'], number>> = { published: horizonSeconds, expired: endsHorizonSeconds };

/** Longer than the clock of a transaction may lag behind its commit. */
const clockLagS = 15;

/** Cache keys of what is kept without knowing of these instants, if one of them comes while it may still be kept. */
export const keysOfNear = (story: string, { rows }: DueRows, clock: string): string[] =>
  rows.some(({ what, at }) => Date.parse(at) - Date.parse(clock) <= (horizonOf[what] + clockLagS) * 1_000)
    ? keysOfDue(story)
    : [];
