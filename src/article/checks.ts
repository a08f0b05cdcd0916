import { bodyFault, type Fault, invalidInput, unprocessable } from '../core/errors.ts';
import { keyOfLabel, type LabelRef, unknownLabel } from '../core/label-ref.ts';
import type { Content } from './content.ts';

/**
 * The ids of references, in the given order; two references to the same thing count once. Throws 422 naming each that does
 * not exist.
 */
export function resolveRefs(
  refs: readonly LabelRef[],
  found: ReadonlyMap<string, { id: string }>,
  pointer: (index: number) => string,
  noun: string,
): string[] {
  const errors: Fault[] = [];
  const ids = refs.flatMap((ref, index) => {
    const thing = found.get(keyOfLabel(ref));
    if (thing === undefined) errors.push(bodyFault(pointer(index), unknownLabel(noun, ref)));
    return thing === undefined ? [] : [thing.id];
  });
  if (errors.length > 0) throw unprocessable(`unknown-${noun}`, `A ${noun} that is named does not exist.`, errors);
  return [...new Set(ids)];
}

/** How far ahead an article may be scheduled. */
export const yearsAheadMax = 5;

/**
 * Checks the rules between members of one article, whichever calls have set them. If two members conflict, the fault points
 * to one that the body has (`named`). Throws 400 or 422.
 */
export function checkContent(content: Content, now: string, named: readonly string[] = []): void {
  if (content.status === 'published' && content.publishedAt === null) {
    throw invalidInput([bodyFault('/publishedAt', 'What is published needs it; unpublish the article instead.')]);
  }
  const faultAt = (members: readonly [string, ...string[]], detail: string, detailOfOthers = detail): Fault => {
    const member = members.find((candidate) => named.includes(candidate)) ?? members[0];
    return bodyFault(`/${member}`, member === members[0] ? detail : detailOfOthers);
  };
  const errors: Fault[] = [];
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() + yearsAheadMax);
  if (content.sourceItemId !== null && content.sourceId === null)
    errors.push(
      faultAt(['sourceItemId', 'source'], 'It needs a source.', 'Clear sourceItemId too, which needs a source.'),
    );
  if (content.expiresAt !== null && content.publishedAt !== null && content.expiresAt <= content.publishedAt) {
    const before = `It must be before expiresAt, which is ${content.expiresAt}.`;
    errors.push(
      faultAt(
        ['expiresAt', 'publishedAt', 'at'],
        'It must be after publishedAt, which is now where publishing gives none.',
        before,
      ),
    );
  }
  if (content.publishedAt !== null && content.publishedAt > limit.toISOString()) {
    errors.push(faultAt(['publishedAt', 'at'], `It may be at most ${yearsAheadMax} years ahead.`));
  }
  if (errors.length > 0) throw unprocessable('unprocessable', 'These values do not go together.', errors);
}
