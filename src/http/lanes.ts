import { unavailable } from '../core/errors.ts';
import { type Lane, openLane } from '../core/lane.ts';

/**
 * Limits how many long calls of one caller run at once; the others queue. A call with megabytes in its body or answer takes
 * some ten milliseconds at each step, and sixteen at once would make everybody else wait. Returns the function that lets
 * the next one run. Throws 503 if too many wait already.
 */
export type Lanes = (caller: string) => Promise<() => void>;

/** The most calls of one caller that wait; the next one is refused at once. */
const waitingMax = 100;

export function openLanes(atOnceMax: number): Lanes {
  const lanes = new Map<string, Lane>();
  return async (caller) => {
    const lane = lanes.get(caller) ?? openLane(atOnceMax);
    lanes.set(caller, lane);
    if (lane.waiting() >= waitingMax) throw unavailable(undefined, 'working');
    const leave = await lane.enter();
    return () => {
      leave();
      if (lane.running() === 0) lanes.delete(caller);
    };
  };
}
