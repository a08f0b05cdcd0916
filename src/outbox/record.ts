import type { Cause } from '../core/actor.ts';
import { newId } from '../core/ids.ts';
import type { Tx } from '../db/tx.ts';

/** Something that happened, for the outbox. */
export type NewEvent = Cause & {
  /** `<subject>.<what>`, as `article.published`. */
  type: string;
  subjectType: 'article' | 'source' | 'tag' | 'user' | 'key';
  subjectId: string;
  version: number;
  /** What an answer may show that this makes stale, of the old state and the new. */
  keys: readonly string[];
  data?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
};

/** Writes an event in the caller's transaction: it is there exactly when the change is. */
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
