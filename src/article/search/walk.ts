import type { Read } from '../../db/tx.ts';
import type { Revision } from './aliases.ts';
import { hasUndated, keysText, type LabelIds, type SearchFilter } from './filter.ts';
import { countInWindows, findInWindows, type Period } from './find.ts';
import type { Found, Place } from './found.ts';
import type { ShownAs } from './items.ts';
import { dayOf, entryKeys } from './keys.ts';
import { anyKey } from './lexemes.ts';
import { findInNewest, isOftenEnough } from './newest.ts';
import type { QueryTexts } from './query-texts.ts';
import { newestBefore } from './reach.ts';
import { allOlder, type Look, monthsOfOtherYears, type Window, windowsOf } from './windows.ts';

/** How many candidates one page may look at. A page that has spent them ends, short or empty, and the next goes on. */
const ofOnePage = 2_000;

/**
 * How many are looked at first: most are found, unless positions decide. Those are looked at one after the other until enough
 * are found, and to list many candidates costs less than to list them once more. Each look further goes over more at once.
 */
const firstCandidates = (wanted: number, { isPhrase }: QueryTexts) => (isPhrase ? ofOnePage : wanted + 10);
const growth = 5;

/** Words that have met no more often than this in the newest windows are looked for in all older ones at once. */
const seldom = 10;

/** Words of this share of all articles that were not enough lately are frequent in other years: a month of those has enough. */
const frequent = 0.05;

const lowestId = '00000000-0000-0000-0000-000000000000';

/** Where a walk stands: among the articles without a date, which staff see first, or among those that have one. */
export type WalkPlace = Place & { isDated: boolean };

export type Walk = {
  filter: SearchFilter;
  labels: LabelIds;
  /** The present, by this program's clock. */
  now: Date;
  texts: QueryTexts;
  after: WalkPlace | null;
  limit: number;
  candidatesMax?: number;
  /** How to show what is found, if that is wanted with it. */
  shown?: ShownAs | null;
  /** Which share of all articles about meets the words, if that is known. */
  share?: number;
};

export type FoundArticle = Found & WalkPlace;

/** `changesIn`: seconds until time changes what is shown. `aliases`: their revision, if anything was asked. */
export type Walked = {
  found: FoundArticle[];
  next: WalkPlace | null;
  changesIn: number | null;
  aliases: Revision | undefined;
};

const earlier = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** What a walk has found so far, and how many candidates it may still look at. */
type Progress = Pick<Walked, 'found' | 'changesIn' | 'aliases'> & { budget: number };

const isOver = ({ found, budget }: Progress, { limit }: Walk) => found.length > limit || budget <= 0;

const undated = { text: anyKey([entryKeys.undated]), till: null };

const periodsOf = (windows: readonly Window[]): Period[] =>
  windows.flatMap(({ keys, only, till }) =>
    keys.length === 0 ? [] : [{ text: anyKey(keys), till: till?.toISOString() ?? null, only }],
  );

/** Looks through windows, newest first, until they are empty or the walk is over. No window: what has no date. */
async function look(
  read: Read,
  walk: Walk,
  progress: Progress,
  { windows, start, before }: { windows: readonly Window[]; start: WalkPlace | null; before: string | null },
) {
  const { filter, labels, texts, limit, shown = null } = walk;
  const from = windows.at(-1)?.from ?? null;
  const isDated = from !== null;
  const periods = isDated ? periodsOf(windows) : [undated];
  const keys = keysText(filter, labels);
  let place = start;
  for (let most = firstCandidates(limit + 1, texts); ; most *= growth) {
    const [candidates, wanted] = [Math.min(most, progress.budget), limit + 1 - progress.found.length];
    const asked = { filter, texts, periods, keys, from, before, after: place, candidates, wanted, shown };
    const rows = await findInWindows(read, asked);
    progress.budget -= rows.examined;
    // The revision as the first statement saw it: later ones may know of a change that the words were read without.
    if (progress.aliases === undefined) progress.aliases = rows.aliases;
    progress.changesIn = rows.changesIn;
    progress.found.push(...rows.found.map((one) => ({ ...one, isDated })));
    if (rows.last !== null) place = { ...rows.last, isDated };
    if (rows.examined < candidates || isOver(progress, walk)) return { ...rows, from, last: place };
  }
}

/** The windows whose turn it is, down to the one that has the first instant that is asked for. */
function windowsFrom({ filter: { publishedFrom } }: Walk, look: Look, at: Date, oldest: Date | null): Window[] {
  const isLater = publishedFrom !== undefined && (oldest === null || oldest < publishedFrom);
  return windowsOf(look, at, isLater ? publishedFrom : oldest);
}

/** What is not told to be rare: a window of days costs as much as one of months where it has nothing. */
const mayFillDays = ({ filter: { languages }, labels, texts, share = 0 }: Walk): boolean =>
  !languages && !labels.tags && !labels.sources && (!texts.isJoint || texts.isPhrase || share >= frequent / 2);

/** Whether words that hardly met lately did so in other years, so that windows find them sooner than a look at all that is older. */
async function hasMetBefore(read: Read, { filter, labels, texts }: Walk, newest: Date): Promise<boolean> {
  const periods = periodsOf(monthsOfOtherYears(newest));
  const sought = { filter, texts, periods, keys: keysText(filter, labels) };
  return (await countInWindows(read, sought, seldom + 1)) > seldom;
}

/**
 * Where a walk begins without asking: readers see nothing of the future, so at the present, by this program's clock. Null: what
 * is scheduled may be years ahead.
 */
function beginning({ filter: { audience, publishedTo, until }, now }: Walk): string | null {
  const first = earlier(earlier(publishedTo, until), now) ?? now;
  return audience === 'public' ? first.toISOString() : null;
}

/** Whether anything was published after the day on which a walk began: then the database's clock is ahead. */
const beganEarly = (at: Date, newest: string | null) => newest !== null && dayOf(new Date(newest)) > dayOf(at);

/** Goes back through the articles that have a date. Gives the place where the candidates were spent; null at the end. */
async function lookBack(read: Read, walk: Walk, progress: Progress): Promise<WalkPlace | null> {
  const { filter, texts, after, share = 0 } = walk;
  const end = earlier(filter.publishedTo, filter.until)?.toISOString() ?? null;
  let start = after?.isDated === true ? after : null;
  let newest = start?.at ?? beginning(walk);
  let before = start === null && newest !== null ? (end ?? 'infinity') : null;
  newest ??= await newestBefore(read, filter, end);
  let oldest: Date | null = null;
  const byDays = mayFillDays(walk);
  const { budget } = progress;
  for (let number = 0; newest !== null; number += 1) {
    const at = new Date(newest);
    const isSeldom = number === 1 && texts.isJoint && budget - progress.budget <= seldom;
    const hasMet = isSeldom && (await hasMetBefore(read, walk, at));
    const byMonths = hasMet || share >= frequent || texts.isJoint;
    const windows = isSeldom && !hasMet ? [allOlder] : windowsFrom(walk, { number, byMonths, byDays }, at, oldest);
    const seen = await look(read, walk, progress, { windows, start, before });
    const { from } = seen;
    const isFirst = before !== null;
    before = null;
    if (isFirst && beganEarly(at, seen.newest)) {
      [newest, number] = [seen.newest, -1];
      Object.assign(progress, { found: [], budget });
      continue;
    }
    if (isOver(progress, walk)) return seen.last;
    if (from === null || (filter.publishedFrom && from <= filter.publishedFrom)) return null;
    start = { at: from.toISOString(), id: lowestId, isDated: true };
    newest = seen.older;
    oldest = seen.oldest === null ? null : new Date(seen.oldest);
    // Nothing was published in the first windows, so that they tell nothing of the words.
    if (isFirst && (seen.newest === null || new Date(seen.newest) < from)) number -= 1;
  }
  return null;
}

/** Whether the newest articles that readers see are likely to be enough. Labels and states have their keys in the index. */
function mayBeInNewest({ filter, labels, texts, share = 0, limit }: Walk): boolean {
  const { audience, states, languages } = filter;
  const isForAll = audience === 'public' && !states && !languages && !labels.tags && !labels.sources;
  return isForAll && !texts.isPhrase && isOftenEnough(share, limit + 1);
}

/** Looks at the newest articles one by one. False if they are not enough. */
async function lookAtNewest(read: Read, walk: Walk, progress: Progress): Promise<boolean> {
  const { filter, labels, texts, after, limit, shown = null } = walk;
  const end = earlier(filter.publishedTo, filter.until)?.toISOString() ?? null;
  const asked = { filter, texts, keys: keysText(filter, labels), end, after, wanted: limit + 1, shown };
  const { found, changesIn, aliases } = await findInNewest(read, asked);
  progress.aliases = aliases;
  if (found.length <= limit) return false;
  Object.assign(progress, { found: found.map((one) => ({ ...one, isDated: true })), changesIn });
  return true;
}

/**
 * The newest articles that meet a query, by going back through windows of time until the page is full, the candidates are
 * spent, or nothing older is left.
 */
export async function walkNewest(read: Read, walk: Walk): Promise<Walked> {
  const { filter, after, limit, candidatesMax = ofOnePage } = walk;
  const progress: Progress = { found: [], budget: candidatesMax, changesIn: null, aliases: undefined };
  let spentAt: WalkPlace | null = null;
  if (hasUndated(filter) && after?.isDated !== true)
    spentAt = (await look(read, walk, progress, { windows: [], start: after, before: null })).last;
  const isFound = mayBeInNewest(walk) && (await lookAtNewest(read, walk, progress));
  if (!isFound && !isOver(progress, walk)) spentAt = await lookBack(read, walk, progress);
  const { found, changesIn, aliases } = progress;
  const next = found.length > limit ? (found[limit - 1] ?? null) : spentAt;
  return { found: found.slice(0, limit), next, changesIn, aliases };
}
