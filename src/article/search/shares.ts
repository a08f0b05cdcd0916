import type { Alternative, Clause, SearchQuery } from '../../core/search/query-parts.ts';
import type { Read } from '../../db/tx.ts';

/**
 * How large a share of all articles has a word: PostgreSQL knows it of the commonest, from a sample. It only decides by which
 * way a search goes, never what it finds.
 */

const statement = {
  name: 'search-shares',
  text: `SELECT u.term, u.share::float8 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = 'terms'
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) u (term, share)
    WHERE c.oid = '@search_entries'::regclass AND u.term IS NOT NULL AND u.share >= 0.05`,
};

const keptMs = 3_600_000;

type ShareOf = (term: string) => number;

/** The share that has all of some independent things. */
const ofAll = (shares: readonly number[]) => shares.reduce((product, share) => product * share, 1);

/** At least so many meet it: of a phrase, or of titles alone, nothing is known. */
function shareOfWay({ slots, titleOnly }: Alternative<string>, shareOf: ShareOf): number {
  const [slot, next] = slots;
  return slot === undefined || next !== undefined || titleOnly ? 0 : Math.max(0, ...slot.terms.map(shareOf));
}

function shareOfClause({ alternatives, negative, titleOnly }: Clause<string>, shareOf: ShareOf): number {
  const share = titleOnly ? 0 : Math.max(0, ...alternatives.map((way) => shareOfWay(way, shareOf)));
  return negative ? 1 - share : share;
}

/** Tells which share of all articles about meets a query. */
export type Shares = (query: SearchQuery<string>) => Promise<number>;

export function openShares(read: Read): Shares {
  let known: ReadonlyMap<string, number> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  return async ({ clauses }) => {
    const now = performance.now();
    if (now - readAt > keptMs) {
      readAt = now;
      const rows = await read<{ term: string; share: number }>(statement);
      known = new Map(rows.map(({ term, share }) => [term, share]));
    }
    return ofAll(clauses.map((clause) => shareOfClause(clause, (term) => known.get(term) ?? 0)));
  };
}
