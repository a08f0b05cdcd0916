import { openAsyncContext } from './async-context.ts';

/** How long a call may still wait for what others hold: one budget for the whole call, not one for each wait. */
export type Patience = { leftMs: number };

export const patienceMs = 2_000;

/**
 * Waits up to this long do not use up patience, so that a call of a hundred steps does not run out of it by short waits.
 * A call without patience left still waits this long at each step.
 */
export const shortMs = 100;

const calls = openAsyncContext<Patience>();

/** Runs the work of one call and counts all its waits against one patience. */
export const patiently = <Result>(
  work: () => Promise<Result>,
  patience: Patience = { leftMs: patienceMs },
): Promise<Result> => calls.run(patience, work);

/** The patience of the current call; outside a call, a full one. */
export const patienceLeft = (): Patience => calls.get() ?? { leftMs: patienceMs };

export function spend(patience: Patience, waitedMs: number): void {
  if (waitedMs > shortMs) patience.leftMs = Math.max(0, patience.leftMs - waitedMs);
}
