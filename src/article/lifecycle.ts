import { type Actor, hasRole } from '../core/actor.ts';
import { conflict, forbidden } from '../core/errors.ts';
import type { Only } from '../core/only.ts';

/** The table of steps: from where, to where, and who may. Pure; the database's clock has said before what is true now. */

export type Status = 'draft' | 'review' | 'scheduled' | 'published' | 'expired' | 'archived';
export type Place = Status | 'trash';
export type Step = 'submit' | 'return' | 'publish' | 'unpublish' | 'archive' | 'trash' | 'restore';

const live: readonly Place[] = ['scheduled', 'published', 'expired'];
const outOfTrash: readonly Place[] = ['draft', 'review', ...live, 'archived'];

const anywhere: readonly Place[] = [...outOfTrash, 'trash'];

type Rule = { from: readonly Place[]; to: Place; authorOwn: readonly Place[] };

/** `authorOwn`: the places from which authors may take the step with what is theirs. Editors may take every step. */
const rules: Readonly<Record<Step, Rule>> = {
  submit: { from: ['draft'], to: 'review', authorOwn: anywhere },
  return: { from: ['review'], to: 'draft', authorOwn: [] },
  publish: { from: outOfTrash, to: 'published', authorOwn: [] },
  unpublish: { from: live, to: 'draft', authorOwn: [] },
  archive: { from: outOfTrash, to: 'archived', authorOwn: [] },
  trash: { from: anywhere, to: 'trash', authorOwn: ['draft', 'trash'] },
  restore: { from: ['trash', 'archived'], to: 'draft', authorOwn: ['trash'] },
};

/** Throws 403 where the caller may not take a step from here, whatever the state of the article. */
export function checkMayStep(step: Step, place: Place, actor: Actor, own: boolean): void {
  if (hasRole(actor, 'editor')) return;
  if (actor.role === 'author' && own && rules[step].authorOwn.includes(place)) return;
  throw forbidden(`Only an editor may ${step} this article as it is now (${place}).`);
}

/** Throws 409 where the step does not begin here. */
export function checkStep(step: Step, place: Place): void {
  if (rules[step].from.includes(place)) return;
  throw conflict(
    'wrong-state',
    `The step ${step} begins at ${rules[step].from.join(', ')}; this article is ${place}.`,
    { place },
  );
}

/** Who may edit the content: editors everything, authors their own drafts. Throws 403. */
export function checkMayEdit(place: Place, actor: Actor, own: boolean): void {
  if (!hasRole(actor, 'editor') && !(actor.role === 'author' && own && place === 'draft')) {
    throw forbidden(`Only an editor may change this article as it is now (${place}).`);
  }
}

/** Throws 409 for what is in the trash: it is restored first. Comes after the precondition. */
export function checkEditable(place: Place): void {
  if (place === 'trash') throw conflict('wrong-state', 'This article is in the trash; restore it first.', { place });
}

/** What a 412 says besides of what went to the trash meanwhile: repeated on what it is now, the change would be 409. */
export const staleIn = (place: Place): { hint: string; members: { place?: Place } } =>
  place === 'trash' ? { hint: ' It is in the trash now.', members: { place } } : { hint: '', members: {} };

type Limited = { readonly sourceId: string | null; readonly tagIds: readonly string[] };

/**
 * Throws 403 where an access key has limits and this is no article of its sources that carries one of its tags. Asked of
 * what is there together with the right to the call, before anything of it is told; of what comes of it when it is stored.
 */
export function checkKeyReach({ key }: Actor, { sourceId, tagIds }: Limited): void {
  if (key === null) return;
  const ofSources = key.sourceIds.length === 0 || (sourceId !== null && key.sourceIds.includes(sourceId));
  const ofTags = key.tagIds.length === 0 || tagIds.some((id) => key.tagIds.includes(id));
  if (ofSources && ofTags) return;
  throw forbidden('This access key may only write articles of its own sources and tags.');
}

/** The times of an article, RFC 3339 in UTC with milliseconds, so that they compare as text. */
export type Times = { publishedAt: string | null; expiresAt: string | null; firstPublishedAt: string | null };

/** The times alone: what works out new ones takes and gives no more of an article. */
export const timesOf = ({ publishedAt, expiresAt, firstPublishedAt }: Times): Times => ({
  publishedAt,
  expiresAt,
  firstPublishedAt,
});

/** Once an article has been public its first date stands; until then it moves with publishedAt. */
const firstOf = (first: string | null, publishedAt: string | null, now: string): string | null =>
  first !== null && first <= now ? first : publishedAt;

/**
 * The times after publishing. With a time: that one. Without: a scheduled article is public now; otherwise the date that
 * it already had stays, and one that never had a date gets this moment. An expired article loses its expiry.
 */
export function publishTimes<Given extends Times>(
  times: Only<Times, Given>,
  place: Place,
  at: string | null,
  now: string,
): Times {
  const publishedAt = at ?? (place === 'scheduled' ? now : (times.publishedAt ?? now));
  const over = times.expiresAt !== null && times.expiresAt <= now;
  const firstPublishedAt = firstOf(times.firstPublishedAt, publishedAt, now);
  return { publishedAt, expiresAt: over ? null : times.expiresAt, firstPublishedAt };
}

/** A new date for what is published; a plan for what is not. */
export const redate = <Given extends Times>(
  { expiresAt, firstPublishedAt }: Only<Times, Given>,
  place: Place,
  publishedAt: string | null,
  now: string,
): Times => ({
  publishedAt,
  expiresAt,
  firstPublishedAt: live.includes(place) ? firstOf(firstPublishedAt, publishedAt, now) : firstPublishedAt,
});

/**
 * Taken from readers, an article loses a date that is still ahead, so that publishing it later means now; and its first
 * date too where that has not come, as it was never public. Dates that have passed stay.
 */
export function unpublishTimes<Given extends Times>(times: Only<Times, Given>, now: string): Times {
  const passed = (at: string | null) => (at !== null && at <= now ? at : null);
  const firstPublishedAt = passed(times.firstPublishedAt);
  const publishedAt = firstPublishedAt === null ? null : passed(times.publishedAt);
  return { publishedAt, expiresAt: times.expiresAt, firstPublishedAt };
}
