import { type LabelRef, splitLabelRefs } from '../../core/label-ref.ts';
import type { Ref } from '../../core/ref.ts';
import { articleTurn, labelTurns } from '../../core/turn-keys.ts';
import type { Value } from '../../db/sql.ts';
import type { Tx } from '../../db/tx.ts';
import type { Stored } from '../content.ts';
import { recordOf } from '../fields.ts';
import { type LabelTable, namedLabelsSql } from '../read/label-names.ts';
import type { Viewer } from '../read/page.ts';
import { instantSql } from '../read/view-sql.ts';
import { type Audience, audiences, callerValues, visibleTo } from '../read/visible.ts';
import { storedSql, thisMoment } from './stored-sql.ts';

/** What a write has to know before it decides: one statement for a new article, one for a change of an existing one. */

/** The labels that a call names. */
export type LabelRefs = { readonly source: LabelRef | null; readonly tags: readonly LabelRef[] };

/** The labels that were found, from what the call names to their ids. They stay until the transaction ends. */
export type HeldLabels = Readonly<Record<LabelTable, ReadonlyMap<string, { id: string }>>>;

export const noLabels: HeldLabels = { sources: new Map(), tags: new Map() };

export const labelTables = ['sources', 'tags'] as const satisfies LabelTable[];

/**
 * Locked as `holdNamed` locks them; but who has to wait for one waits in a statement of its own, for which alone the time
 * counts. `when`: a condition that is decided first.
 */
const heldSql = (table: LabelTable, ids: string, called: string, when: string) => `held_${table} AS MATERIALIZED (
    ${namedLabelsSql(table, ids, called, 'x.slug')} WHERE ${when} ORDER BY x.id FOR KEY SHARE OF x SKIP LOCKED)`;

export const heldJson = (table: LabelTable) =>
  `(SELECT coalesce(json_agg(json_build_array(h.asked, h.id)), '[]') FROM held_${table} h)::text AS ${table}`;

export const heldBoth = (from: number, when: string) =>
  labelTables
    .map((table, index) => heldSql(table, `$${from + 2 * index}`, `$${from + 2 * index + 1}`, when))
    .join(', ');

export const refValues = ({ source, tags }: LabelRefs): Value[] => valuesOfRefs(source === null ? [] : [source], tags);

export function valuesOfRefs(sources: readonly LabelRef[], tags: readonly LabelRef[]): Value[] {
  const [ofSources, ofTags] = [splitLabelRefs(sources), splitLabelRefs(tags)];
  return [ofSources.ids, ofSources.called, ofTags.ids, ofTags.called];
}

export type HeldRow = Readonly<Record<LabelTable, string>>;

export function heldOf(row: HeldRow): HeldLabels {
  return recordOf<HeldLabels>(labelTables, (table) => {
    const named: [name: string, id: string][] = JSON.parse(row[table]);
    return new Map(named.map(([name, id]) => [name, { id }]));
  });
}

/** Labels may be shared by many calls and are sometimes held by one that removes them: that one is waited for outside. */
export function passLabels(tx: Tx, { source, tags }: LabelRefs): void {
  if (source !== null) tx.pass(...labelTurns('sources', source));
  if (tags.length > 0) tx.pass(...labelTurns('tags', ...tags));
}

/** What is read before a new article with this slug, with the labels that were locked before. */
export const newColumns = (slug: string) =>
  `${instantSql("date_trunc('milliseconds', now())")} AS now, ${labelTables.map(heldJson).join(', ')},
    EXISTS (SELECT FROM @articles a WHERE a.slug = ${slug}) AS "slugTaken"`;

const newText = `WITH ${heldBoth(2, 'true')} SELECT ${newColumns('$1::text')}`;

export type LookBeforeNew = {
  /** The database's time, RFC 3339 in UTC, in whole milliseconds. */
  readonly now: string;
  readonly held: HeldLabels;
  /** A hint: the unique index decides. */
  readonly slugTaken: boolean;
};

export async function lookBeforeNew(tx: Tx, slug: string, refs: LabelRefs): Promise<LookBeforeNew> {
  passLabels(tx, refs);
  const statement = { name: 'look-before-new', text: newText };
  const [row] = await tx.read<NewRow>(statement, [slug, ...refValues(refs)]);
  if (row === undefined) throw new Error('the database did not say the time');
  return lookOf(row);
}

export type NewRow = HeldRow & Omit<LookBeforeNew, 'held'>;

export const lookOf = (row: NewRow): LookBeforeNew => ({ now: row.now, slugTaken: row.slugTaken, held: heldOf(row) });

/** An instant that is nearer than this may pass before the transaction ends, which takes ten seconds at most. */
const nearing = "interval '30 seconds'";

/**
 * What is read of the locked article `a`, with the labels that were locked after it. A lock that was waited for gives the row
 * as it is since; whatever else the statement reads is as it was before. `fresh` says whether the row, which had the `place`,
 * was the same before.
 */
export const takenColumns = `${storedSql} AS stored, ${labelTables.map(heldJson).join(', ')}, ${thisMoment} AS clock,
    a.place = (SELECT x.ctid FROM @articles x WHERE x.id = a.id) AS fresh,
    EXISTS (SELECT FROM @due d WHERE d.article_id = a.id AND d.at <= statement_timestamp() + ${nearing}) AS "dueSoon"`;

/** Locks the article, then the labels. */
const takeText = (audience: Audience) => `WITH a AS MATERIALIZED (
    SELECT x.*, x.ctid AS place FROM @articles x WHERE x.id = $1::uuid AND ($2::text IS NULL OR x.slug = $2::text) FOR UPDATE),
    ${heldBoth(3, 'EXISTS (SELECT FROM a)')}
  SELECT ${takenColumns}, ${visibleTo(audience, '$7')} AS visible FROM a`;

const takeStatements = recordOf<Record<Audience, { name: string; text: string }>>(audiences, (audience) => ({
  name: `take-article-${audience}`,
  text: takeText(audience),
}));

export type TakenRow = HeldRow & { stored: string; fresh: boolean; clock: string; dueSoon: boolean };

/** An article that is locked. */
export type TakenArticle = {
  readonly stored: Stored;
  readonly held: HeldLabels;
  /** The time of the statement, which is later than the transaction's own if the lock was waited for. */
  readonly clock: string;
  /** Whether an instant of the article has passed that nobody has recorded yet, or may pass before this transaction ends. */
  readonly dueSoon: boolean;
};

async function idOf(tx: Tx, ref: Ref): Promise<string | null> {
  if ('id' in ref) return ref.id;
  const text = 'SELECT a.id::text FROM @articles a WHERE a.slug = $1';
  return (await tx.read<{ id: string }>({ name: 'article-by-slug', text }, [ref.slug]))[0]?.id ?? null;
}

/**
 * The article with a lock on its row, so that changes of one article follow each other, and the labels that the call names.
 * Null if the article is missing or this viewer may not see it.
 */
export async function takeArticle(tx: Tx, ref: Ref, viewer: Viewer, refs: LabelRefs): Promise<TakenArticle | null> {
  const id = await idOf(tx, ref);
  if (id === null) return null;
  tx.turn(articleTurn(id));
  passLabels(tx, refs);
  const values = [id, 'slug' in ref ? ref.slug : null, ...refValues(refs), ...callerValues(viewer)];
  const [row] = await tx.read<TakenRow & { visible: boolean }>(takeStatements[viewer.audience], values);
  return row?.visible ? takenOf(tx, id, row) : null;
}

export async function takenOf(tx: Tx, id: string, row: TakenRow): Promise<TakenArticle | null> {
  const stored: Stored | null = row.fresh ? JSON.parse(row.stored) : await readTaken(tx, id);
  return stored && { stored, held: heldOf(row), clock: row.clock, dueSoon: row.dueSoon || !row.fresh };
}

const againStatement = {
  name: 'read-taken-article',
  text: `SELECT ${storedSql} AS stored FROM @articles a WHERE a.id = $1::uuid`,
};

/** Another transaction has changed the article while this one waited: what belongs to it is read anew. */
async function readTaken(tx: Tx, id: string): Promise<Stored | null> {
  const [row] = await tx.read<{ stored: string }>(againStatement, [id]);
  return row === undefined ? null : JSON.parse(row.stored);
}
