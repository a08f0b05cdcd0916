import { type Filter, filtersNothing } from './changes.filter.ts';
import type { ArticleFacts, News, Side } from './changes.news.ts';
import type { Show } from './changes.presenter.ts';
import type { ChangeAudience, Kind } from './changes.schema.ts';

/**
 * The rules of `changes.filter.ts` for events that are in memory, so that one reading of the database serves the filters of
 * all streams.
 */

/** Whom a stream tells of what. `exclude`: articles that it leaves out. */
export type Followed = {
  readonly audience: ChangeAudience;
  readonly kinds: readonly Kind[];
  readonly show: Show;
  readonly exclude: ReadonlySet<string>;
  readonly filter: Filter;
};

const meet = (some: readonly string[] | undefined, others: readonly string[]) =>
  some?.some((one) => others.includes(one)) === true;

const isOneOf = (word: string | null | undefined, words: readonly string[]) => word != null && words.includes(word);

/** Whether an article matched as it was. */
function matchedThen({ tags, sources, languages }: Filter, side: Side): boolean {
  if (tags && !meet(side.tags, tags.ever)) return false;
  if (sources && !isOneOf(side.source, sources.ever)) return false;
  return !languages || isOneOf(side.language, languages);
}

/** Whether a stream is told of an event: what was seen before it or after it must match. */
export function isTold(news: News, { audience, kinds, exclude, filter }: Followed): boolean {
  const { kind, type, subject, before, after, then } = news;
  if (audience === 'public' && news.publicPosition === null) return false;
  // Other things have events too, and an article has some of another kind, as those of its draft.
  if (!kinds.includes(kind) || !type.startsWith(`${kind}.`) || exclude.has(subject)) return false;
  if (kind !== 'article' || filtersNothing(filter)) return true;
  if ([before, after].some((side) => side !== null && matchedThen(filter, side))) return true;
  // Without revisions nobody knows, and a superfluous `remove` does no harm.
  return audience === 'staff' && (then === null || then.some((side) => matchedThen(filter, side)));
}

/** Whether this audience may see the article now and follows it. */
export function isShown(article: ArticleFacts, { audience, filter }: Followed): boolean {
  if (audience === 'public' ? !article.public : article.trashed) return false;
  const { tags, sources, languages } = filter;
  if (tags && !meet(article.tags, tags.now)) return false;
  if (sources && !isOneOf(article.source, sources.now)) return false;
  return !languages || languages.includes(article.language);
}
