import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleChanges, WrittenArticle } from '../../article/change/article-changes.ts';
import type { ChangeOf, Decision } from '../../article/change/plan.ts';
import { contentOf, placeOf, type Stored } from '../../article/content.ts';
import { type CleanBody, patchedBody, patchedSlug } from '../../article/edited-parts.ts';
import { checkEditable, checkMayEdit } from '../../article/lifecycle.ts';
import type { DiffPart, DiffText } from '../../article/processes/word-diff.ts';
import { callerOf } from '../../article/read/visible.ts';
import type { Actor } from '../../core/actor.ts';
import type { Prepared } from '../../core/call.ts';
import { Failure, invalidCursor, notFound, unprocessable } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { type Remaining, type Restorable, restoredContent } from './revisions.content.ts';
import * as repository from './revisions.repository.ts';
import type { CompareQuery, RevisionListQuery } from './revisions.schema.ts';

export type RevisionRows = { revisions: string[]; nextCursor: string | null };
export type FoundRevision = repository.SnapshotRow;
export type ComparedRevisions = { before: FoundRevision | null; after: FoundRevision };

/** Every call throws 404 if the caller may not see the revisions of the article, or if there is no such version. */
export type RevisionService = {
  list(actor: Actor, segment: string, query: RevisionListQuery): Promise<RevisionRows>;
  get(actor: Actor, segment: string, version: string): Promise<FoundRevision>;
  compare(actor: Actor, segment: string, version: string, query: CompareQuery): Promise<ComparedRevisions>;
  /** A new version with the text and the relations of an old one. */
  /** Renders the body of a version before the transaction that restores it begins. */
  prepareRestore(actor: Actor, segment: string, version: string): Promise<Prepared>;
  /** The word-by-word difference of two texts. */
  diff(actor: Actor, before: DiffText, after: DiffText): Promise<DiffPart[]>;
  restore(of: ChangeOf, version: string, note: string | undefined): Promise<WrittenArticle>;
};

export type RevisionParts = {
  db: Db;
  cursors: Cursors;
  changes: ArticleChanges;
  bodies: Bodies;
  publicUrl: string;
  /** Compares in another process. */
  diffApart(caller: string, before: DiffText, after: DiffText): Promise<DiffPart[]>;
};

/** Two texts of this length together are compared in this process, in about ten milliseconds. */
const hereUnitsMax = 8_192;

const listName = 'revisions';

function versionOf(segment: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(segment)) throw notFound();
  return Number(segment);
}

async function remainingOf(tx: Tx, articleId: string, { source, sourceItemId, tags }: Restorable): Promise<Remaining> {
  const sources = await repository.findPresent(tx, 'sources', source === null ? [] : [source.id]);
  const [sourceId] = sources.values();
  const item = sourceId === undefined || sourceItemId === null ? null : { sourceId, itemId: sourceItemId };
  return {
    sources,
    tags: await repository.findPresent(
      tx,
      'tags',
      tags.map(({ id }) => id),
    ),
    itemTaken: item !== null && (await repository.isItemTaken(tx, articleId, item.sourceId, item.itemId)),
  };
}

/**
 * Cleans the body of a version again, by today's limits. A body over the limits is 422, not 400: the caller has not sent
 * it.
 */
async function restoredBody(before: Stored, snapshot: Restorable, bodies: Bodies): Promise<CleanBody> {
  try {
    return await patchedBody(before, snapshot, bodies);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.kind !== 'InvalidInput') throw thrown;
    const [fault] = thrown.extras.errors ?? [];
    throw unprocessable(
      'body-too-costly',
      `The body of this version is beyond what a body may be today. ${fault?.detail ?? ''}`,
    );
  }
}

async function decideRestore(
  { tx, stored, number }: { tx: Tx; stored: Stored; number: number },
  snapshot: Restorable,
  bodies: Bodies,
): Promise<Decision> {
  checkEditable(placeOf(stored));
  const before = contentOf(stored);
  const remaining = await remainingOf(tx, stored.id, snapshot);
  const { content, warnings } = restoredContent(
    before,
    snapshot,
    remaining,
    await restoredBody(stored, snapshot, bodies),
  );
  const { derivedBase, ...slug } = patchedSlug(stored, { title: content.title }, number);
  return { content: { ...content, ...slug }, derivedBase, warnings };
}

export function revisionService({
  db,
  cursors,
  changes,
  bodies,
  publicUrl,
  diffApart,
}: RevisionParts): RevisionService {
  const find = async (actor: Actor, ref: Ref, versions: readonly number[], address: string) => {
    const shown = { versions, publicUrl: address };
    const rows = await repository.findSnapshots(db.read, ref, callerOf(actor), shown);
    return versions.map((version) => {
      const row = rows.find((found) => found.version === version);
      if (row === undefined) throw notFound();
      return row;
    });
  };
  const findOne = async (actor: Actor, segment: string, version: string, address: string): Promise<FoundRevision> => {
    const [row] = await find(actor, refOf(segment), [versionOf(version)], address);
    if (row === undefined) throw notFound();
    return row;
  };

  return {
    async list(actor, segment, { limit, after }) {
      const [articleId, below = null] = after === undefined ? [] : cursors.open(listName, after);
      const page = { below, limit: limit + 1 };
      const rows = await repository.listRevisions(db.read, refOf(segment), callerOf(actor), page);
      const [first] = rows;
      if (first === undefined) throw notFound();
      if (articleId !== undefined && articleId !== first.article_id) throw invalidCursor();
      const shown = rows.slice(0, limit).filter(({ version }) => version !== null);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const nextCursor = last === undefined ? null : cursors.seal(listName, [last.article_id, String(last.version)]);
      return { revisions: shown.map(({ revision }) => revision), nextCursor };
    },

    get: (actor, segment, version) => findOne(actor, segment, version, publicUrl),

    async compare(actor, segment, version, { with: asked }) {
      const number = versionOf(version);
      const from = asked ?? number - 1;
      const [after, before = null] = await find(
        actor,
        refOf(segment),
        from === 0 ? [number] : [number, from],
        publicUrl,
      );
      if (after === undefined) throw notFound();
      return { after, before };
    },

    async prepareRestore(actor, segment, version) {
      try {
        const { snapshot } = await findOne(actor, segment, version, '');
        const { body, bodyFormat }: Restorable = JSON.parse(snapshot);
        return await bodies.prepare(actor, [{ body, bodyFormat }]);
      } catch (thrown) {
        // `restore` reports this later, in its own order of checks.
        if (thrown instanceof Failure && thrown.kind === 'NotFound') return bodies.prepare(actor, []);
        throw thrown;
      }
    },

    async diff(actor, before, after) {
      if (before.text.length + after.text.length > hereUnitsMax) return diffApart(actor.userId, before, after);
      // Imported with the first comparison, so that the start does not wait for it.
      const { wordDiff } = await import('../../article/processes/word-diff.ts');
      return wordDiff(before, after);
    },

    async restore(of, version, note) {
      const { actor } = of;
      const found = await findOne(actor, of.segment, version, '');
      const snapshot: Restorable = JSON.parse(found.snapshot);
      return changes.change(
        { ...of, segment: found.article_id },
        {
          step: 'restore-revision',
          event: 'article.updated',
          note: note ?? null,
          data: { restored: found.version },
          checkMay: (stored) => checkMayEdit(placeOf(stored), actor, stored.createdById === actor.userId),
          decide: (stored, { tx, number }) => decideRestore({ tx, stored, number }, snapshot, bodies),
        },
      );
    },
  };
}
