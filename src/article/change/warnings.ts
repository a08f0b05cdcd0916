import type { Read } from '../../db/tx.ts';
import { type Content, hasExpired, isPublic } from '../content.ts';
import { type Caller, callerValues, visibleTo } from '../read/visible.ts';
import { type Warning, warning } from '../warnings.ts';

/** Warnings about a change that was done, in addition to those of the sanitiser. */

/** Warns if new dates hide from readers what they saw, or show them what they did not see. */
export function dateWarnings(before: Content, after: Content, now: string): Warning[] {
  const [was, is] = [isPublic(before, now), isPublic(after, now)];
  if (was === is) return [];
  return [
    is
      ? warning('now-public', 'published')
      : warning('no-longer-public', hasExpired(after, now) ? 'expired' : 'scheduled'),
  ];
}

/**
 * Warns about side effects of publishing: it drops an expiry that has passed, and a date ahead hides from readers what they
 * saw.
 */
export function publishWarnings(before: Content, ready: Content, after: Content, now: string): Warning[] {
  const dropped =
    ready.expiresAt !== null && after.expiresAt === null ? [warning('expiry-dropped', ready.expiresAt)] : [];
  return [...dropped, ...dateWarnings(before, after, now).filter(({ code }) => code === 'no-longer-public')];
}

/** Warns that the slug led to another article, which the caller may see, and leads to this one once it is published. */
export async function slugWarnings(
  read: Read,
  { id, before, after }: { id: string; before: Content | null; after: Content },
  caller: Caller,
): Promise<Warning[]> {
  const comesOut = after.status === 'published' && before?.status !== 'published';
  if (before?.slug === after.slug && !comesOut) return [];
  const text = `SELECT 1 AS found FROM @slug_history h JOIN @articles a ON a.id = h.article_id
    WHERE h.slug = $1::text AND a.id <> $2::uuid AND a.deleted_at IS NULL AND ${visibleTo(caller.audience, '$3')}`;
  const rows = await read({ text }, [after.slug, id, ...callerValues(caller)]);
  return rows.length === 0 ? [] : [warning('takes-redirect', after.slug)];
}
