import type { Cause } from '../core/actor.ts';
import { newId } from '../core/ids.ts';
import type { Tx } from '../db/tx.ts';

/** An event to be written to the outbox. */
export type NewEvent = Cause & {
  /** `<subject>.<what>`, for example `article.published`. */
  type: string;
  subjectType: 'article' | 'source' | 'tag' | 'user' | 'key';
  subjectId: string;
  version: number;
  /** Cache keys of all answers that this change makes stale, of the old state and the new. */
  keys: readonly string[];
  data?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
};

/** Writes an event in the caller's transaction, so that event and change are committed together or not at all. */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<void> {
  const { keys, data = {}, ...rest } = event;
  tx.recorded();
  await tx.models.event.create({
    data: { id: newId(), ...rest, keys: [...new Set(keys)], data: toInput(data) },
    select: { id: true },
  });
}

const toInput = (data: NonNullable<NewEvent['data']>) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, isList(value) ? [...value] : value]));

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);
