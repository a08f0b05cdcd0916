import { type Actor, hasRole } from '../../core/actor.ts';
import { invalidInput, notFound } from '../../core/errors.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import { cleanText, codePoints, textFault } from '../../core/text.ts';
import { instantSql } from '../../db/article-sql.ts';
import type { Db, Tx } from '../../db/client.ts';
import type { Call } from '../../http/endpoint.ts';
import type { ArticleChanges, ChangeOf, WrittenArticle } from '../articles/articles.changes.ts';
import { contentOf, type Stored } from '../articles/articles.state.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';
import type { WireItem } from './wire.schema.ts';

export type TakenItem = WrittenArticle & { created: boolean };

export type WireService = {
  /** Makes or changes the article of a wire's item; an older version that arrives late changes nothing. */
  put(actor: Actor, at: { source: string; itemId: string }, item: WireItem, call: Call): Promise<TakenItem>;
};

type Known = { id: string; item_version: number | null; live: boolean; trashed: boolean };
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
  const [row] = await tx.read<{ id: string }>(
    { text: `SELECT x.id::text FROM @sources x WHERE ${which} FOR KEY SHARE` },
    [value],
  );
  if (row === undefined) throw notFound();
  return row.id;
}

/** The article of an item, once every other call about the same item has ended. */
async function claimItem(tx: Tx, sourceId: string, itemId: string): Promise<Known | null> {
  await tx.read({ text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text AS locked' }, [
    `item ${sourceId} ${itemId}`,
  ]);
  const text = `SELECT a.id::text, a.item_version, a.status = 'published' AND a.deleted_at IS NULL AS live, a.deleted_at IS NOT NULL AS trashed
    FROM @articles a WHERE a.source_id = $1::uuid AND a.source_item_id = $2`;
  return (await tx.read<Known>({ text }, [sourceId, itemId]))[0] ?? null;
}

const told = (code: string, detail: string): BodyWarning => ({ code, detail, count: 1 });

export function wireService({
  db,
  changes,
  articles,
}: {
  db: Db;
  changes: ArticleChanges;
  articles: ArticleWriting;
}): WireService {
  /** Nothing of the article but, where it is given, the version that the wire has reached. */
  const note = async (
    of: ChangeOf,
    itemVersion: number | null,
    warning: BodyWarning | null,
  ): Promise<WrittenArticle> => {
    const plan = { step: 'item', event: 'article.updated', note: null, checkMay: () => undefined };
    const content = (stored: Stored) => ({ ...contentOf(stored), itemVersion: itemVersion ?? stored.itemVersion });
    const decide = async (stored: Stored) => ({
      content: content(stored),
      derivedBase: null,
      warnings: warning === null ? [] : [warning],
    });
    return changes.change(of, { ...plan, decide });
  };

  /** A new item: published where the caller may and the body does not say otherwise. A kill of it waits in the trash. */
  const create = async (tx: Tx, actor: Actor, source: { id: string; itemId: string }, item: WireItem, call: Call) => {
    const { itemVersion, kill, title, ...fields } = item;
    const place = { source: { id: source.id }, sourceItemId: source.itemId };
    if (kill) {
      const [row] = await tx.read<{ now: string }>({
        text: `SELECT ${instantSql("date_trunc('milliseconds', now())")} AS now`,
      });
      return articles.create(actor, { ...place, title: source.itemId, body: kill.reason, bodyFormat: 'text' }, call, {
        itemVersion,
        deletedAt: row?.now ?? null,
      });
    }
    if (title === undefined)
      throw invalidInput([{ in: 'body', pointer: '/title', detail: 'A new item needs a title.' }]);
    const status = fields.status ?? (hasRole(actor, 'editor') ? 'published' : 'draft');
    return articles.create(actor, { ...fields, ...place, title, status }, call, { itemVersion });
  };

  const change = async (of: ChangeOf, known: Known, item: WireItem): Promise<WrittenArticle> => {
    const { itemVersion, kill, status, ...fields } = item;
    const besides = { itemVersion };
    if (known.trashed) return note(of, itemVersion, told('in-trash', 'the desk has it in the trash'));
    if (kill) {
      const data = { reason: kill.reason };
      return known.live
        ? articles.step(of, 'unpublish', { note: kill.reason, besides, data })
        : articles.update(of, {}, besides);
    }
    const written = await articles.update(of, fields, besides);
    if (status !== 'published' || known.live) return written;
    return { ...(await articles.step(of, 'publish', { draftVersion: 0 })), warnings: written.warnings };
  };

  return {
    put: (actor, { source, itemId: segment }, item, call) =>
      db.transaction(async (tx) => {
        const itemId = readItemId(segment);
        const sourceId = await findSource(tx, refOf(source));
        const known = await claimItem(tx, sourceId, itemId);
        if (known === null)
          return { ...(await create(tx, actor, { id: sourceId, itemId }, item, call)), created: true };
        const of: ChangeOf = { actor, segment: known.id, ifMatch: { kind: 'any' }, call };
        if ((known.item_version ?? 0) < item.itemVersion) return { ...(await change(of, known, item)), created: false };
        const late = told('older-version', `version ${known.item_version} is here already`);
        return { ...(await note(of, null, known.item_version === item.itemVersion ? null : late)), created: false };
      }),
  };
}
