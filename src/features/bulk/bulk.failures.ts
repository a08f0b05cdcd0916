import { bodyFault, Failure, type Fault } from '../../core/errors.ts';
import type { BulkElement } from './bulk.schema.ts';

/** The failures of operations in a bulk. */

const pointerOf = (index: number) => `/operations/${index}`;

/** The failure of one operation, with pointers into the whole body. `at`: where in the operation its own pointers start. */
export function inWhole({ kind, code, message, extras }: Failure, index: number, at: '' | '/body'): Failure {
  const { errors, ...others } = extras;
  if (errors === undefined) return new Failure(kind, code, message, others);
  const within = ({ in: place, pointer, detail }: Fault): Fault => ({
    in: 'body',
    // The only header of the single call is a member of the operation.
    pointer: place === 'header' ? `${pointerOf(index)}/ifMatch` : `${pointerOf(index)}${at}${pointer}`,
    detail,
  });
  return new Failure(kind, code, message, { ...others, errors: errors.map(within) });
}

/** The outcome of an operation that comes after one that could not be served. */
export const notTried = () =>
  new Failure(
    'Unavailable',
    'not-tried',
    'An operation before this one could not be served, so that this one was not tried; send it again.',
  );

const idOf = (element: BulkElement | undefined) =>
  element && 'operation' in element && 'id' in element.operation ? element.operation.id : undefined;

/**
 * The failure of an atomic bulk, with the failure of the operation that caused it. Leaves out the members about the article
 * if an earlier operation had changed it, since that change was rolled back.
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
