import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a call may go on waiting for what others hold, in all and not for each thing. */
export type Patience = { leftMs: number };

export const patienceMs = 2_000;

/**
 * Waits as short as this are part of the work: what is made of a hundred steps must not run out of patience by them, and
 * waits so long for each also when it has.
 */
export const shortMs = 100;

const calls = new AsyncLocalStorage<Patience>();

/** Runs the work of one call, whose waits are counted together. */
export const patiently = <Result>(work: () => Result, patience: Patience = { leftMs: patienceMs }): Result =>
  calls.run(patience, work);

/** The patience of the call that is under way; where there is none, as much as a call has. */
export const patienceLeft = (): Patience => calls.getStore() ?? { leftMs: patienceMs };

export function spend(patience: Patience, waitedMs: number): void {
  if (waitedMs > shortMs) patience.leftMs = Math.max(0, patience.leftMs - waitedMs);
}
