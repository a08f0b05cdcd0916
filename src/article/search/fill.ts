import { setTimeout as pause } from 'node:timers/promises';
import { rulesVersion } from '../../core/search/terms.ts';
import type { Db } from '../../db/client.ts';
import { storedSql } from '../change/stored-sql.ts';
import type { Stored } from '../content.ts';
import { activeRulesSql } from './entries.ts';
import { entryOf } from './entry.ts';
import { neighbourBits } from './neighbours.ts';
import type { Stems } from './stems.ts';

/** Makes entries apart from changes: of articles that have none, or were changed by a program that knew of no search. */

export type Filling = { db: Pick<Db, 'read'>; stems: Stems };

const batchRows = 50;
const scannedRows = 10_000;
const betweenBatchesMs = 20;

/** The versions of the rules for which an entry is stored: that of this program, and that by which searches are answered. */
const ofThisProgram = `VALUES (${rulesVersion}::smallint)`;
const ofBoth = `SELECT ${rulesVersion}::smallint UNION SELECT coalesce(${activeRulesSql}, ${rulesVersion}::smallint)`;

/** An article that is changed meanwhile has a newer entry, which stays. */
const keepText = (
  rules: string,
) => `INSERT INTO @search_entries AS e (article_id, rules, version, published_at, expires_at, terms, neighbours)
  SELECT a.id, r.rules, a.version, a.published_at, a.expires_at, x.terms::tsvector, x.neighbours::bit(${neighbourBits})
  FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) x (id, version, terms, neighbours) JOIN @articles a ON a.id = x.id AND a.version = x.version
    CROSS JOIN (${rules}) r (rules)
  ON CONFLICT (article_id, rules) DO UPDATE SET version = EXCLUDED.version, published_at = EXCLUDED.published_at,
    expires_at = EXCLUDED.expires_at, terms = EXCLUDED.terms, neighbours = EXCLUDED.neighbours
    WHERE e.version <= EXCLUDED.version
  RETURNING e.article_id::text AS id`;

const keepTexts = { anew: keepText(ofThisProgram), missing: keepText(ofBoth) };

/**
 * Makes the entries of these articles, a few in a statement: anew by the rules of this program, or as a change would store
 * them where they are missing. Returns how many were stored.
 */
export async function makeEntries(
  { db, stems }: Filling,
  ids: readonly string[],
  how: keyof typeof keepTexts,
): Promise<number> {
  let made = 0;
  for (let from = 0; from < ids.length; from += batchRows) {
    const text = `SELECT ${storedSql} AS stored FROM @articles a WHERE a.id = ANY($1::uuid[])`;
    const rows = await db.read<{ stored: string }>({ text }, [ids.slice(from, from + batchRows)]);
    const articles = rows.map(({ stored }): Stored => JSON.parse(stored));
    const entries = await stems.with(db.read, (stemOf) => articles.map((article) => entryOf(article, stemOf)));
    const values = [
      articles.map(({ id }) => id),
      articles.map(({ version }) => String(version)),
      entries.map(({ terms }) => terms),
      entries.map(({ neighbours }) => neighbours),
    ];
    made += (await db.read({ text: keepTexts[how] }, values)).length;
  }
  return made;
}

/**
 * By the rules by which searches are answered: entries for other rules are made by a reindex alone, which says before how
 * much room it needs. `OFFSET 0`: an entry is looked up for each id. A join would read all entries for each batch of ids.
 */
const missingText = `WITH ids AS MATERIALIZED (SELECT a.id FROM @articles a WHERE a.id > $1::uuid ORDER BY a.id LIMIT ${scannedRows})
  SELECT (SELECT i.id::text FROM ids i ORDER BY i.id DESC LIMIT 1) AS last, ARRAY(SELECT i.id::text FROM ids i
    WHERE NOT EXISTS (SELECT FROM @search_entries e WHERE e.article_id = i.id AND e.rules = ${activeRulesSql} OFFSET 0) ORDER BY i.id) AS ids`;

const staleText = `SELECT ARRAY(SELECT a.id::text FROM @articles a JOIN @search_entries e ON e.article_id = a.id AND e.rules = ${activeRulesSql}
  WHERE a.updated_at > now() - interval '1 day' AND e.version < a.version LIMIT ${scannedRows}) AS ids`;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Gives an entry to every article that has none, and a new one where the article was changed within the last day. */
export async function fillEntries(filling: Filling, stop: AbortSignal): Promise<number> {
  const { read } = filling.db;
  let made = 0;
  const make = async (ids: readonly string[]) => {
    for (let from = 0; from < ids.length && !stop.aborted; from += batchRows) {
      made += await makeEntries(filling, ids.slice(from, from + batchRows), 'missing');
      await pause(betweenBatchesMs, undefined, { ref: false });
    }
  };
  for (let after: string | null = beforeAll; after !== null && !stop.aborted; ) {
    const rows: { last: string | null; ids: string[] }[] = await read({ text: missingText }, [after]);
    await make(rows[0]?.ids ?? []);
    await pause(betweenBatchesMs, undefined, { ref: false });
    after = rows[0]?.last ?? null;
  }
  const [stale] = await read<{ ids: string[] }>({ text: staleText });
  await make(stale?.ids ?? []);
  return made;
}
