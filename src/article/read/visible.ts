import { type Actor, hasRole } from '../../core/actor.ts';
import type { Place } from '../lifecycle.ts';

/** Which articles a caller may read; each has its own predicate. */
export const audiences = ['public', 'author', 'staff', 'desk'] as const;
export type Audience = (typeof audiences)[number];

const audienceOf = (actor: Actor | null): Audience => {
  if (actor === null) return 'public';
  if (hasRole(actor, 'editor')) return 'desk';
  return actor.role === 'author' ? 'author' : 'staff';
};

/** The caller, as far as it decides which articles they see. */
export type Caller = { audience: Audience; actorId: string | null };

export const callerOf = (actor: Actor | null): Caller => ({
  audience: audienceOf(actor),
  actorId: actor?.userId ?? null,
});

/**
 * The caller's id as a bound value, if the statement has a placeholder for it: only what authors see depends on who they
 * are.
 */
export const callerValues = ({ audience, actorId }: Caller): string[] =>
  audience === 'author' && actorId !== null ? [actorId] : [];

/** When an article is public, by the database's clock. Scheduling and expiry follow from the dates, without a timer. */
export const publicPredicate = `a.status = 'published' AND a.deleted_at IS NULL AND a.published_at <= now() AND (a.expires_at IS NULL OR a.expires_at > now())`;

/** The states that lists may ask for, as SQL over `a`. An article in the trash is in no other state. */
export const stateSql = {
  draft: `a.status = 'draft' AND a.deleted_at IS NULL`,
  review: `a.status = 'review' AND a.deleted_at IS NULL`,
  scheduled: `a.status = 'published' AND a.published_at > now() AND a.deleted_at IS NULL`,
  published: publicPredicate,
  expired: `a.status = 'published' AND a.published_at <= now() AND a.expires_at <= now() AND a.deleted_at IS NULL`,
  archived: `a.status = 'archived' AND a.deleted_at IS NULL`,
  trash: 'a.deleted_at IS NOT NULL',
} as const satisfies Readonly<Record<Place, string>>;

export type ListedState = keyof typeof stateSql;

export const anyState = (states: readonly ListedState[]): string =>
  `(${states.map((state) => `(${stateSql[state]})`).join(' OR ')})`;

/** Public once and withdrawn now: readers get 410. Everything else that is hidden from them is missing to them. */
export const withdrawnPredicate = `a.first_published_at <= now() AND (a.deleted_at IS NOT NULL OR a.status = 'archived' OR (a.status = 'published' AND a.expires_at <= now()))`;

/**
 * The one `WHERE` of what a caller may see, over the alias `a`. Readers see what is public; authors also their own, trash
 * included; viewers every article but the trash; editors and admins all. `actorId` is the placeholder (`$n`) of the
 * caller's id.
 */
export function visibleTo(audience: Audience, actorId: string): string {
  if (audience === 'public') return publicPredicate;
  if (audience === 'author') return `((${publicPredicate}) OR a.created_by_id = ${actorId}::uuid)`;
  return audience === 'staff' ? 'a.deleted_at IS NULL' : 'TRUE';
}

/** The same for a list of some states. If none of them is public, an author sees only their own articles. */
export function visibleIn(audience: Audience, actorId: string, states: readonly ListedState[] | undefined): string {
  const hidden = states !== undefined && !states.includes('published');
  return audience === 'author' && hidden ? `a.created_by_id = ${actorId}::uuid` : visibleTo(audience, actorId);
}
