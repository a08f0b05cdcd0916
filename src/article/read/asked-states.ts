import type { Actor } from '../../core/actor.ts';
import { forbidden, unauthenticated } from '../../core/errors.ts';
import type { ListedState } from './visible.ts';

/** Throws 401 or 403 if the caller may not ask for one of these states. */
export function checkStates(actor: Actor | null, states: readonly ListedState[] | undefined): void {
  if (actor === null && states?.some((state) => state !== 'published')) {
    throw unauthenticated('Only staff may ask for articles that are not public; log in.');
  }
  if (actor?.role === 'viewer' && states?.includes('trash')) throw forbidden('The trash is for authors and editors.');
}
