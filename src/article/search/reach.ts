import { hash } from 'node:crypto';
import type { Read } from '../../db/tx.ts';
import { instantSql } from '../read/view-sql.ts';
import type { SearchFilter } from './filter.ts';

/** From when until when there is anything to find. */

const staffKey = `coalesce(a.published_at, 'infinity'::timestamptz)`;
const publicRows = `@articles a WHERE a.status = 'published' AND a.deleted_at IS NULL AND a.published_at <= now()`;
const staffRows = `@articles a WHERE a.deleted_at IS NULL AND ${staffKey} < 'infinity'::timestamptz`;

/** The newest instant of publication before another that a search may have to reach. Each index that may hold it is asked. */
export function newestSql({ audience, states }: SearchFilter, before: string | null): string {
  const bound = (column: string) => (before === null ? '' : ` AND ${column} < ${before}`);
  const live =
    audience === 'public'
      ? `SELECT a.published_at AS at FROM ${publicRows}${bound('a.published_at')} ORDER BY a.published_at DESC LIMIT 1`
      : `SELECT a.published_at AS at FROM ${staffRows}${bound(staffKey)} ORDER BY ${staffKey} DESC LIMIT 1`;
  const trashed = `SELECT max(a.published_at) AS at FROM @articles a WHERE a.deleted_at IS NOT NULL${bound('a.published_at')}`;
  const all = states?.includes('trash') ? `(${live}) UNION ALL (${trashed})` : `(${live})`;
  return `SELECT ${instantSql('max(q.at)')} AS at FROM (${all}) q`;
}

/** The oldest instant of publication that a search may have to reach; of the trash it is not known. */
export function oldestSql({ audience, states }: SearchFilter): string {
  if (states?.includes('trash')) return 'NULL';
  const [rows, key] = audience === 'public' ? [publicRows, 'a.published_at'] : [staffRows, staffKey];
  return `(SELECT ${instantSql('o.at')} FROM (SELECT a.published_at AS at FROM ${rows} ORDER BY ${key} LIMIT 1) o)`;
}

/** The newest instant as an answer of its own. */
export async function newestBefore(read: Read, filter: SearchFilter, before: string | null): Promise<string | null> {
  const text = newestSql(filter, before === null ? null : '$1::timestamptz');
  const [row] = await read<{ at: string | null }>({ name: hash('sha1', text), text }, before === null ? [] : [before]);
  return row?.at ?? null;
}
