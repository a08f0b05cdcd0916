import type { output } from 'zod';
import type { ArticleCreate, ArticlePatch, PublishBody } from '../../src/article/inputs.ts';
import type { DraftPatch, DraftPut } from '../../src/features/drafts/drafts.schema.ts';
import type { WireItem } from '../../src/features/wire/wire.schema.ts';
import type { Story } from './newsroom.ts';

/** Every member that a call about an article may have. A new member does not compile until `sentTo` has a value for it. */
export type Member =
  | keyof ArticleCreate
  | keyof ArticlePatch
  | keyof DraftPatch
  | keyof DraftPut
  | keyof WireItem
  | keyof output<typeof PublishBody>;

/** A body that sends a member: alone, or with another member that it needs to have an effect. */
type Sent = Partial<Record<Member, unknown>>;

/** Members that are not combined with others: one counts versions, the other makes all others meaningless. */
export const apart: readonly string[] = ['itemVersion', 'kill'] satisfies Member[];

/** Groups of members that depend on each other: one of them may change the effect of another. */
export const together: readonly (readonly Member[])[] = [
  ['body', 'bodyFormat'],
  ['title', 'slug'],
  ['source', 'sourceItemId'],
  ['publishedAt', 'expiresAt', 'status', 'at'],
  ['correction', 'correctionAt', 'modified'],
];

/** The time of the correction that a public article has. */
export const corrected = '2026-01-03T06:00:00.000Z';

/** Another date in the past if the article's own date is past, else one in the future. */
const otherDate = (own: string | null) =>
  own !== null && Date.parse(own) < Date.now() ? '2026-01-02T06:00:00.000Z' : new Date(Date.now() + 9e7).toISOString();

/** What is sent for each member to an existing article. Values differ from those of the article, unless taken from it here. */
export const sentTo = ({ publishedAt, version, slug }: Pick<Story, 'publishedAt' | 'version' | 'slug'>) =>
  ({
    title: [{ title: 'নতুন শিরোনামে একই খবর' }],
    slug: [{ slug: 'onno-ek-slug' }, { slug }],
    language: [{ language: 'en' }],
    kicker: [{ kicker: 'নতুন কিকার' }, { kicker: null }],
    excerpt: [{ excerpt: 'নতুন সারকথা' }],
    body: [{ body: '<p>নতুন লেখা</p>' }],
    bodyFormat: [{ bodyFormat: 'markdown', body: 'নতুন **লেখা**' }],
    cover: [{ cover: { url: '/media/notun.jpg', alt: 'নতুন ছবি' } }],
    byline: [{ byline: 'নাজমা বেগম' }],
    deskInitials: [{ deskInitials: 'নব' }],
    source: [{ source: 'জোয়ার-বার্তা' }],
    sourceUrl: [{ sourceUrl: 'https://news.example/notun' }],
    sourceItemId: [{ sourceItemId: 'notun-7' }],
    tags: [{ tags: ['মোহনা', 'খাঁড়ি'] }],
    status: [{ status: 'published' }],
    publishedAt: [{ publishedAt }, { publishedAt: otherDate(publishedAt) }],
    expiresAt: [{ expiresAt: '2199-01-01T00:00:00.000Z' }, { expiresAt: null }],
    correction: [{ correction: 'আগে নামটি ভুল ছিল।' }],
    correctionAt: [{ correctionAt: corrected, correction: 'আগে নদীর নামটি ভুল ছিল।' }],
    modified: [{ modified: true }],
    baseVersion: [{ baseVersion: version }],
    at: [{ at: otherDate(publishedAt) }],
    draftVersion: [{ draftVersion: 0 }],
    note: [{ note: 'বানান দেখা হয়েছে।' }],
    itemVersion: [],
    kill: [],
  }) satisfies Record<Member, Sent[]>;

/** One value of one member. */
export type Unit = { name: string; member: string; body: Sent };

/** What may be sent for these members. Throws for a member without values here. */
export function unitsOf(members: readonly string[], story: Parameters<typeof sentTo>[0]): Unit[] {
  const sent = new Map<string, Sent[]>(Object.entries(sentTo(story)));
  return members.flatMap((member) => {
    const bodies = sent.get(member);
    if (bodies === undefined) throw new Error(`say in member-values.ts what is sent for ${member}`);
    return bodies.map((body, index) => ({ name: index === 0 ? member : `${member} (${index + 1})`, member, body }));
  });
}

/** Every pair of units that do not depend on each other. */
export const pairsOf = (units: readonly Unit[]): [Unit, Unit][] =>
  units.flatMap((one, index) =>
    units.slice(index + 1).flatMap((other): [Unit, Unit][] => {
      const bound = one.member === other.member || together.some((rule) => bindsBoth(rule, one, other));
      return bound ? [] : [[one, other]];
    }),
  );

const bindsBoth = (rule: readonly string[], one: Unit, other: Unit) =>
  rule.includes(one.member) && rule.includes(other.member);

export type Outcome = { status: number; shown: Record<string, unknown> };

/** A call makes one version, or none if it changes nothing. */
const later = (one: unknown, other: unknown): unknown => Math.max(Number(one), Number(other));

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const textsOf = (list: unknown): string[] => (Array.isArray(list) ? list.map((item) => JSON.stringify(item)) : []);

/** The warnings that either of two calls gives, but for those of `plain` that one of them does without. */
const union = (plain: unknown, one: unknown, other: unknown): unknown => {
  const [was, first, second] = [textsOf(plain), textsOf(one), textsOf(other)];
  const texts = [...new Set([...first, ...second])];
  return texts
    .filter((text) => !was.includes(text) || (first.includes(text) && second.includes(text)))
    .map((text) => JSON.parse(text));
};

/**
 * The fields in which a call with two members differs from what each member gives alone; `plain` is the outcome without
 * either. If one of them is refused, the call with both must be refused with the same status and code.
 */
export function faultsOf(plain: Outcome, one: Outcome, other: Outcome, both: Outcome): string[] {
  const refusals = [one, other].filter(({ status }) => status >= 400);
  if (refusals.length > 0 || both.status >= 400) {
    const known = refusals.some(({ status, shown }) => status === both.status && shown.code === both.shown.code);
    return known ? [] : [`${both.status} ${both.shown.code ?? ''} ${both.shown.detail ?? ''}`];
  }
  const fields = new Set([plain, one, other, both].flatMap(({ shown }) => Object.keys(shown)));
  return [...fields].filter((field) => {
    const [was, first, second] = [plain.shown[field], one.shown[field], other.shown[field]];
    if (field === 'version') return !same(both.shown[field], later(first, second));
    const merged = field === 'warnings' ? union(was, first, second) : undefined;
    const changedTwice = !same(first, was) && !same(second, was) && !same(first, second);
    const wanted = changedTwice ? merged : same(first, was) ? second : first;
    return !same(both.shown[field], wanted);
  });
}
