import { type Content, hasExpired, isPublic } from '../content.ts';
import { type Warning, warning } from '../warnings.ts';

/** Warnings about a change that was done, in addition to those of the sanitiser. */

const isAhead = ({ status, publishedAt }: Content, now: string): boolean =>
  status === 'published' && publishedAt !== null && publishedAt > now;

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
 * Warns about side effects of publishing: it drops an expiry that has passed, a date ahead hides from readers what they saw,
 * and what was scheduled comes before its time.
 */
export function publishWarnings(before: Content, ready: Content, after: Content, now: string): Warning[] {
  const dropped =
    ready.expiresAt !== null && after.expiresAt === null ? [warning('expiry-dropped', ready.expiresAt)] : [];
  const hidden = dateWarnings(before, after, now).filter(({ code }) => code === 'no-longer-public');
  const early =
    isAhead(before, now) && isPublic(after, now)
      ? [warning('now-public', `scheduled for ${before.publishedAt} before`)]
      : [];
  return [...dropped, ...hidden, ...early];
}

/** Whether a slug that led to another article leads to this one from now on, or once it is published. */
export const takesSlug = (before: Content | null, after: Content): boolean =>
  before?.slug !== after.slug || (after.status === 'published' && before.status !== 'published');
