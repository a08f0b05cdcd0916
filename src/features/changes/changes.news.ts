import { instantSql, knowsPublicUrl } from '../../article/read/view-sql.ts';
import { publicPredicate } from '../../article/read/visible.ts';
import { expectFew } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { At } from './changes.cursor.ts';
import { ofSnapshot, sides } from './changes.filter.ts';
import type { EventRow } from './changes.presenter.ts';
import { eventAt, itemSql, newestSql, slugSql, storedSizeSql } from './changes.repository.ts';

/** What is read for all streams at once: events with all that their filters ask of them, and articles as they are now. */

/** Where an article was listed; a label's side has its slug alone. */
export type Side = { tags?: readonly string[]; source?: string | null; language?: string };

/**
 * An event in both orders, with the newest version known in each; `publicPosition`: null if strangers do not know of it.
 * `then`: the article in the versions before and after, by its revisions; null if it has none any more, or if nobody asked.
 */
export type News = EventRow & {
  publicPosition: number | null;
  publicVersion: number;
  before: Side | null;
  after: Side | null;
  then: readonly Side[] | null;
};

/** The last event in each order. */
export type Heads = { readonly all: At; readonly public: At };

const headsText = {
  name: 'stream-heads',
  text: `SELECT h.position::float8 AS position, coalesce((${eventAt('position', 'h.position')})::text, '') AS "eventId",
    h.public_position::float8 AS "publicPosition", coalesce((${eventAt('public_position', 'h.public_position')})::text, '') AS "publicEventId"
  FROM @changes_head h`,
};

export async function readBothHeads(read: Read): Promise<Heads> {
  const [row] = await read<{ position: number; eventId: string; publicPosition: number; publicEventId: string }>(
    headsText,
  );
  const { position = 0, eventId = '', publicPosition = 0, publicEventId = '' } = row ?? {};
  return { all: { position, eventId }, public: { position: publicPosition, eventId: publicEventId } };
}

const thenSql = `(SELECT json_agg(json_build_object('tags', ${ofSnapshot.tags}, 'source', ${ofSnapshot.source}, 'language', ${ofSnapshot.language}))
    FILTER (WHERE r.version IN (e.version, e.version - 1)) FROM @revisions r WHERE r.article_id = e.subject_id)`;

/** Whether there is any revision, so that no version among them means no match. */
const revisedSql = 'EXISTS (SELECT FROM @revisions r WHERE r.article_id = e.subject_id)';

const newsText = {
  name: 'stream-news',
  text: `SELECT h.position::float8 AS head,
    CASE WHEN (SELECT $2::uuid) IS NULL THEN $1::bigint = h.position OR EXISTS (${eventAt('position', '$1::bigint + 1')})
      ELSE coalesce((${eventAt('position', '$1::bigint')}) = $2::uuid, false) END AS known,
    (SELECT coalesce(json_agg(f ORDER BY f.position), '[]') FROM (
      SELECT c.position, c.public_position AS "publicPosition", e.id, e.type, ${instantSql('e.at')} AS at, e.subject_type AS kind,
        e.subject_id AS subject, ${newestSql('position')} AS version, ${newestSql('public_position')} AS "publicVersion", ${slugSql} AS slug, e.keys, ${sides.before} AS before, ${sides.after} AS after,
        CASE WHEN $4::boolean AND e.subject_type = 'article' AND ${revisedSql} THEN coalesce(${thenSql}, '[]') END AS "then"
      FROM @changes c JOIN @events e ON e.seq = c.event_seq
      WHERE c.position > $1::bigint AND c.position <= $1::bigint + $3::int AND ${expectFew.number('c.position')}) f) AS news
  FROM @changes_head h`,
};

/** `known`: whether the place exists in this database's history. */
export type NewsFound = { head: number; known: boolean; news: News[] };

/** The events after a place in the order of all, at most `limit`. `revisions`: what they were for staff too. */
export async function readNews(
  read: Read,
  after: At,
  { limit, revisions }: { limit: number; revisions: boolean },
): Promise<NewsFound> {
  const eventId = after.eventId === '' ? null : after.eventId;
  const [row] = await read<NewsFound>(newsText, [String(after.position), eventId, String(limit), String(revisions)]);
  if (row === undefined) throw new Error('the head of the changes is gone');
  return row;
}

/** An article as it is now: what filters ask of it, and its JSON where it was asked for and there was room. */
export type ArticleFacts = {
  id: string;
  slug: string;
  version: number;
  public: boolean;
  trashed: boolean;
  tags: readonly string[];
  source: string | null;
  language: string;
  fits: boolean;
  item: string | null;
  latest: string | null;
};

/** The most bytes of articles that are read at once, as they are stored. */
const bytesMax = 4_000_000;

const factsText = (latestItem: string) => ({
  name: 'stream-articles',
  text: `SELECT a.id::text, a.slug, a.version, q.public, a.deleted_at IS NOT NULL AS trashed, q.fits, a.language, a.source_id::text AS source,
      ARRAY(SELECT y.tag_id::text FROM @article_tags y WHERE y.article_id = a.id) AS tags,
      CASE WHEN q.fits AND q.whole THEN ${itemSql}::text END AS item,
      CASE WHEN q.fits AND q.public AND a.id = ANY($4::uuid[]) THEN ${latestItem}::text END AS latest
    FROM (SELECT w.*, w.before = 0 OR w.before + w.size <= ${bytesMax} AS fits FROM (
      SELECT v.*, sum(v.size) OVER (ORDER BY v.n) - v.size AS before FROM (
        SELECT i.n, a.id, (${publicPredicate}) AS public, a.id = ANY($3::uuid[]) AS whole,
          CASE WHEN a.id = ANY($3::uuid[]) THEN ${storedSizeSql} ELSE 0 END AS size
        FROM unnest($2::uuid[]) WITH ORDINALITY i (id, n) JOIN @articles a ON a.id = i.id WHERE ${expectFew.text('i.id::text')}) v) w) q
    JOIN @articles a ON a.id = q.id LEFT JOIN @sources s ON s.id = a.source_id WHERE ${knowsPublicUrl} ORDER BY q.n`,
});

export type FactsAsked = {
  ids: readonly string[];
  /** Those of which the whole is wanted, and those that the latest list may show. */
  items: readonly string[];
  latest: readonly string[];
};

/** Reads those of these articles that exist. `latestItem`: SQL of their JSON in the latest list. */
export function articleFacts(
  read: Read,
  { publicUrl, latestItem }: { publicUrl: string; latestItem: string },
): (asked: FactsAsked) => Promise<ArticleFacts[]> {
  const statement = factsText(latestItem);
  return async ({ ids, items, latest }) =>
    ids.length === 0 ? [] : read<ArticleFacts>(statement, [publicUrl, ids, items, latest]);
}
