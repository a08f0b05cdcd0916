import type { At } from './changes.cursor.ts';
import { filtersNothing, type Wanted } from './changes.filter.ts';
import { type Followed, isShown, isTold } from './changes.matching.ts';
import type { ArticleFacts, Heads, News } from './changes.news.ts';
import { type Entry, entriesOf, type Now } from './changes.presenter.ts';
import type { ChangeAudience } from './changes.schema.ts';

/** What some listeners follow alike: their events are matched and written once. */
export type Channel = Followed & { readonly wanted: Wanted; frame(entry: Entry): Buffer };

export const orderOf = (audience: ChangeAudience) => (audience === 'public' ? 'public' : 'all');

/** The last event of these in each order. */
export function headsAfter(heads: Heads, news: readonly News[]): Heads {
  const [last, lastPublic] = [news.at(-1), news.findLast(({ publicPosition }) => publicPosition !== null)];
  return {
    all: last ? { position: last.position, eventId: last.id } : heads.all,
    public: lastPublic ? { position: lastPublic.publicPosition ?? 0, eventId: lastPublic.id } : heads.public,
  };
}

/** The events up to the first of an article for which there was no room; the first article always fits. */
export function upToRoom(news: readonly News[], facts: ReadonlyMap<string, ArticleFacts>): readonly News[] {
  const end = news.findIndex(({ subject }) => facts.get(subject)?.fits === false);
  return end < 0 ? news : news.slice(0, end);
}

export const isFiltered = ({ wanted }: Channel) => wanted.tag !== undefined || wanted.source !== undefined;

export const asksRevisions = ({ audience, filter }: Channel) => audience === 'staff' && !filtersNothing(filter);

/** What was read of the things that some events are about. */
export type Things = { facts: ReadonlyMap<string, ArticleFacts>; labels: ReadonlyMap<string, Now> };

/** A thing as a channel sees it. */
function nowOf(id: string, { facts, labels }: Things, channel: Channel): Now | undefined {
  const article = facts.get(id);
  if (article === undefined) return labels.get(id);
  const { slug, version, item, latest } = article;
  const json = { entry: null, item, latest }[channel.show];
  return { id, slug, version, shown: isShown(article, channel), fits: true, json };
}

/**
 * Whether an article that a channel is told of can be seen, and does not match what its labels stood for. Either it has lost
 * a label, or that was merged into another one a moment ago, and its own event comes later.
 */
export const leaves = (channel: Channel, news: readonly News[], { facts }: Things): boolean =>
  isFiltered(channel) &&
  news.some((one) => {
    const article = facts.get(one.subject);
    const isVisible = channel.audience === 'public' ? article?.public : article?.trashed === false;
    return article !== undefined && isVisible && isTold(one, channel) && !isShown(article, channel);
  });

/** Whether these events may change what the names of labels stand for. */
export const renames = (news: readonly News[]) => news.some(({ kind }) => kind === 'tag' || kind === 'source');

/** The entries of a channel for these events, each with the position up to which it tells. */
export function framesOf(channel: Channel, news: readonly News[], things: Things, before: At) {
  const ofPublic = channel.audience === 'public';
  const events = news
    .filter((one) => isTold(one, channel))
    .map((one) => ({ ...one, ...(ofPublic ? { position: one.publicPosition ?? 0, version: one.publicVersion } : {}) }));
  const now = new Map(
    events.flatMap(({ subject }) => {
      const thing = nowOf(subject, things, channel);
      return thing ? [[subject, thing]] : [];
    }),
  );
  const { entries } = entriesOf(events, now, { show: channel.show, before });
  return entries.map((entry) => ({ position: entry.position ?? 0, frame: channel.frame(entry) }));
}
