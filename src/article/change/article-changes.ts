import type { Actor } from '../../core/actor.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Ref } from '../../core/ref.ts';
import type { Read, Tx } from '../../db/tx.ts';
import type { Stored } from '../content.ts';
import type { FieldChange } from '../differences.ts';
import type { Warning } from '../warnings.ts';
import type { LookBeforeNew } from './looks.ts';
import type { ChangeOf, Making, NamedLabels, Plan, Related } from './plan.ts';

/** The result of a change: everything that is answered, except the article itself. */
export type ChangeResult = { id: string; version: number; warnings: Warning[] };

/** The result of a write, with the article as it is afterwards. */
export type WrittenArticle = ChangeResult & { json: string };

/** The two ways in which articles are written. */
export type Writes<Result> = {
  /** Makes one article: row, tags, revision and event; all or nothing. */
  create(actor: Actor, making: Making): Promise<Result>;
  /** Changes one article: lock it, check the right, check the version, decide, store; all or nothing. */
  change(of: ChangeOf, plan: Plan): Promise<Result>;
};

/** The one path by which all features change articles. */
export type ArticleChanges = Writes<WrittenArticle> & {
  /** For calls that make several changes: they do not give the article; `readBack` does that once, at the end. */
  unread: Writes<ChangeResult>;
  readBack(tx: Tx, actor: Actor, result: ChangeResult): Promise<WrittenArticle>;
  /** The source and tags of a body, as ids. Throws 422 naming those that do not exist. */
  relations(tx: Tx, body: NamedLabels): Promise<Related>;
  /** Locks an article. Throws 404, or 410 if it was public once and this caller may not see it. */
  lock(tx: Tx, actor: Actor, segment: string): Promise<Stored>;
  /** The article as it is now, without a lock and whoever asks. Not for deciding a write. */
  peek(read: Read, id: string): Promise<Stored | null>;
  /** Those of the given slugs that articles have. */
  takenSlugs(read: Read, slugs: readonly string[]): Promise<string[]>;
  /** Locks all articles that a call names, in a fixed order, before the first changes: such calls cannot deadlock. */
  lockTogether(tx: Tx, refs: readonly (Ref | null)[]): Promise<void>;
  /**
   * Looks up in one statement what the new articles of a call need, before the first is made. `isGiven`: the slug is the
   * caller's. Returns whether every label is there, and every slug free that is given.
   */
  lookTogether(tx: Tx, news: readonly { slug: string; isGiven: boolean; labels: NamedLabels }[]): Promise<boolean>;
  /** The same where a statement of the caller has looked already, for the first new article of a call. */
  lookedBefore(tx: Tx, slug: string, found: LookBeforeNew): void;
  /**
   * Checks that the version is the one that the caller has read. Throws 428; 412 with what changed since, so that a client
   * can merge; 412 `draft-etag` for the ETag of a working draft.
   */
  checkVersion(tx: Tx, stored: Stored, ifMatch: Precondition): Promise<void>;
  /** The fields in which an article's version differs from an earlier one; null if one of the two is not known. */
  since(tx: Tx, article: Pick<Stored, 'id' | 'version'>, earlier: number): Promise<FieldChange[] | null>;
};
