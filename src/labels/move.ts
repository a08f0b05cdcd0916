import { publicUrlPlaceholder } from '../article/body/urls.ts';
import { passTime } from '../article/change/due.ts';
import { keptFields } from '../article/field-lists.ts';
import { moveDraftLabel } from '../article/read/draft-sql.ts';
import { namedLabelsSql, presentLabelIdSql } from '../article/read/label-names.ts';
import { articleJson } from '../article/read/view-sql.ts';
import { conflict, type Fault, notFound, unavailable, unprocessable } from '../core/errors.ts';
import { keyOfLabel, type LabelRef, splitLabelRefs } from '../core/label-ref.ts';
import { articleTurn, labelTurns } from '../core/turn-keys.ts';
import type { Db } from '../db/client.ts';
import type { Tx } from '../db/tx.ts';
import { moveKeyLimits } from './key-limits.ts';
import type { AnyLabelKind, LabelView } from './labels.ts';
import { findNamed, leaveNames, type NamedLabel } from './references.ts';
import { articlesOf, deleteLabel, usersOf, usersSql } from './remove.ts';
import { readWrittenLabel } from './write.ts';

/**
 * Moves articles, drafts, limits of access keys and names from one tag or source to another, and removes the first; all or
 * nothing.
 */

export type LabelMove = {
  from: LabelRef;
  to: LabelRef;
  /** Where in the request the caller named `to`. */
  place: Pick<Fault, 'in' | 'pointer'>;
  /** The code of the failure if both are the same. */
  sameCode: string;
  actorId: string;
  /** Throws if the version of `from` is not the one that the caller has read. */
  check(version: number): void;
  record(tx: Tx, moved: Moved): Promise<void>;
};

type Picked = { from: NamedLabel; to: NamedLabel };
/** What will be moved. `articleIds` are in order. */
type Moving = Picked & { articleIds: readonly string[] };

/**
 * What was moved. Each article has its new version and a revision; each draft (named by the id of its article) has its new
 * version; `keys` are the access keys whose limits were moved.
 */
export type Moved = Moving & {
  draftIds: readonly string[];
  keys: readonly { id: string; version: number }[];
};

/**
 * Thrown if waiting for an article could deadlock with its writer. The transaction starts again, and then waits for the
 * article first.
 */
class ArticlesBusy extends Error {
  override readonly name = 'ArticlesBusy';
}

/** The labels that these references name now, by `keyOfLabel` of each. */
async function findBoth(
  tx: Tx,
  { table }: AnyLabelKind,
  refs: readonly LabelRef[],
  lock: '' | 'FOR UPDATE OF x',
): Promise<Map<string, NamedLabel>> {
  const { ids, called } = splitLabelRefs(refs);
  const named = namedLabelsSql(table, '$1', '$2', 'x.slug, x.name, x.version', presentLabelIdSql);
  const rows = await tx.read<NamedLabel & { asked: string }>({ text: `${named} ORDER BY x.id ${lock}` }, [ids, called]);
  return new Map(rows.map(({ asked, ...label }) => [asked, label]));
}

/**
 * Finds both labels; an old name of `to` serves too. Throws 404, then what `check` throws, then why `to` cannot take the
 * place of `from`.
 */
async function pick(tx: Tx, kind: AnyLabelKind, move: LabelMove, lock: '' | 'FOR UPDATE OF x'): Promise<Picked> {
  const found = await findBoth(tx, kind, [move.from, move.to], lock);
  const from = found.get(keyOfLabel(move.from));
  const named = found.get(keyOfLabel(move.to));
  if (from === undefined) throw notFound();
  move.check(from.version);
  const successors = named === undefined && lock === '' ? await findNamed(tx.read, kind.table, [move.to]) : null;
  const to = named ?? successors?.get(keyOfLabel(move.to));
  if (to !== undefined && to.id !== from.id) return { from, to };
  const { noun } = kind;
  const fault = (detail: string): Fault[] => [{ ...move.place, detail }];
  if (lock !== '' || (named === undefined && (await hasCrossed(tx, kind, from.id, move.to)))) {
    throw conflict('conflict', `The ${noun} that is named was removed meanwhile; nothing was changed.`);
  }
  if (to !== undefined) {
    throw unprocessable(move.sameCode, `A ${noun} cannot take the place of itself.`, fault(`Name another ${noun}.`));
  }
  throw unprocessable(
    `unknown-${noun}`,
    `The ${noun} that is named does not exist.`,
    fault(`Name a ${noun} that exists.`),
  );
}

/**
 * Whether `to` was moved to `from` within the last minute. Of two crossing moves one comes too late, and the caller must
 * not be told that the label never existed. The ids of events begin with their time.
 */
async function hasCrossed(tx: Tx, kind: AnyLabelKind, fromId: string, to: LabelRef): Promise<boolean> {
  const minuteAgo = `rpad(lpad(to_hex((extract(epoch FROM now() - interval '1 minute') * 1000)::bigint), 12, '0'), 32, '0')::uuid`;
  const text = `SELECT 1 AS found FROM @events e WHERE e.id > ${minuteAgo} AND e.subject_type = $1::text
    AND e.data->>'into' = $2::text AND split_part($3::text, chr(10), 1) IN (e.subject_id::text, e.data->>'slug') LIMIT 1`;
  return (await tx.read({ text }, [kind.noun, fromId, keyOfLabel(to)])).length > 0;
}

/**
 * Locks both labels, in the order of their ids, so that crossing moves follow each other; and the articles that carry
 * `from`, themselves or in their working draft.
 */
async function lockMove(tx: Tx, kind: AnyLabelKind, move: LabelMove): Promise<Moving> {
  const seen = await pick(tx, kind, move, '');
  tx.turn(...labelTurns(kind.table, seen.from, seen.to), ...(await usersOf(tx, kind, seen.from.id)).map(articleTurn));
  // Articles first, as in every change of an article. The other order could deadlock.
  await lockArticles(tx, kind, seen.from.id, '');
  const { from, to } = await pick(
    tx,
    kind,
    { ...move, from: { id: seen.from.id }, to: { id: seen.to.id } },
    'FOR UPDATE OF x',
  );
  // Articles could still get the label until its row was locked, so lock them again.
  const held = new Set(await lockArticles(tx, kind, from.id, 'SKIP LOCKED'));
  const users = await usersOf(tx, kind, from.id);
  if (!users.every((id) => held.has(id))) throw new ArticlesBusy('an article with the label is being written');
  return { from, to, articleIds: await articlesOf(tx, kind, from.id) };
}

/**
 * Locks the articles that carry a label, themselves or in their working draft, in the order of their ids. Returns the ids
 * of those that were locked.
 */
async function lockArticles(tx: Tx, kind: AnyLabelKind, labelId: string, busy: '' | 'SKIP LOCKED'): Promise<string[]> {
  const text = `SELECT coalesce(array_agg(q.id::text), '{}') AS ids
    FROM (SELECT a.id FROM @articles a WHERE a.id IN (${usersSql(kind)}) ORDER BY a.id FOR NO KEY UPDATE ${busy}) q`;
  const [row] = await tx.read<{ ids: string[] }>({ text }, [labelId]);
  return row?.ids ?? [];
}

/** Stores each article as it is now as a revision. */
async function insertRevisions(
  tx: Tx,
  kind: AnyLabelKind,
  articleIds: readonly string[],
  actorId: string,
): Promise<void> {
  const text = `INSERT INTO @revisions (article_id, version, step, snapshot, actor_id, changed)
    SELECT a.id, a.version, $3::text, ${articleJson(keptFields)}::jsonb, $4::uuid, ARRAY[$5::text]
    FROM @articles a LEFT JOIN @sources s ON s.id = a.source_id WHERE a.id = ANY($2::uuid[])`;
  await tx.read({ text }, [publicUrlPlaceholder, articleIds, kind.step, actorId, kind.articleField]);
}

const triesMax = 10;

/**
 * Moves the articles and removes `from`; returns `to`. The number of statements does not depend on the number of articles.
 * The database refuses a move that takes too long, and everything stays as it was.
 */
export async function moveLabel(db: Db, kind: AnyLabelKind, move: LabelMove): Promise<LabelView> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction((tx) => moveOnce(tx, kind, move), { size: 'long' });
    } catch (thrown) {
      if (!(thrown instanceof ArticlesBusy)) throw thrown;
      if (tries >= triesMax) throw unavailable(thrown, 'busy');
    }
  }
}

async function moveOnce(tx: Tx, kind: AnyLabelKind, move: LabelMove): Promise<LabelView> {
  const moving = await lockMove(tx, kind, move);
  const { from, to, articleIds } = moving;
  const { actorId } = move;
  if (articleIds.length > 0) {
    await passTime(tx, articleIds);
    await kind.move(tx, { from: from.id, to: to.id, articleIds, actorId });
    await insertRevisions(tx, kind, articleIds, actorId);
  }
  const names = { from: from.id, to: to.id, movedIds: articleIds, actorId };
  const draftIds = await moveDraftLabel(tx, kind.table, names);
  await kind.moveRest?.(tx, from.id, to.id);
  const keys = await moveKeyLimits(tx, kind.table, from.id, to.id);
  await leaveNames(tx, kind.table, from, to.id);
  await deleteLabel(tx, kind, from.id);
  await move.record(tx, { ...moving, draftIds, keys });
  return readWrittenLabel(tx, kind, to.id);
}

/** The assignments of every change of an article, for an UPDATE of its table. `$2` is the caller's id. */
export const nextVersionSql = `version = version + 1, updated_at = date_trunc('milliseconds', now()), updated_by_id = $2::uuid`;
