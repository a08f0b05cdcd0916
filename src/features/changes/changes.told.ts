import type { Db } from '../../db/client.ts';
import type { Bind } from '../../db/sql.ts';
import type { LabelFeed } from '../../labels/feed.ts';
import { eventMatches, readFilter } from './changes.filter.ts';
import { labelNow } from './changes.pages.ts';
import { type Now, type Show, toldJson } from './changes.presenter.ts';
import { articlesNow, type Followed, itemSql, readEvents, storedSizeSql } from './changes.repository.ts';
import { type ChangeAudience, type Kind, kinds } from './changes.schema.ts';

/** Whom somebody else tells of changes: by ids, where lists that are empty filter nothing. */
export type Told = {
  readonly audience: ChangeAudience;
  readonly withItem: boolean;
  readonly tagIds: readonly string[];
  readonly sourceIds: readonly string[];
  readonly languages: readonly string[];
};

export type ToldChanges = {
  /** SQL: whether they are told of the event `e`. */
  matching(told: Told, bind: Bind): Promise<string>;
  /**
   * The entries by which these events tell them of their subjects as they are now, by the ids of the events. A longer entry
   * comes without the item.
   */
  entries(eventIds: readonly string[], told: Told, bytesMax: number): Promise<ReadonlyMap<string, string>>;
};

export type ToldParts = {
  db: Pick<Db, 'read'>;
  publicUrl: string;
  labels: Readonly<Record<'source' | 'tag', LabelFeed>>;
};

const refs = (ids: readonly string[]) => (ids.length === 0 ? undefined : ids.map((id) => ({ id })));

const queryOf = ({ tagIds, sourceIds, languages }: Told) => ({
  tag: refs(tagIds),
  source: refs(sourceIds),
  language: languages.length === 0 ? undefined : [...languages],
});

/** SQL for the JSON of an article, null for one that is stored in more bytes: so no JSON is made only to be dropped. */
const smallItemSql = (bytesMax: number) => `CASE WHEN ${storedSizeSql} <= ${bytesMax} THEN ${itemSql} END`;

type Asked = { followed: Followed; show: Show; bytesMax: number };

/** The changes as others tell of them, one by one. */
export function toldChanges({ db, publicUrl, labels }: ToldParts): ToldChanges {
  const nowOf = async (kind: Kind, ids: readonly string[], { followed, show, bytesMax }: Asked): Promise<Now[]> => {
    if (kind !== 'article') return ids.length === 0 ? [] : (await labels[kind].byIds(ids)).map(labelNow);
    const item = show === 'item' ? smallItemSql(bytesMax) : null;
    return articlesNow(db.read, ids, followed, { what: `told-${show}`, item, whole: false, bytesMax, publicUrl });
  };

  return {
    matching: async (told, bind) => eventMatches(await readFilter(db.read, queryOf(told)), told.audience, bind),
    async entries(eventIds, told, bytesMax) {
      const { audience, withItem } = told;
      const show = withItem ? 'item' : 'entry';
      const events = await readEvents(db.read, eventIds, audience);
      const followed = { audience, kinds, filter: await readFilter(db.read, queryOf(told)) };
      const idsOf = (kind: Kind) => [
        ...new Set(events.flatMap((event) => (event.kind === kind ? [event.subject] : []))),
      ];
      const found = await Promise.all(kinds.map((kind) => nowOf(kind, idsOf(kind), { followed, show, bytesMax })));
      const now = new Map(found.flat().map((thing) => [thing.id, thing]));
      return new Map(events.map((event) => [event.id, toldJson(event, now.get(event.subject), show, bytesMax)]));
    },
  };
}
