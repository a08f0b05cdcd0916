import { checkKeyReach } from '../../article/lifecycle.ts';
import { callerOf } from '../../article/read/visible.ts';
import { type Actor, causeOf, hasRole } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { conflict, forbidden, notFound } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Cursors } from '../../core/page.ts';
import { checkCondition, type Precondition } from '../../core/precondition.ts';
import { refOf } from '../../core/ref.ts';
import { articleTurn } from '../../core/turn-keys.ts';
import type { Db } from '../../db/client.ts';
import type { Read, Tx } from '../../db/tx.ts';
import type { EventType } from '../../outbox/event-types.ts';
import { recordEvent } from '../../outbox/record.ts';
import type { Outlook } from '../drafts/drafts.outlook.ts';
import type { DraftService } from '../drafts/drafts.service.ts';
import type { PreviewTokens } from './preview-tokens.ts';
import * as repository from './previews.repository.ts';
import { hoursDefault, type PreviewCreate, type PreviewListQuery } from './previews.schema.ts';

export type MadePreview = { row: repository.PreviewRow; token: string };
export type PreviewRows = { rows: repository.PreviewRow[]; nextCursor: string | null };

/** What a link shows. For a working draft, `outlook` tells what publishing it would do now. */
export type Previewed = { row: repository.PreviewedRow; outlook: Outlook | null };

/** The caller, and the article. */
export type PreviewsOf = { actor: Actor; segment: string };
/** `ifMatch` is about the article. */
export type PreviewChangeOf = PreviewsOf & { ifMatch: Precondition; call: Call };

/**
 * Links that show one article to somebody without an account. Editors may make them for every article, authors for their
 * own.
 */
export type PreviewService = {
  list(of: PreviewsOf, query: PreviewListQuery): Promise<PreviewRows>;
  /** The links that a user made, also by access keys. Throws 404 if there is no such user. */
  listOfPerson(userId: string, query: PreviewListQuery): Promise<PreviewRows>;
  /** Throws 409 for an article in the trash, or one that its source has killed. */
  create(of: PreviewChangeOf, body: PreviewCreate | undefined): Promise<MadePreview>;
  /** Ends a link at once. Idempotent. */
  revoke(of: PreviewChangeOf, id: string): Promise<void>;
  /** Throws 404 for a token that is not ours, expired or revoked, or if its maker may not share the article now. */
  show(token: string): Promise<Previewed>;
};

export type PreviewParts = {
  db: Db;
  cursors: Cursors;
  tokens: PreviewTokens;
  drafts: Pick<DraftService, 'outlook'>;
  publicUrl: string;
};

const listName = 'previews';

async function subjectOf(read: Read, { actor, segment }: PreviewsOf): Promise<repository.Subject> {
  const subject = await repository.findSubject(read, refOf(segment), callerOf(actor));
  if (subject === null) throw notFound();
  if (!hasRole(actor, 'editor') && subject.created_by_id !== actor.userId)
    throw forbidden('Authors may only share what is theirs.');
  return subject;
}

function checkLimits(actor: Actor, { source_id, tag_ids }: repository.Subject): void {
  checkKeyReach(actor, { sourceId: source_id, tagIds: tag_ids });
}

export function previewService({ db, cursors, tokens, drafts, publicUrl }: PreviewParts): PreviewService {
  const record = (
    tx: Tx,
    type: EventType,
    subject: repository.Subject,
    { actor, call }: { actor: Actor; call: Call },
    previewId: string,
  ) =>
    recordEvent(tx, {
      type,
      subjectType: 'article',
      subjectId: subject.id,
      version: subject.version,
      ...causeOf(actor, call),
      keys: [],
      data: { previewId },
    });

  const page = async (
    of: 'article' | 'person',
    id: string,
    { limit, after }: PreviewListQuery,
  ): Promise<PreviewRows> => {
    const name = `${listName}:${id}`;
    const last = after === undefined ? null : (cursors.open(name, after)[0] ?? null);
    const found = await repository.listPreviews(db.read, of, id, last, limit + 1);
    const rows = found.slice(0, limit);
    const end = found.length > limit ? rows.at(-1) : undefined;
    return { rows, nextCursor: end === undefined ? null : cursors.seal(name, [end.id]) };
  };

  return {
    async list(of, query) {
      const { id } = await subjectOf(db.read, of);
      return page('article', id, query);
    },

    async listOfPerson(userId, query) {
      if (!isId(userId) || !(await repository.isUser(db.read, userId))) throw notFound();
      return page('person', userId, query);
    },

    create(of, body) {
      return db.transaction(async (tx) => {
        const subject = await subjectOf(tx.read, of);
        checkLimits(of.actor, subject);
        checkCondition(of.ifMatch, subject.version);
        if (subject.trashed) {
          throw conflict('wrong-state', 'This article is in the trash; restore it first.', { place: 'trash' });
        }
        if (subject.killed) {
          const detail =
            'The source has killed this article: a link shows nothing until it is published or a newer version comes.';
          throw conflict('killed', detail);
        }
        // Inserting a link locks the row of its article (foreign key), for which a change may be waiting.
        tx.turn(articleTurn(subject.id));
        const id = newId();
        const row = await repository.insertPreview(tx, {
          id,
          articleId: subject.id,
          showsDraft: hasRole(of.actor, 'editor'),
          createdById: of.actor.userId,
          keyId: of.actor.key?.id ?? null,
          hours: body?.expiresInHours ?? hoursDefault,
        });
        await record(tx, 'preview.created', subject, of, id);
        return { row, token: tokens.sign(id) };
      });
    },

    revoke(of, id) {
      return db.transaction(async (tx) => {
        const subject = await subjectOf(tx.read, of);
        checkLimits(of.actor, subject);
        const revoked = isId(id) ? await repository.revokePreview(tx, subject.id, id) : null;
        if (revoked === null) throw notFound();
        checkCondition(of.ifMatch, subject.version);
        if (revoked.ended) await record(tx, 'preview.revoked', subject, of, id);
      });
    },

    async show(token) {
      const id = tokens.verify(token);
      const row = id === undefined ? null : await repository.findPreviewed(db.read, id, publicUrl);
      if (row === null) throw notFound('This link shows nothing, or no longer.');
      return { row, outlook: row.is_draft ? await drafts.outlook(row.article_id) : null };
    },
  };
}
