import { rulesVersion } from '../../core/search/terms.ts';
import type { Entry } from './entry.ts';
import { neighbourBits } from './neighbours.ts';

/** How entries of the search are stored. An article has one, and two while the rules change. */

/** The version of the rules whose entries are complete. Until a change of rules is through, that is the one before. */
export const activeRulesSql = `(SELECT s.value::smallint FROM @settings s WHERE s.name = 'search rules')`;

/** Stores the entry of a row of articles: for the rules of this program, and for those by which searches are answered. */
export const keepEntrySql = (
  row: string,
  { terms, neighbours }: Entry,
  when: string,
) => `INSERT INTO @search_entries (article_id, rules, version, published_at, expires_at, terms, neighbours)
      SELECT ${row}.id, r.rules, ${row}.version, ${row}.published_at, ${row}.expires_at, ${terms}::tsvector, ${neighbours}::bit(${neighbourBits})
      FROM ${row} CROSS JOIN (SELECT ${rulesVersion}::smallint AS rules UNION SELECT ${activeRulesSql}) r
      WHERE ${when} AND r.rules IS NOT NULL
      ON CONFLICT (article_id, rules) DO UPDATE SET version = EXCLUDED.version, published_at = EXCLUDED.published_at,
        expires_at = EXCLUDED.expires_at, terms = EXCLUDED.terms, neighbours = EXCLUDED.neighbours`;
