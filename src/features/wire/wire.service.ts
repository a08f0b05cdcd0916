import { type Actor, hasRole } from '../../core/actor.ts';
import { invalidInput, notFound } from '../../core/errors.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import { cleanText, codePoints, textFault } from '../../core/text.ts';
import { instantSql, tookItemSql } from '../../db/article-sql.ts';
import type { Db, Tx } from '../../db/client.ts';
import { articleTurn, itemTurn } from '../../db/turn-keys.ts';
import type { Call } from '../../http/endpoint.ts';
import type { ArticleChanges, ChangeOf, WrittenArticle } from '../articles/articles.changes.ts';
import { contentAfter } from '../articles/articles.content.ts';
import { checkMayEdit, checkMayStep } from '../articles/articles.lifecycle.ts';
import type { ArticlePatch } from '../articles/articles.schema.ts';
import { contentOf, placeOf } from '../articles/articles.state.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';
import { deskEdits, overwritten } from './wire.overwriting.ts';
import type { WireItem } from './wire.schema.ts';

export type TakenItem = WrittenArticle & { created: boolean };

export type WireService = {
  /** Makes or changes the article of a wire's item; an older version that arrives late changes nothing. */
  put(actor: Actor, at: { source: string; itemId: string }, item: WireItem, call: Call): Promise<TakenItem>;
};

type Known = { id: string; version: number; item_version: number | null; live: boolean; trashed: boolean };
const itemIdMax = 255;

/** The wire's own id: any characters, in the form in which text is stored, case kept. */
function readItemId(segment: string): string {
  const id = textFault(segment) === undefined ? cleanText(segment) : '';
  if (id !== '' && codePoints(id) <= itemIdMax) return id;
  throw invalidInput([
    { in: 'path', pointer: '/sourceItemId', detail: `Use 1 to ${itemIdMax} characters of well-formed text.` },
  ]);
}

async function findSource(tx: Tx, ref: Ref): Promise<string> {
  const [which, value] = 'id' in ref ? ['x.id = $1::uuid', ref.id] : ['x.slug = $1::text', ref.slug];
  const [row] = await tx.read<{ id: string }>({ text: `SELECT x.id::text FROM @sources x WHERE ${which}` }, [value]);
  if (row === undefined) throw notFound();
  return row.id;
}

/** The article of an item, locked as it is now, once every other call about the same item has ended. */
async function claimItem(tx: Tx, sourceId: string, itemId: string): Promise<Known | null> {
  tx.turn(itemTurn(sourceId, itemId));
  await tx.read({ text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text AS locked' }, [
    `item ${sourceId} ${itemId}`,
  ]);
  const where = 'a.source_id = $1::uuid AND a.source_item_id = $2';
  const sought = await tx.read<{ id: string }>({ text: `SELECT a.id::text FROM @articles a WHERE ${where}` }, [
    sourceId,
    itemId,
  ]);
  tx.turn(...sought.map(({ id }) => articleTurn(id)));
  const text = `SELECT a.id::text, a.version, a.item_version, a.status = 'published' AND a.deleted_at IS NULL AS live, a.deleted_at IS NOT NULL AS trashed
    FROM @articles a WHERE ${where} FOR UPDATE`;
  return (await tx.read<Known>({ text }, [sourceId, itemId]))[0] ?? null;
}

async function moment(tx: Tx): Promise<string | null> {
  const text = `SELECT ${instantSql("date_trunc('milliseconds', now())")} AS now`;
  return (await tx.read<{ now: string }>({ text }))[0]?.now ?? null;
}

/** Whether an article stands for nothing but a kill notice of an item that never came: nobody has touched but its source. */
async function isPlaceholder(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT 1 AS other FROM @revisions r WHERE r.article_id = $1::uuid AND r.step NOT IN ('kill', 'resource') LIMIT 1`;
  return (await tx.read<{ other: number }>({ text }, [articleId])).length === 0;
}

/** Whether the last that the wire sent of an item was a kill. */
async function isKilled(tx: Tx, articleId: string): Promise<boolean> {
  const text = `SELECT r.step FROM @revisions r WHERE r.article_id = $1::uuid
    AND (r.version = 1 OR r.step = 'kill' OR ${tookItemSql}) ORDER BY r.version DESC LIMIT 1`;
  return (await tx.read<{ step: string }>({ text }, [articleId]))[0]?.step === 'kill';
}

const told = (code: string, detail: string): BodyWarning => ({ code, detail, count: 1 });
const inTrash = told('in-trash', 'the desk has it in the trash, where this version is kept');

const bareCover = { caption: null, credit: null, width: null, height: null };

/** What an item says is whole, whatever was there before: a body is of the format that comes with it, a cover has what it names. */
const whole = (item: WireItem): WireItem => ({
  ...item,
  ...(item.body === undefined ? {} : { bodyFormat: item.bodyFormat ?? 'html' }),
  ...(item.cover ? { cover: { ...bareCover, ...item.cover } } : {}),
});

function titleOf({ title }: WireItem): string {
  if (title !== undefined) return title;
  throw invalidInput([{ in: 'body', pointer: '/title', detail: 'A new item needs a title.' }]);
}

export function wireService({
  db,
  changes,
  articles,
}: {
  db: Db;
  changes: ArticleChanges;
  articles: ArticleWriting;
}): WireService {
  /** A version that the wire has reached, and what it said, and nothing of what it holds. */
  const late = (of: ChangeOf, warnings: BodyWarning[]): Promise<WrittenArticle> =>
    changes.change(of, {
      step: 'item',
      event: 'article.updated',
      note: null,
      checkMay: () => undefined,
      decide: async (stored) => ({ content: contentOf(stored), derivedBase: null, warnings }),
    });

  /** What is killed leaves readers and the review; where it is otherwise it stays. The reason is kept in every state. */
  const kill = (of: ChangeOf, known: Known, itemVersion: number, reason: string): Promise<WrittenArticle> =>
    changes.change(of, {
      step: 'kill',
      event: known.live ? 'article.unpublished' : 'article.updated',
      note: reason,
      data: { reason },
      evenUnchanged: true,
      checkMay: (stored) => {
        const own = stored.createdById === of.actor.userId;
        if (known.live) checkMayStep('unpublish', placeOf(stored), of.actor, own);
        else checkMayEdit(known.trashed ? 'draft' : placeOf(stored), of.actor, own);
      },
      async decide(stored) {
        const after = known.live ? contentAfter('unpublish', stored, undefined) : contentOf(stored);
        const status = after.status === 'review' ? 'draft' : after.status;
        return { content: { ...after, status, itemVersion }, derivedBase: null, warnings: [] };
      },
    });

  const statusOf = ({ status }: WireItem, actor: Actor) => status ?? (hasRole(actor, 'editor') ? 'published' : 'draft');

  /** A new item: published where the caller may and the body does not say otherwise. A kill of it waits in the trash. */
  const create = async (tx: Tx, actor: Actor, source: { id: string; itemId: string }, item: WireItem, call: Call) => {
    const { itemVersion, kill: notice, title, ...fields } = item;
    const place = { source: { id: source.id }, sourceItemId: source.itemId };
    if (notice) {
      const { reason } = notice;
      const besides = { itemVersion, deletedAt: await moment(tx) };
      return articles.create(actor, { ...place, title: source.itemId }, call, besides, {
        step: 'kill',
        note: reason,
        data: { reason },
      });
    }
    const named = { ...fields, ...place, title: titleOf(item), status: statusOf(item, actor) };
    return articles.create(actor, named, call, { itemVersion });
  };

  /** What was only known as killed comes to life as it would have when it was new. */
  const revive = async (of: ChangeOf, item: WireItem): Promise<WrittenArticle> => {
    const { itemVersion, kill: _, status: __, ...fields } = item;
    const patch = { ...fields, title: titleOf(item) };
    await articles.step(of, 'restore');
    const written = await articles.update(of, patch, { itemVersion });
    const status = statusOf(item, of.actor);
    if (status === 'published') return publish(of, written);
    return status === 'review' ? { ...(await articles.step(of, 'submit')), warnings: written.warnings } : written;
  };

  /** The wire's own text; what the desk has begun beside it nobody of the wire has read. */
  const publish = async (of: ChangeOf, { warnings }: WrittenArticle): Promise<WrittenArticle> => {
    const published = await articles.step(of, 'publish', { draftVersion: 0 });
    return { ...published, warnings: [...warnings, ...published.warnings] };
  };

  /** What the wire sends takes the place of what the desk had made of it, and says so. */
  const update = async (
    tx: Tx,
    of: ChangeOf,
    { id, version: before }: Known,
    { itemVersion, fields }: { itemVersion: number; fields: ArticlePatch },
  ): Promise<WrittenArticle> => {
    const sent = Object.keys(fields);
    const edits = await deskEdits(tx, changes, { id, version: before }, sent);
    const written = await articles.update(of, fields, { itemVersion }, 'taken');
    const lost = await overwritten(tx, changes, { before, after: written, edits, sent });
    return { ...written, warnings: [...written.warnings, ...lost] };
  };

  const change = async (tx: Tx, of: ChangeOf, known: Known, item: WireItem): Promise<WrittenArticle> => {
    const { itemVersion, kill: notice, status, ...fields } = item;
    if (notice) return kill(of, known, itemVersion, notice.reason);
    if (known.trashed && (await isPlaceholder(tx, known.id))) return revive(of, item);
    const written = await update(tx, of, known, { itemVersion, fields });
    if (known.trashed) return { ...written, warnings: [...written.warnings, inTrash] };
    return status !== 'published' || known.live ? written : publish(of, written);
  };

  return {
    put: (actor, { source, itemId: segment }, sent, call) =>
      db.transaction(async (tx) => {
        const item = whole(sent);
        const itemId = readItemId(segment);
        const sourceId = await findSource(tx, refOf(source));
        const known = await claimItem(tx, sourceId, itemId);
        if (known === null)
          return { ...(await create(tx, actor, { id: sourceId, itemId }, item, call)), created: true };
        const of: ChangeOf = { actor, segment: known.id, ifMatch: { kind: 'any' }, call };
        const ahead = item.itemVersion - (known.item_version ?? 0);
        // A wire may kill a version under its own number: of the two, the kill counts.
        if (ahead > 0 || (ahead === 0 && item.kill && !(await isKilled(tx, known.id))))
          return { ...(await change(tx, of, known, item)), created: false };
        const older = told('older-version', `version ${known.item_version} is here already`);
        return { ...(await late(of, ahead === 0 ? [] : [older])), created: false };
      }),
  };
}
