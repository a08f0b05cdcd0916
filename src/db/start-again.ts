import type { Size } from '../core/turns.ts';

/**
 * `passing`: keys that are waited for and not taken. `careful`: from now on with savepoints for all transactions inside.
 */
type Again = { turns: readonly string[]; passing: readonly string[]; size: Size; careful: boolean };

/**
 * Thrown in a transaction that needs a key held by another one of this process, or a savepoint that it has not set. It rolls
 * back and restarts, at its turn.
 */
export class StartAgain extends Error {
  override readonly name = 'StartAgain';
  readonly asked: Again;
  constructor(asked: Partial<Again> & Pick<Again, 'size'>) {
    super('a transaction starts again');
    this.asked = { turns: [], passing: [], careful: false, ...asked };
  }
}

/** A pause of its own for each before it tries once more, so that two do not meet again. */
export const jitter = () => new Promise<void>((resolve) => setTimeout(resolve, 5 + Math.random() * 40));
