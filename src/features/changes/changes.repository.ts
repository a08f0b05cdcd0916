import { keptFields } from '../../article/field-lists.ts';
import { articleJson, instantSql, knowsPublicUrl } from '../../article/read/view-sql.ts';
import { publicPredicate } from '../../article/read/visible.ts';
import { binder, expectFew, type Statement } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { At } from './changes.cursor.ts';
import { eventMatches, type Filter, filtersNothing, matchesNow, sides } from './changes.filter.ts';
import type { EventRow, Now } from './changes.presenter.ts';
import type { ChangeAudience, Kind } from './changes.schema.ts';

/** The most events or articles that are read for one page, however few of them match. */
const lookMax = 2_000;

const orderOf = (audience: ChangeAudience) => (audience === 'public' ? 'public_position' : 'position');

const visibleSql = (audience: ChangeAudience) => (audience === 'public' ? publicPredicate : 'a.deleted_at IS NULL');

type TailRow = { known: boolean; head: number; end: number; end_id: string | null; events: EventRow[] };

/** The events after a place, read up to `end`. `known`: whether the place exists in this database's history. */
export type Tail = { known: boolean; head: number; end: At; events: EventRow[] };

export type Followed = { audience: ChangeAudience; kinds: readonly Kind[]; filter: Filter };

/** Prepared where nothing is filtered: then the text recurs. */
const prepared = (name: string, text: string, filter: Filter): Statement =>
  filtersNothing(filter) ? { name, text } : { text };

export const eventAt = (order: string, position: string) =>
  `SELECT e.id FROM @changes c JOIN @events e ON e.seq = c.event_seq WHERE c.${order} = ${position}`;

/** The slug of the subject of the event `e`, at that time. */
/**
 * SQL: the newest version of the thing of the event `e` that this audience knows of. What is told of an event is the thing as
 * it is now, so that an earlier event may have told of a later version than its own.
 */
export const newestSql = (
  order: string,
) => `coalesce((SELECT n.version FROM @events n JOIN @changes m ON m.event_seq = n.seq
  WHERE n.subject_id = e.subject_id AND n.type LIKE n.subject_type || '.%' AND m.${order} IS NOT NULL ORDER BY n.seq DESC LIMIT 1), e.version)`;

export const slugSql = `coalesce(${sides.before}->>'slug', ${sides.after}->>'slug', e.data->>'slug', '')`;

/** Those of these events that are kept and that this audience is told of. */
export async function readEvents(read: Read, ids: readonly string[], audience: ChangeAudience): Promise<EventRow[]> {
  const order = orderOf(audience);
  const text = `SELECT json_build_object('position', c.${order}, 'id', e.id, 'type', e.type, 'at', ${instantSql('e.at')}, 'kind', e.subject_type,
      'subject', e.subject_id, 'version', ${newestSql(order)}, 'slug', ${slugSql}, 'keys', e.keys) AS event
    FROM unnest($1::uuid[]) i JOIN @events e ON e.id = i JOIN @changes c ON c.event_seq = e.seq
    WHERE c.${order} IS NOT NULL AND ${expectFew.text('i::text')}`;
  const rows = await read<{ event: EventRow }>({ name: `changes-events-${audience}`, text }, [ids]);
  return rows.map(({ event }) => event);
}

/**
 * The events after a place. The place itself is looked up too: it may have been deleted, or be missing in a database that
 * was restored from a backup.
 */
export async function readTail(
  read: Read,
  after: At,
  { audience, kinds, filter }: Followed,
  limit: number,
): Promise<Tail> {
  const order = orderOf(audience);
  const { bind, values } = binder([
    String(after.position),
    after.eventId === '' ? null : after.eventId,
    kinds,
    String(limit),
  ]);
  const text = `WITH head AS MATERIALIZED (SELECT h.${order} AS head FROM @changes_head h), found AS MATERIALIZED (
      SELECT c.${order} AS position, e.id, e.type, ${instantSql('e.at')} AS at, e.subject_type AS kind, e.subject_id AS subject,
        ${newestSql(order)} AS version, ${slugSql} AS slug, e.keys
      FROM @changes c JOIN @events e ON e.seq = c.event_seq
      WHERE c.${order} > $1::bigint AND c.${order} <= $1::bigint + ${lookMax} AND ${expectFew.number(`c.${order}`)} AND e.subject_type = ANY($3::text[])
        AND e.type LIKE e.subject_type || '.%' AND ${eventMatches(filter, audience, bind)}
      ORDER BY c.${order} LIMIT $4::int
    ), reach AS (
      SELECT CASE WHEN (SELECT count(*) FROM found) < $4::int THEN least($1::bigint + ${lookMax}, greatest(head, $1::bigint))
        ELSE (SELECT max(position) FROM found) END AS reach FROM head
    )
    SELECT head::float8 AS head, reach::float8 AS end, (${eventAt(order, 'reach')})::text AS end_id,
      CASE WHEN (SELECT $2::uuid) IS NULL THEN $1::bigint = head OR EXISTS (${eventAt(order, '$1::bigint + 1')}) ELSE coalesce((${eventAt(order, '$1::bigint')}) = $2::uuid, false) END AS known,
      (SELECT coalesce(json_agg(f ORDER BY f.position), '[]') FROM found f) AS events
    FROM head, reach`;
  const [row] = await read<TailRow>(prepared(`changes-tail-${audience}`, text, filter), values);
  if (row === undefined) throw new Error('the head of the changes is gone');
  return {
    known: row.known,
    head: row.head,
    end: { position: row.end, eventId: row.end_id ?? '' },
    events: row.events,
  };
}

/** The last event in the order of an audience; position 0 if there is none. */
export async function readHead(read: Read, audience: ChangeAudience): Promise<At> {
  const order = orderOf(audience);
  const text = `SELECT h.${order}::float8 AS position, coalesce((${eventAt(order, `h.${order}`)})::text, '') AS "eventId" FROM @changes_head h`;
  const [head] = await read<At>({ name: `changes-head-${audience}`, text });
  return head ?? { position: 0, eventId: '' };
}

/** Followed articles after an id, in the order of ids. `looked`: the id up to which articles were read; null at the end. */
export async function walkArticles(
  read: Read,
  after: string | null,
  { audience, filter }: Followed,
  limit: number,
): Promise<{ ids: string[]; looked: string | null }> {
  const { bind, values } = binder([after ?? '00000000-0000-0000-0000-000000000000', String(limit)]);
  const some = `SELECT x.id FROM @articles x WHERE x.id > $1::uuid ORDER BY x.id LIMIT ${lookMax}`;
  const text = `WITH found AS MATERIALIZED (SELECT a.id FROM (${some}) w JOIN @articles a ON a.id = w.id
      WHERE ${visibleSql(audience)} AND ${matchesNow(filter, bind)} ORDER BY w.id LIMIT $2::int)
    SELECT ARRAY(SELECT id::text FROM found) AS ids, CASE WHEN (SELECT count(*) FROM found) = $2::int
        THEN (SELECT id::text FROM found ORDER BY id DESC LIMIT 1)
      ELSE (SELECT w.id::text FROM (${some}) w ORDER BY w.id OFFSET ${lookMax - 1}) END AS looked`;
  const statement = prepared(`changes-walk-${audience}`, text, filter);
  const [row] = await read<{ ids: string[]; looked: string | null }>(statement, values);
  return row ?? { ids: [], looked: null };
}

/**
 * Tags and source are only ids, since they have entries of their own; other editions are left out, since they are articles.
 */
export const itemSql = articleJson(keptFields, {
  source: 'a.source_id',
  tags: `(SELECT coalesce(json_agg(y.tag_id ORDER BY y.position), '[]') FROM @article_tags y WHERE y.article_id = a.id)`,
});

/**
 * What is read of articles: `item` is the SQL of their JSON, null for none, and `what` a name for it; `whole`: it contains
 * their texts.
 */
export type Shown = {
  what: string;
  item: string | null;
  whole: boolean;
  /** The most bytes of articles on a page, as they are stored. A page has at least one article. */
  bytesMax: number;
  publicUrl: string;
};

/** About what the JSON of an article takes. */
export const storedSizeSql = 'octet_length(a.body) + octet_length(a.body_html) + 1000';

/** Those of these articles that exist, as they are now, in the order of the ids. */
export async function articlesNow(
  read: Read,
  ids: readonly string[],
  { audience, filter }: Followed,
  { what, item, whole, bytesMax, publicUrl }: Shown,
): Promise<Now[]> {
  if (ids.length === 0) return [];
  const { bind, values } = binder([publicUrl, ids]);
  const shown = `((${visibleSql(audience)}) AND ${matchesNow(filter, bind)})`;
  const size = whole ? storedSizeSql : '0';
  // Only articles that the page has room for are made into JSON.
  const json = item === null ? 'NULL::text' : `CASE WHEN q.shown AND q.fits THEN ${item}::text END`;
  const text = `SELECT a.id::text, q.slug, q.version, q.shown, q.fits, ${json} AS json FROM (
      SELECT p.*, p.before = 0 OR p.before + p.size <= ${bytesMax} AS fits FROM (
        SELECT w.*, sum(w.size) OVER (ORDER BY w.n) - w.size AS before FROM (
          SELECT i.n, a.id, a.slug, a.version, ${shown} AS shown, CASE WHEN ${shown} THEN ${size} ELSE 0 END AS size
          FROM unnest($2::uuid[]) WITH ORDINALITY i (id, n) JOIN @articles a ON a.id = i.id WHERE ${expectFew.text('i.id::text')}) w) p) q
    JOIN @articles a ON a.id = q.id LEFT JOIN @sources s ON s.id = a.source_id WHERE ${knowsPublicUrl} ORDER BY q.n`;
  return read<Now>(prepared(`changes-articles-${audience}-${what}-${bytesMax}`, text, filter), values);
}
