import {
  heldBoth,
  type LookBeforeNew,
  lookOf,
  newColumns,
  passLabels,
  refValues,
  type TakenArticle,
  type TakenRow,
  takenColumns,
  takenOf,
} from '../../article/change/looks.ts';
import type { StoredStatus } from '../../article/lifecycle.ts';
import { namedLabelsSql } from '../../article/read/label-names.ts';
import { instantSql, statusSql, tookItemSql } from '../../article/read/view-sql.ts';
import {
  type ItemPlace,
  itemLock,
  rememberedValues,
  rememberIfSql,
  rememberSql,
  type SentItem,
  tryLockItemSql,
} from '../../article/source-items.ts';
import { notFound } from '../../core/errors.ts';
import type { ItemsFrom, SendingSource } from '../../core/item-sender.ts';
import { type LabelRef, splitLabelRefs } from '../../core/label-ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import { expectFew } from '../../db/sql.ts';
import type { Tx } from '../../db/tx.ts';

/**
 * An article, as far as a wire's item needs it. `status`: as stored. `live`: that is published, whatever its dates say.
 * `withdrawn`: readers had it, and a step or a kill took it from them.
 */
export type Known = { id: string; version: number; item_version: number | null } & {
  status: StoredStatus;
  live: boolean;
  withdrawn: boolean;
  trashed: boolean;
};

const sourceText = namedLabelsSql(
  'sources',
  '$1',
  '$2',
  `x.items_from AS "itemsFrom", ${tryLockItemSql('x.id', '$3::text')} AS locked`,
);

/** `locked`: the lock on the item was free, and is taken now. */
export type SourceOfItem = SendingSource & { readonly locked: boolean };

/** A source by any of its names, and who may send its items. Takes the lock on one item if that is free. Throws 404. */
export async function findSource(tx: Tx, ref: LabelRef, itemId: string): Promise<SourceOfItem> {
  const { ids, called } = splitLabelRefs([ref]);
  const [source] = await tx.read<SourceOfItem>({ name: 'wire-source', text: sourceText }, [ids, called, itemId]);
  if (source === undefined) throw notFound();
  return { id: source.id, itemsFrom: source.itemsFrom, locked: source.locked };
}

const knownSql = (x: 'a' | 'x') => `${x}.id::text, ${x}.version, ${x}.item_version, ${x}.status,
    ${x}.status = 'published' AND ${x}.deleted_at IS NULL AS live, ${x}.deleted_at IS NOT NULL AS trashed,
    ${x}.status <> 'published' AND ${x}.first_published_at <= now() AND ${x}.deleted_at IS NULL AS withdrawn`;
const ofItem = 'x.source_id = $1::uuid AND x.source_item_id = $2::text';

/** Fields that others have changed after the wire did; see `Touched`. */
const touchedSql = (article: string, fields: string) => `SELECT x.field,
    coalesce(max(x.version) FILTER (WHERE x.wires), 1) AS base FROM (
      SELECT f AS field, o.version, o.step, EXISTS (SELECT FROM @revisions r WHERE r.article_id = o.article_id
        AND r.at = o.at AND r.version <= o.version AND ${tookItemSql}) AS wires
      FROM @revisions o, unnest(o.changed) f WHERE o.article_id = ${article}
        AND ${expectFew.number('o.version')} AND f = ANY(${fields}) AND ${expectFew.text('f')}
    ) x GROUP BY x.field
    HAVING max(x.version) FILTER (WHERE NOT x.wires AND x.step NOT IN ('kill', 'kill-asked', 'retag', 'resource')) > coalesce(max(x.version) FILTER (WHERE x.wires), 1)`;

const isNew = `NOT EXISTS (SELECT FROM @articles x WHERE ${ofItem})`;

/**
 * Whether the version is higher than any that was taken of the item, of which this call then has the only article or none; and
 * its source stays until the transaction ends.
 */
const isAhead = `EXISTS (SELECT FROM held_sources h WHERE h.id = $1::uuid::text) AND $3::int > ALL (SELECT s.version FROM sent s) AND CASE WHEN EXISTS (SELECT FROM a)
    THEN $3::int > coalesce((SELECT a.item_version FROM a), 0) ELSE ${isNew} END`;

const itemStatement = {
  name: 'wire-item',
  text: `WITH a AS MATERIALIZED (SELECT x.*, x.ctid AS place FROM @articles x WHERE ${ofItem} FOR UPDATE SKIP LOCKED),
    ${heldBoth(6, `EXISTS (SELECT FROM a) OR ${isNew}`)},
    sent AS MATERIALIZED (SELECT y.version, y.killed, y.digest FROM @source_items y
      WHERE y.source_id = $1::uuid AND y.item_id = $2::text),
    remembered AS (${rememberIfSql(isAhead)})
    SELECT (SELECT x.items_from FROM @sources x WHERE x.id = $1::uuid) AS "itemsFrom",
    (SELECT x.id::text FROM @articles x WHERE ${ofItem}) AS article,
    (SELECT row_to_json(k)::text FROM (SELECT ${knownSql('a')} FROM a) k) AS known,
    (SELECT row_to_json(k)::text FROM (SELECT ${takenColumns} FROM a) k) AS taken,
    (SELECT row_to_json(s)::text FROM sent s) AS sent,
    EXISTS (SELECT FROM remembered) AS remembered,
    (SELECT json_agg(t) FROM (${touchedSql('(SELECT a.id FROM a)', '$10::text[]')}) t)::text AS touched,
    (SELECT row_to_json(n)::text FROM (SELECT ${newColumns('$11::text')}) n WHERE ${isNew}) AS look`,
};

type ItemRow = Readonly<Record<'article' | 'known' | 'taken' | 'sent' | 'touched' | 'look', string | null>> & {
  readonly remembered: boolean;
  readonly itemsFrom: ItemsFrom | null;
};

/** What a look told of an item. */
export type LookedItem = { place: ItemPlace; source: SendingSource; row: ItemRow; coming: Coming };

/**
 * What there is of an item. `taken`: the article, unless it had to be waited for. `remembered`: whether the version that came
 * is the highest, and is remembered already. `touched`: null if it has to be asked for. `look`: what there is before a new
 * article; null if there is one.
 */
export type FoundItem = {
  known: Known | null;
  taken: TakenArticle | null;
  sent: SentItem | null;
  remembered: boolean;
  touched: Touched[] | null;
  look: LookBeforeNew | null;
  coming: Coming;
};

export type Coming = SentItem & { readonly fields: readonly string[]; readonly slug: string };

/**
 * Looks for the article that stands for an item, with a lock on its row and then on the labels, and for what was sent of the
 * item last. Null if there is no source with this id. `coming`: what has come, with the fields that it names and the slug that
 * a new article would have. `locked`: whether the call has locked the item; if not, it has taken its turn, and the lock is
 * taken in the same round trip.
 */
export async function lookAtItem(
  tx: Tx,
  place: ItemPlace,
  { tags, coming, locked }: { tags: readonly LabelRef[]; coming: Coming; locked: boolean },
): Promise<LookedItem | null> {
  const labels = { source: { id: place.sourceId }, tags };
  passLabels(tx, labels);
  const values = [...rememberedValues(place, coming), ...refValues(labels), coming.fields, coming.slug];
  const [row] = locked
    ? await tx.read<ItemRow>(itemStatement, values)
    : await tx.readBehind<ItemRow>(itemLock, itemStatement, values);
  if (row === undefined) throw new Error('the database did not say what there is of an item');
  const { itemsFrom } = row;
  return itemsFrom && { place, source: { id: place.sourceId, itemsFrom }, row, coming };
}

/**
 * What there is of an item after the look at it. An article that another call holds is waited for in a statement of its own,
 * which reads it as it is afterwards.
 */
export async function takeItem(tx: Tx, { place, row, coming }: LookedItem): Promise<FoundItem> {
  const free: Known | null = row.known === null ? null : JSON.parse(row.known);
  if (free !== null) tx.turn(articleTurn(free.id));
  const taken: TakenRow | null = row.taken === null ? null : JSON.parse(row.taken);
  const touched: Touched[] = row.touched === null ? [] : JSON.parse(row.touched);
  return {
    known: free ?? (row.article === null ? null : await lockArticle(tx, row.article, place)),
    taken: free === null || taken === null ? null : await takenOf(tx, free.id, taken),
    sent: row.sent === null ? null : JSON.parse(row.sent),
    remembered: row.remembered,
    // What the article was before another call changed it is not what the desk has made of it.
    touched: taken?.fresh === true ? touched : null,
    look: row.look === null ? null : lookOf(JSON.parse(row.look)),
    coming,
  };
}

const lockStatement = {
  name: 'wire-lock',
  text: `SELECT ${knownSql('x')} FROM @articles x WHERE ${ofItem} AND x.id = $3::uuid FOR UPDATE`,
};

/** The article of an item, with a lock on its row; null if it stands for another item by now, or is gone. */
async function lockArticle(tx: Tx, id: string, { sourceId, itemId }: ItemPlace): Promise<Known | null> {
  tx.turn(articleTurn(id));
  return (await tx.read<Known>(lockStatement, [sourceId, itemId, id]))[0] ?? null;
}

/** Whether an article exists only because of a kill notice for an item that never came: only its source has touched it. */
export async function isPlaceholder(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT 1 AS other FROM @revisions r WHERE r.article_id = $1::uuid AND r.step NOT IN ('kill', 'resource') LIMIT 1`;
  return (await tx.read<{ other: number }>({ name: 'wire-placeholder', text }, [articleId])).length === 0;
}

/** Whether the last thing that the wire sent about an article was a kill that the desk has still to decide on. */
export async function isKillAsked(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT r.step FROM @revisions r WHERE r.article_id = $1::uuid
    AND (r.step IN ('kill', 'kill-asked') OR ${tookItemSql}) ORDER BY r.version DESC LIMIT 1`;
  return (await tx.read<{ step: string }>({ name: 'wire-kill-asked', text }, [articleId]))[0]?.step === 'kill-asked';
}

type Unseen = { status: 'scheduled' | 'expired'; at: string };

/**
 * Why readers do not see a published article: whether it is scheduled or expired, and when that ends or began. Null if
 * readers see it, or if it is not published.
 */
export async function findUnseen(tx: Tx, articleId: string): Promise<Unseen | null> {
  const text = `SELECT ${statusSql} AS status, ${instantSql('CASE WHEN a.published_at > now() THEN a.published_at ELSE a.expires_at END')} AS at
    FROM @articles a WHERE a.id = $1::uuid AND ${statusSql} IN ('scheduled', 'expired')`;
  return (await tx.read<Unseen>({ name: 'wire-unseen', text }, [articleId]))[0] ?? null;
}

export type Touched = { field: string; base: number };

/**
 * The fields that others have changed after the wire did. `base` is the last version in which the wire changed the field: 1
 * if it never did. Publishing in the same call counts as the wire's change. A kill, which clears dates ahead, counts as
 * nobody's edit. In the same statement, the version that is being taken is remembered.
 */
export async function findTouched(tx: Tx, articleId: string, place: ItemPlace, coming: Coming): Promise<Touched[]> {
  return tx.read<Touched>(touchedStatement, [...rememberedValues(place, coming), articleId, coming.fields]);
}

const touchedStatement = {
  name: 'wire-touched',
  text: `WITH remembered AS (${rememberSql}) ${touchedSql('$6::uuid', '$7::text[]')}`,
};

/** From the id or slug of a merged tag to the id of its successor. */
export async function findSuccessors(tx: Tx, was: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const text = `SELECT h.was, h.tag_id::text AS heir FROM @label_history h WHERE h.kind = 'tag' AND h.was = ANY($1::text[])`;
  const rows = await tx.read<{ was: string; heir: string }>({ name: 'wire-successors', text }, [was]);
  return new Map(rows.map((row) => [row.was, row.heir]));
}
