import { unavailable } from '../core/errors.ts';

/**
 * Limits how many long calls of one caller run at once; the others queue. A call with megabytes in its body or answer takes
 * some ten milliseconds at each step, and sixteen at once would make everybody else wait. Returns the function that lets
 * the next one run. Throws 503 if too many wait already.
 */
export type Lanes = (caller: string) => Promise<() => void>;

/** The most calls of one caller that wait; the next one is refused at once. */
const waitingMax = 100;

export function openLanes(atOnceMax: number): Lanes {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>();
  return async (caller) => {
    const lane = lanes.get(caller) ?? { running: 0, waiting: [] };
    lanes.set(caller, lane);
    if (lane.waiting.length >= waitingMax) throw unavailable(undefined, 'working');
    if (lane.running < atOnceMax) lane.running += 1;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
    return () => {
      const next = lane.waiting.shift();
      if (next !== undefined) return next();
      lane.running -= 1;
      if (lane.running === 0) lanes.delete(caller);
    };
  };
}
