import { conflict, type Failure, invalidToken, notFound } from '../core/errors.ts';

/**
 * What a call is told if a row that it refers to was removed since it was read, by the foreign key that refused the write.
 * The tables are named here as they are in `rights.ts`; a test compares them with those of the schema.
 */

/** The caller's own account or access key is gone, which the next call with its token would be told too. */
const caller = [
  'access_keys_user_id_fkey',
  'articles_created_by_id_fkey',
  'articles_updated_by_id_fkey',
  'drafts_updated_by_id_fkey',
  'editing_user_id_fkey',
  'previews_created_by_id_fkey',
  'previews_key_id_fkey',
  'revisions_actor_id_fkey',
  'sessions_user_id_fkey',
  'webhooks_created_by_id_fkey',
] as const;

/** What the path of the call names is gone. */
const subject = [
  'article_tags_article_id_fkey',
  'drafts_article_id_fkey',
  'due_article_id_fkey',
  'editing_article_id_fkey',
  'label_history_source_id_fkey',
  'label_history_tag_id_fkey',
  'previews_article_id_fkey',
  'revisions_article_id_fkey',
  'search_entries_article_id_fkey',
  'slug_history_article_id_fkey',
  'source_items_source_id_fkey',
  'webhook_attempts_delivery_id_fkey',
] as const;

/** What a body names is gone. */
const named = ['article_tags_tag_id_fkey', 'articles_source_id_fkey'] as const;

const labelGone = () => conflict('conflict', 'The source or a tag was removed meanwhile; repeat the call.');

const failures: ReadonlyMap<string, () => Failure> = new Map([
  ...caller.map((key) => [key, () => invalidToken()] as const),
  ...subject.map((key) => [key, () => notFound()] as const),
  ...named.map((key) => [key, labelGone] as const),
]);

/** The foreign keys that have an answer of their own. */
export const translatedReferences: readonly string[] = [...failures.keys()];

/** The failure for a violated foreign key. */
export const referenceGone = (constraint: string | undefined): Failure =>
  failures.get(constraint ?? '')?.() ??
  conflict('conflict', 'Something that this call refers to was removed meanwhile; repeat the call.');
