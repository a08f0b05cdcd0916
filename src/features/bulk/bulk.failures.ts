import { bodyFault, Failure, type Fault } from '../../core/errors.ts';
import type { BulkElement } from './bulk.schema.ts';

/** What is said of the operations of a bulk that fail. */

const pointerOf = (index: number) => `/operations/${index}`;

/** The failure of one operation with pointers into the body that was sent; `at`: what its own pointers begin from. */
export function inWhole({ kind, code, message, extras }: Failure, index: number, at: '' | '/body'): Failure {
  const { errors, ...others } = extras;
  if (errors === undefined) return new Failure(kind, code, message, others);
  const within = ({ in: place, pointer, detail }: Fault): Fault => ({
    in: 'body',
    // The one header of a call alone is a member of an operation.
    pointer: place === 'header' ? `${pointerOf(index)}/ifMatch` : `${pointerOf(index)}${at}${pointer}`,
    detail,
  });
  return new Failure(kind, code, message, { ...others, errors: errors.map(within) });
}

/** What an operation is after one that could not be served. */
export const notTried = () =>
  new Failure(
    'Unavailable',
    'not-tried',
    'An operation before this one could not be served, so that this one was not tried; send it again.',
  );

const idOf = (element: BulkElement | undefined) =>
  element && 'operation' in element && 'id' in element.operation ? element.operation.id : undefined;

/**
 * The failure of a whole that was to be all or nothing, with what was said of the one that failed. Of an article that an
 * operation before had changed, and that is now what it was, nothing besides.
 */
export function failedAt(elements: readonly BulkElement[], index: number, failure: Failure): Failure {
  const id = idOf(elements[index]);
  const changed = id !== undefined && elements.slice(0, index).some((before) => idOf(before) === id);
  const { code, message, extras } = failure;
  const errors: Fault[] = [bodyFault(pointerOf(index), `${code}: ${message}`), ...(extras.errors ?? [])];
  const members = { ...(changed ? {} : extras.members), operation: { index, code, detail: message } };
  const detail = 'An operation failed, so that nothing was changed.';
  return new Failure('Unprocessable', 'bulk-failed', detail, { errors, members });
}
