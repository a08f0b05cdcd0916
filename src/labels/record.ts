import { listKeysSql } from '../article/cache-keys.ts';
import { sideOfSnapshotSql, sideSql } from '../article/public-side.ts';
import { publicPredicate } from '../article/read/visible.ts';
import type { Cause } from '../core/actor.ts';
import { cacheKeys, keySql } from '../core/cache-keys.ts';
import { newId } from '../core/ids.ts';
import type { Tx } from '../db/tx.ts';
import { recordEvent } from '../outbox/record.ts';
import type { AnyLabelKind } from './labels.ts';
import type { Moved } from './move.ts';
import type { LabelChange } from './write.ts';

type Recorded = Pick<AnyLabelKind, 'noun' | 'table' | 'articleField'>;

const keysOf = {
  tag: { keyOf: cacheKeys.tag, latestOf: cacheKeys.latestOfTag },
  source: { keyOf: cacheKeys.source, latestOf: cacheKeys.latestOfSource },
} as const;

/**
 * Records an event of one tag or source. A change of what it is called makes its lists stale, which are asked for by slug or
 * name, and so does its end: the name may lead elsewhere then. If a new name led to other labels before, their answers
 * become stale too.
 */
export function recordLabel(
  tx: Tx,
  { noun, table }: Recorded,
  what: 'created' | 'updated' | 'deleted',
  label: LabelChange,
  cause: Cause,
): Promise<void> {
  const { keyOf, latestOf } = keysOf[noun];
  const { id, slug, wasSlug, version, changed, tookFrom } = label;
  const renamed = what === 'deleted' || changed.includes('slug') || changed.includes('name') ? [latestOf(id)] : [];
  const led = tookFrom.flatMap((other) => [keyOf(other), latestOf(other)]);
  return recordEvent(tx, {
    type: `${noun}.${what}`,
    subjectType: noun,
    subjectId: id,
    version,
    ...cause,
    keys: [keyOf(id), table, ...renamed, ...led],
    data: { slug, changed },
    // Tags and sources are always public, and each change has its own version.
    isPublic: true,
    publicBefore: wasSlug === null ? null : { slug: wasSlug },
    publicAfter: what === 'deleted' ? null : { slug },
  });
}

/**
 * Records a move: an event of the label that is gone, of each article, of each draft, and of each key that was limited to
 * the label.
 */
export async function recordMove(
  tx: Tx,
  { noun, table, articleField: changed }: Recorded,
  what: 'deleted' | 'merged',
  { from, to, articleIds, draftIds, keys }: Moved,
  cause: Cause,
): Promise<void> {
  const { keyOf, latestOf } = keysOf[noun];
  await recordArticles(tx, articleIds, { oldKey: latestOf(from.id), changed }, cause);
  await recordDrafts(tx, draftIds, changed, cause);
  await recordEvent(tx, {
    type: `${noun}.${what}`,
    subjectType: noun,
    subjectId: from.id,
    version: from.version,
    ...cause,
    keys: [...[from, to].flatMap(({ id }) => [keyOf(id), latestOf(id)]), table],
    data: { slug: from.slug, into: to.id },
    isPublic: true,
    publicBefore: { slug: from.slug },
  });
  for (const { id, version } of keys) {
    await recordEvent(tx, {
      type: 'key.limits-moved',
      subjectType: 'key',
      subjectId: id,
      version,
      ...cause,
      keys: [],
      data: { [noun]: from.id, into: to.id },
    });
  }
}

/**
 * Records `article.updated` for each of many articles, as they are in the transaction, in one statement. `oldKey` is the
 * cache key of the latest list that the public ones were in before; `changed` is the field that changed. The revision
 * before tells what the public saw before.
 */
async function recordArticles(
  tx: Tx,
  articleIds: readonly string[],
  { oldKey, changed }: { oldKey: string; changed: string },
  cause: Cause,
): Promise<void> {
  if (articleIds.length === 0) return;
  const before = `CASE WHEN r.snapshot->>'slug' IS NULL THEN ${sideSql} ELSE ${sideOfSnapshotSql('r.snapshot')} END`;
  const text = `WITH told AS (INSERT INTO @events (id, type, subject_type, subject_id, version, actor_id, request_id, key_id, keys, data, is_public, public_before, public_after)
    SELECT e.id, 'article.updated', 'article', a.id, a.version, $3::uuid, $4::text, $7::uuid,
      ARRAY[${keySql('a:', 'a.id')}] || CASE WHEN seen.shown THEN ARRAY[$5::text] || ${listKeysSql} ELSE '{}' END,
      jsonb_build_object('slug', a.slug, 'status', a.status, 'changed', jsonb_build_array($6::text)),
      seen.shown, CASE WHEN seen.shown THEN ${before} END, CASE WHEN seen.shown THEN ${sideSql} END
    FROM unnest($1::uuid[], $2::uuid[]) AS e(id, article_id) JOIN @articles a ON a.id = e.article_id
    CROSS JOIN LATERAL (SELECT coalesce(${publicPredicate}, false) AS shown) seen
    LEFT JOIN @revisions r ON r.article_id = a.id AND r.version = a.version - 1 ORDER BY e.id RETURNING keys)
    SELECT ARRAY(SELECT DISTINCT unnest(t.keys) FROM told t) AS keys`;
  const [told] = await tx.read<{ keys: string[] }>({ text }, [
    articleIds.map(() => newId()),
    articleIds,
    cause.actorId,
    cause.requestId,
    oldKey,
    changed,
    cause.keyId,
  ]);
  tx.recorded(told?.keys ?? []);
}

/**
 * `draft.updated` for the working draft of each of these articles. Readers see nothing of drafts, so the event has no cache
 * keys.
 */
async function recordDrafts(tx: Tx, articleIds: readonly string[], changed: string, cause: Cause): Promise<void> {
  if (articleIds.length === 0) return;
  const text = `INSERT INTO @events (id, type, subject_type, subject_id, version, actor_id, request_id, key_id, keys, data)
    SELECT e.id, 'draft.updated', 'article', a.id, a.version, $3::uuid, $4::text, $6::uuid, ARRAY[]::text[],
      jsonb_build_object('changed', jsonb_build_array($5::text), 'baseVersion', d.base_version)
    FROM unnest($1::uuid[], $2::uuid[]) AS e(id, article_id) JOIN @articles a ON a.id = e.article_id
    JOIN @drafts d ON d.article_id = a.id ORDER BY e.id`;
  const ids = articleIds.map(() => newId());
  tx.recorded([]);
  await tx.read({ text }, [ids, articleIds, cause.actorId, cause.requestId, changed, cause.keyId]);
}
