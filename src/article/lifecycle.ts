import { type Actor, hasRole } from '../core/actor.ts';
import { conflict, forbidden, lacksRole } from '../core/errors.ts';
import type { Only } from '../core/only.ts';

/**
 * The table of steps: from where, to where, and who may take them. Pure: the caller knows by the database's clock what is
 * true now.
 */

/** What an article may be, as it is stored. The database has the same list in a CHECK. */
export const storedStatuses = ['draft', 'review', 'published', 'archived'] as const;
export type StoredStatus = (typeof storedStatuses)[number];
/** The same by the clock: what is stored as published may be to come, or over. */
export const shownStatuses = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'] as const;
export type Status = (typeof shownStatuses)[number];
export type Place = Status | 'trash';
export const steps = ['submit', 'return', 'publish', 'unpublish', 'archive', 'trash', 'restore'] as const;
export type Step = (typeof steps)[number];

const live: readonly Place[] = ['scheduled', 'published', 'expired'];
const outOfTrash: readonly Place[] = shownStatuses;
/** Named one by one: a state that is added is not published by being left in. */
const publishable: readonly Place[] = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'];

const anywhere: readonly Place[] = [...outOfTrash, 'trash'];

type Rule = { from: readonly Place[]; to: Place; authorOwn: readonly Place[] };

/**
 * `authorOwn`: the places from which an author may take the step with an article of their own. Editors may take every step.
 */
const rules: Readonly<Record<Step, Rule>> = {
  submit: { from: ['draft'], to: 'review', authorOwn: anywhere },
  return: { from: ['review'], to: 'draft', authorOwn: [] },
  publish: { from: publishable, to: 'published', authorOwn: [] },
  unpublish: { from: live, to: 'draft', authorOwn: [] },
  archive: { from: outOfTrash, to: 'archived', authorOwn: [] },
  trash: { from: anywhere, to: 'trash', authorOwn: ['draft', 'trash'] },
  restore: { from: ['trash', 'archived'], to: 'draft', authorOwn: ['trash'] },
};

/**
 * Throws 403 if the caller may not take the step with an article in this place. Whether the step begins there is checked by
 * `checkStep`.
 */
export function checkMayStep(step: Step, place: Place, actor: Actor, own: boolean): void {
  if (hasRole(actor, 'editor')) return;
  if (actor.role === 'author' && own && rules[step].authorOwn.includes(place)) return;
  throw forbidden(`Only an editor may ${step} this article as it is now (${place}).`);
}

const isStep = (word: string): word is Step => Object.hasOwn(rules, word);

/** Throws 403 if only editors may take a step at all, whatever the article. Comes before the article is looked for. */
export function checkMayTry(step: string, actor: Actor): void {
  if (!isStep(step) || rules[step].authorOwn.length > 0 || hasRole(actor, 'editor')) return;
  throw lacksRole('editor', actor.role);
}

/** Throws 409 `wrong-state` if the step does not begin in this place. */
export function checkStep(step: Step, place: Place): void {
  if (rules[step].from.includes(place)) return;
  throw conflict(
    'wrong-state',
    `The step ${step} begins at ${rules[step].from.join(', ')}; this article is ${place}.`,
    { place },
  );
}

/** Throws 403 unless the caller may edit the content: editors always, authors their own drafts. */
export function checkMayEdit(place: Place, actor: Actor, own: boolean): void {
  if (!hasRole(actor, 'editor') && !(actor.role === 'author' && own && place === 'draft')) {
    throw forbidden(`Only an editor may change this article as it is now (${place}).`);
  }
}

/** Throws 409 `wrong-state` for an article in the trash, which must be restored first. Comes after the precondition. */
export function checkEditable(place: Place): void {
  if (place === 'trash') throw conflict('wrong-state', 'This article is in the trash; restore it first.', { place });
}

/** What a 412 adds if the article is in the trash by now: repeating the change on the new version would be 409. */
export const staleIn = (place: Place): { hint: string; members: { place?: Place } } =>
  place === 'trash' ? { hint: ' It is in the trash now.', members: { place } } : { hint: '', members: {} };

type Limited = { readonly sourceId: string | null; readonly tagIds: readonly string[] };

/**
 * Throws 403 if an access key has limits that the article does not meet: it must be from one of the key's sources and carry
 * one of its tags. Checked twice: for the stored article together with the right to the call, before anything about it is
 * told; and for the article after the change, when it is stored.
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

/** The times alone: functions that work out new times take and return nothing else of an article. */
export const timesOf = ({ publishedAt, expiresAt, firstPublishedAt }: Times): Times => ({
  publishedAt,
  expiresAt,
  firstPublishedAt,
});

/** Once an article has been public, its first date is fixed. Until then it follows `publishedAt`. */
const firstOf = (first: string | null, publishedAt: string | null, now: string): string | null =>
  first !== null && first <= now ? first : publishedAt;

/**
 * The times after publishing. `at` is the date, if given. Without it, a scheduled article is published now, an article that
 * has a date keeps it, and an article without a date gets `now`. An expired article loses its expiry.
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

/**
 * The times with another `publishedAt`. In a published article `firstPublishedAt` follows, as in `firstOf`; in any other
 * the date is only a plan.
 */
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
 * The times after an article is taken from readers. Dates still ahead are cleared, so that publishing it later means now.
 * An article that was never public loses its first date and its date altogether; otherwise past dates stay.
 */
export function unpublishTimes<Given extends Times>(times: Only<Times, Given>, now: string): Times {
  const passed = (at: string | null) => (at !== null && at <= now ? at : null);
  const firstPublishedAt = passed(times.firstPublishedAt);
  const publishedAt = firstPublishedAt === null ? null : passed(times.publishedAt);
  return { publishedAt, expiresAt: times.expiresAt, firstPublishedAt };
}
