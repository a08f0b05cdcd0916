import type { Cause } from '../core/actor.ts';
import { newId } from '../core/ids.ts';
import type { Tx } from '../db/tx.ts';

/** What strangers saw of a thing: its slug, and of an article also in which lists it was. */
type Side = {
  readonly slug: string;
  readonly tags?: readonly string[];
  readonly source?: string | null;
  readonly language?: string;
};

/** What strangers saw of the thing before and after, null for nothing; public where they see another thing since. */
export type PublicSides = { isPublic: boolean; publicBefore: Side | null; publicAfter: Side | null };

/** An event to be written to the outbox. */
export type NewEvent = Cause & {
  /** `<subject>.<what>`, for example `article.published`. */
  type: string;
  subjectType: 'article' | 'source' | 'tag' | 'user' | 'key' | 'settings';
  subjectId: string;
  version: number;
  /** Cache keys of all answers that this change makes stale, of the old state and the new. */
  keys: readonly string[];
  data?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
} & Partial<PublicSides>;

/**
 * Writes an event in the caller's transaction, so that event and change are committed together or not at all. An event
 * that is given no sides is not public.
 */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<void> {
  const { keys, data = {}, publicBefore = null, publicAfter = null, ...rest } = event;
  tx.recorded(keys);
  await tx.models.event.create({
    data: {
      id: newId(),
      ...rest,
      ...(publicBefore && { publicBefore: toInput(publicBefore) }),
      ...(publicAfter && { publicAfter: toInput(publicAfter) }),
      keys: [...new Set(keys)],
      data: toInput(data),
    },
    select: { id: true },
  });
}

const toInput = (data: NonNullable<NewEvent['data']>) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, isList(value) ? [...value] : value]));

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);
