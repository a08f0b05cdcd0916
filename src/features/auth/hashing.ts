import { tooMany, unavailable } from '../../core/errors.ts';

/** Runs work on a password as soon as it is the turn of that address. */
export type Hashing = <Result>(from: string, work: () => Promise<Result>) => Promise<Result>;

const atOnceMax = 2;
const waitingMax = 200;
const waitingOfOneMax = 20;

/** So many log-ins of one address are under way at most: those that are looked at and those that wait. */
export const ofOneMax = atOnceMax + waitingOfOneMax;

export const crowded = () =>
  tooMany('More passwords from this address are waiting than can be checked; wait for their answers.', 2);

/** A few at a time. Addresses take turns, so that a flood from one holds up nobody else by more than what is under way. */
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

  /** The first address in the order has its turn and goes behind the others. */
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
