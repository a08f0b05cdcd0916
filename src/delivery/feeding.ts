import { hash } from 'node:crypto';
import { newId } from '../core/ids.ts';
import { type Bind, binder } from '../db/sql.ts';
import type { Read } from '../db/tx.ts';
import { type Followed, followedSql, isPurger } from './webhooks.ts';

/** Makes deliveries of what has changed since those that webhooks have. */

/** The most changes that are looked at in one statement, for each webhook and for all of them. */
const changesMax = 500;
const allChangesMax = 5_000;

/** A purge is sent once more: a cache may have fetched, from a copy of the database that lags, what was just purged. */
const purgeRepeats = 1;

type Behind = Followed & { id: string; version: number; purges: boolean; behind: number };

const lookStatement = {
  name: 'webhooks-behind',
  text: `SELECT json_build_object('id', w.id, 'version', w.version, 'purges', ${isPurger('w')}, 'behind', h.position - w.position, ${followedSql}) AS hook
    FROM @webhooks w CROSS JOIN @changes_head h WHERE w.enabled AND w.position < h.position ORDER BY ${isPurger('w')} DESC, w.id`,
};

/** SQL: whether the event `e` at the place `c` is one that strangers are told of. */
const isPublic = 'c.public_position IS NOT NULL';

/** SQL: whether an event makes answers of a cache stale. A change that nobody but staff sees names the article alone. */
const makesStale = `(${isPublic} OR EXISTS (SELECT FROM unnest(e.keys) k WHERE k NOT LIKE 'a:%'))`;

/** SQL: whether a webhook `w` wants the event, but for what it filters by tag, source and language. */
const isWanted = `(w.audience = 'staff' OR ${isPublic}) AND e.type LIKE e.subject_type || '.%'
  AND (e.subject_type = ANY (w.kinds) OR (cardinality(w.kinds) = 0 AND e.subject_type IN ('article', 'source', 'tag')))
  AND (cardinality(w.events) = 0 OR e.type = ANY (w.events))`;

/**
 * SQL: whether a follower is told of the event `e`, by what is filtered by tag, source and language. Given from above: what
 * an article was like is not known here.
 */
export type Matching = (followed: Followed, bind: Bind) => Promise<string>;

/**
 * What is new is walked row by row, by indexes: LIMIT and OFFSET say so. For any two positions PostgreSQL would expect a large
 * part of all changes between them, and read all of them and all events each time.
 *
 * One statement and so one transaction: of two processes the second passes a webhook over, or finds it moved on. One that
 * was altered since it was looked at is left for the next round, and so is what was written since: there is an id for each
 * change that was there.
 */
async function feedTogether(read: Read, hooks: readonly Behind[], condition: (bind: Bind) => Promise<string>) {
  if (hooks.length === 0) return;
  const max = Math.min(changesMax, Math.ceil(allChangesMax / hooks.length));
  const steps = hooks.map(({ behind }) => Math.min(behind, max));
  const { bind, values } = binder([
    hooks.map(({ id }) => id),
    hooks.map(({ version }) => String(version)),
    steps.map(String),
    Array.from({ length: steps.reduce((sum, step) => sum + step, 0) }, newId),
  ]);
  const text = `WITH held AS MATERIALIZED (
      SELECT w.id, ${isPurger('w')} AS purges, w.audience, w.kinds, w.events, w.position, least(h.position, w.position + a.step) AS reach
      FROM @webhooks w JOIN unnest($1::uuid[], $2::int[], $3::int[]) a (id, version, step) ON a.id = w.id AND a.version = w.version CROSS JOIN @changes_head h
      WHERE w.enabled AND w.position < h.position FOR NO KEY UPDATE OF w SKIP LOCKED
    ), found AS (
      SELECT row_number() OVER (ORDER BY c.position, w.id) AS n, w.id AS webhook_id, w.purges, c.position, e.id, e.type, e.subject_type, e.subject_id
      FROM held w CROSS JOIN LATERAL (
        SELECT c.* FROM @changes c WHERE c.position > w.position AND c.position <= w.reach ORDER BY c.position LIMIT ${changesMax}) c
      CROSS JOIN LATERAL (SELECT e.* FROM @events e WHERE e.seq = c.event_seq OFFSET 0) e
      WHERE CASE WHEN w.purges THEN ${makesStale} ELSE ${isWanted} AND ${await condition(bind)} END
    ), made AS (
      INSERT INTO @webhook_deliveries (id, webhook_id, purpose, position, event_id, event_type, kind, subject_id, repeats)
      SELECT ($4::uuid[])[f.n], f.webhook_id, CASE WHEN f.purges THEN 'purge' ELSE 'change' END, f.position, f.id, f.type, f.subject_type, f.subject_id,
        CASE WHEN f.purges THEN ${purgeRepeats} ELSE 0 END FROM found f
    )
    UPDATE @webhooks w SET position = held.reach FROM held WHERE w.id = held.id RETURNING w.id::text`;
  await read({ name: nameOf(text), text }, values);
}

/** There are only as many texts as there are kinds of filters together, so that each is prepared. */
const nameOf = (text: string) => hash('sha1', text);

const isFiltered = ({ purges, tagIds, sourceIds, languages }: Behind) =>
  !purges && tagIds.length + sourceIds.length + languages.length > 0;

/** What a round of feeding found to do: `more` where there may be more at once. */
export type Fed = 'nothing' | 'all' | 'more';

/** Feeds every webhook that is behind: purgers and those without such filters in one statement, then the others. */
export async function feed(read: Read, matching: Matching): Promise<Fed> {
  const behind = (await read<{ hook: Behind }>(lookStatement)).map(({ hook }) => hook);
  if (behind.length === 0) return 'nothing';
  await feedTogether(
    read,
    behind.filter((hook) => !isFiltered(hook)),
    async () => 'TRUE',
  );
  for (const hook of behind.filter(isFiltered)) await feedTogether(read, [hook], (bind) => matching(hook, bind));
  return behind.some((hook) => hook.behind > Math.min(changesMax, allChangesMax / behind.length)) ? 'more' : 'all';
}
