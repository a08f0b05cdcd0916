import type { ArticleField } from '../../article/fields.ts';
import { checkStates } from '../../article/read/asked-states.ts';
import { chosen, fieldsOf, lean } from '../../article/read/shown-fields.ts';
import { callerOf } from '../../article/read/visible.ts';
import { highlightsOf } from '../../article/search/highlights.ts';
import { readItems } from '../../article/search/items.ts';
import { findLabels } from '../../article/search/labels.ts';
import { openShares } from '../../article/search/shares.ts';
import type { Stems } from '../../article/search/stems.ts';
import type { AskedWords, Done, WithWords } from '../../article/search/words.ts';
import type { Actor } from '../../core/actor.ts';
import { cacheKeys } from '../../core/cache-keys.ts';
import type { Clock } from '../../core/clock.ts';
import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { rangeFrom, rangeTo } from '../../http/schema/day.ts';
import { type Asked, newestPage, relevantPage } from './search.pages.ts';
import { presentHits } from './search.presenter.ts';
import type { SearchQuery } from './search.schema.ts';

/** A page of a search: its items as one JSON array, the cursor of the next, seconds until time changes it. */
export type SearchPage = { data: string; nextCursor: string | null; maxAgeS: number | undefined; keys: string[] };

export type SearchService = { search(actor: Actor | null, query: SearchQuery): Promise<SearchPage> };

export type SearchParts = {
  db: Db;
  cursors: Cursors;
  stems: Stems;
  words: WithWords;
  publicUrl: string;
  timeZone: string;
  clock: Clock;
};

const nothing = { result: { data: '[]', nextCursor: null, maxAgeS: undefined }, aliases: undefined };

const byId = (ids: readonly string[]) => ids.map((id) => ({ id }));

export function searchService({
  db,
  cursors,
  stems,
  words: withWords,
  publicUrl,
  timeZone,
  clock,
}: SearchParts): SearchService {
  const { read } = db;
  const shareOf = openShares(read);

  /** What to look for; null if nothing can be found, as no word is left or a label does not exist. */
  const askedOf = async (actor: Actor | null, query: SearchQuery, words: AskedWords): Promise<Asked | null> => {
    const { tag, source, language: languages, publishedFrom, publishedTo, status: states, limit, after } = query;
    const { tags, sources } = await findLabels(read, { tags: tag, sources: source });
    if (words === null || tags?.ids.length === 0 || sources?.ids.length === 0) return null;
    const filter = {
      ...callerOf(actor),
      states,
      languages,
      tags: tags === null ? undefined : byId(tags.ids),
      sources: sources === null ? undefined : byId(sources.ids),
      publishedFrom: publishedFrom && rangeFrom(publishedFrom, timeZone),
      publishedTo: publishedTo && rangeTo(publishedTo, timeZone),
    };
    const labels = { tags: tags?.keys ?? null, sources: sources?.keys ?? null };
    return { walk: { filter, labels, now: new Date(clock()) }, share: await shareOf(words), words, limit, after };
  };

  const pageOf = async (
    actor: Actor | null,
    query: SearchQuery,
    { asked, fields }: { asked: Asked; fields: readonly ArticleField[] },
  ): Promise<Done<Omit<SearchPage, 'keys'>>> => {
    const isUsual = query.fields === undefined;
    const shownAs = { viewer: { ...callerOf(actor), publicUrl }, fields };
    const page =
      query.sort === 'relevance'
        ? await relevantPage({ read, cursors }, asked)
        : await newestPage({ read, cursors }, asked, isUsual ? shownAs : null);
    const { items, cut, changesIn } = page.items ?? (await readItems(read, page.ids, { ...shownAs, isUsual }));
    const shown = items.map(({ id }) => id);
    const marks = query.highlight === 'true' ? await highlightsOf(read, shown, { words: asked.words, stems }) : null;
    const last = shown.at(-1);
    const result = {
      data: presentHits(items, marks),
      nextCursor: cut && last !== undefined ? page.cursorAfter(last) : page.nextCursor,
      maxAgeS: changesIn ?? undefined,
    };
    return { result, aliases: page.aliases };
  };

  return {
    async search(actor, query) {
      checkStates(actor, query.status);
      const fields = chosen(fieldsOf(actor), query.fields, lean);
      const ofStories = fields.includes('translations') ? [cacheKeys.stories] : [];
      const keys = [cacheKeys.search, cacheKeys.tags, cacheKeys.sources, ...ofStories];
      const page = await withWords({ q: query.q, languages: query.language }, async (words) => {
        const asked = await askedOf(actor, query, words);
        return asked === null ? nothing : pageOf(actor, query, { asked, fields });
      });
      return { ...page, keys };
    },
  };
}
