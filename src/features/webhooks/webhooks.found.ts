import type { Actor } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { notFound } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Tx } from '../../db/tx.ts';
import { type LockedWebhook, lockWebhook } from './webhooks.repository.ts';

/** Which webhook a call is about, and which version of it the caller has read. */
export type WebhookOf = { actor: Actor; id: string; ifMatch: Precondition; call: Call };

/** The webhook of a call, locked. Throws 404 where there is none. */
export async function lockFound(tx: Tx, id: string): Promise<LockedWebhook> {
  const found = isId(id) ? await lockWebhook(tx, id) : null;
  if (found === null) throw notFound();
  return found;
}
