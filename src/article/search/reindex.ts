import { rulesVersion } from '../../core/search/terms.ts';
import type { Db } from '../../db/client.ts';
import { activeRulesSql } from './entries.ts';
import { type Filling, makeEntries } from './fill.ts';

/**
 * Makes every entry anew, by the rules of this program. Searches read the entries of the rules before until all are made, and
 * changes keep both meanwhile. How far it has come is stored, so that a reindex that was interrupted goes on.
 */

export type Reindexing = Filling & {
  /** Called after each batch. */
  progress(done: number, all: number): void;
  stop: AbortSignal;
};

const batchRows = 200;
const name = 'search reindex';

/** `after`: the last article that is done. What was changed since `since` is looked at once more. */
type Progress = { rules: number; after: string; since: string; done: number };

const beginning = '00000000-0000-0000-0000-000000000000';

async function readProgress({ read }: Pick<Db, 'read'>): Promise<Progress> {
  const text = `SELECT (SELECT s.value FROM @settings s WHERE s.name = $1) AS value,
    to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`;
  const [row] = await read<{ value: string | null; now: string }>({ text }, [name]);
  const stored: Progress | null = row?.value ? JSON.parse(row.value) : null;
  if (stored?.rules === rulesVersion) return stored;
  return { rules: rulesVersion, after: beginning, since: row?.now ?? '', done: 0 };
}

const keepProgress = ({ read }: Pick<Db, 'read'>, progress: Progress) =>
  read(
    {
      text: 'INSERT INTO @settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value',
    },
    [name, JSON.stringify(progress)],
  );

const idsSql = (where: string) =>
  `SELECT ARRAY(SELECT q.id::text FROM (SELECT a.id FROM @articles a WHERE ${where} ORDER BY a.id LIMIT ${batchRows}) q) AS ids`;

async function idsOf({ read }: Pick<Db, 'read'>, where: string, values: string[]): Promise<string[]> {
  const [row] = await read<{ ids: string[] }>({ text: idsSql(where) }, values);
  return row?.ids ?? [];
}

/** About how many bytes the new entries take, with their index, and how many articles there are. */
export async function roomFor({ read }: Pick<Db, 'read'>): Promise<{ bytes: number; articles: number }> {
  const text = `SELECT (SELECT count(*)::int FROM @articles) AS articles, (SELECT coalesce(avg(octet_length(q.body_html)), 0)::float8
    FROM (SELECT a.body_html FROM @articles a ORDER BY a.id DESC LIMIT 1000) q) AS mean`;
  const [row] = await read<{ articles: number; mean: number }>({ text });
  const { articles = 0, mean = 0 } = row ?? {};
  return { articles, bytes: Math.round(articles * (2_500 + 1.5 * mean)) };
}

/** The entries of these rules are complete: searches read them from now on, and those of other rules go. */
async function finish({ db, stop }: Reindexing): Promise<void> {
  const { read } = db;
  await read({ text: `UPDATE @settings SET value = $1 WHERE name = 'search rules'` }, [String(rulesVersion)]);
  const former = `SELECT e.ctid FROM @search_entries e WHERE e.rules <> ${activeRulesSql} LIMIT ${batchRows}`;
  const text = `DELETE FROM @search_entries WHERE ctid = ANY (ARRAY(${former})) RETURNING 1 AS gone`;
  for (let gone = 1; gone > 0 && !stop.aborted; ) gone = (await read({ text })).length;
  await read({ text: 'DELETE FROM @settings WHERE name = $1' }, [name]);
}

/** False if it was stopped before the end. */
export async function reindex(reindexing: Reindexing): Promise<boolean> {
  const { db, progress, stop } = reindexing;
  const { articles } = await roomFor(db);
  let place = await readProgress(db);
  await keepProgress(db, place);
  progress(place.done, articles);
  for (;;) {
    if (stop.aborted) return false;
    const ids = await idsOf(db, 'a.id > $1::uuid', [place.after]);
    const last = ids.at(-1);
    if (last === undefined) break;
    await makeEntries(reindexing, ids, 'anew');
    place = { ...place, after: last, done: place.done + ids.length };
    await keepProgress(db, place);
    progress(Math.min(place.done, articles), articles);
  }
  // A process of the version before may have changed an article behind the walk.
  for (let after = beginning; !stop.aborted; ) {
    const ids = await idsOf(db, 'a.id > $1::uuid AND a.updated_at >= $2::timestamptz', [after, place.since]);
    const last = ids.at(-1);
    if (last === undefined) break;
    await makeEntries(reindexing, ids, 'anew');
    after = last;
  }
  if (stop.aborted) return false;
  await finish(reindexing);
  return true;
}
