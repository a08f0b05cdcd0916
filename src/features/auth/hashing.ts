import { tooMany, unavailable } from '../../core/errors.ts';

/** Runs work on a password when it is this address's turn. */
export type Hashing = <Result>(from: string, work: () => Promise<Result>) => Promise<Result>;

const atOnceMax = 2;
const waitingMax = 200;
const waitingOfOneMax = 20;

/** The most log-ins of one address in progress, whether being checked or waiting. */
export const ofOneMax = atOnceMax + waitingOfOneMax;

export const crowded = () =>
  tooMany('More passwords from this address are waiting than can be checked; wait for their answers.', 2);

/**
 * Runs a few at a time. Addresses take turns, so a flood from one address delays the others only by the work in progress.
 */
export function openHashing(): Hashing {
  const lines = new Map<string, (() => void)[]>();
  let [running, waiting] = [0, 0];

  const stand = (from: string): Promise<void> => {
    const line = lines.get(from) ?? [];
    if (line.length >= waitingOfOneMax) throw crowded();
    if (waiting >= waitingMax) throw unavailable(undefined, 'hashing');
    lines.set(from, line);
    waiting += 1;
    return new Promise((resolve) => line.push(resolve));
  };

  /** Round robin: the first address gets its turn and moves to the end. */
  const callNext = () => {
    for (const [from, line] of lines) {
      const next = line.shift();
      lines.delete(from);
      if (line.length > 0) lines.set(from, line);
      if (next === undefined) continue;
      waiting -= 1;
      running += 1;
      return next();
    }
  };

  return async (from, work) => {
    if (running < atOnceMax) running += 1;
    else await stand(from);
    try {
      return await work();
    } finally {
      running -= 1;
      callNext();
    }
  };
}
