import { unavailable } from '../core/errors.ts';

/**
 * Of what is long only a little of each caller at once, the rest in its order: a call that carries or answers megabytes
 * takes some ten milliseconds at each step, and sixteen side by side would keep everybody else waiting. Gives what makes
 * room for the next. Throws 503 where too many wait already.
 */
export type Lanes = (caller: string) => Promise<() => void>;

/** So many of one caller wait; the next one is told at once. */
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
