import { type Lane, openLane } from '../core/lane.ts';
import { atOnceMax } from './claiming.ts';

/** Limits the requests to each receiver that are under way at once. No receiver waits for another. */
export type Lanes = {
  /** Runs work of this receiver at its turn. */
  run<Result>(receiver: string, work: () => Promise<Result>): Promise<Result>;
  /** How many deliveries of each receiver to have here, so that there is enough to do until more are taken. */
  rooms(): ReadonlyMap<string, number>;
};

/** No more is taken ahead of its turn than can be sent within about this time, so that bodies are up to date. */
const aheadMs = 100;
const aheadMax = 64;

/** How much the newest duration counts. */
const weight = 0.2;

/** `usualMs`: how long its requests have taken lately. */
type ReceiverLane = { readonly lane: Lane; usualMs: number };

const roomOf = ({ usualMs }: ReceiverLane) =>
  Math.max(atOnceMax, Math.min(aheadMax, Math.floor((atOnceMax * aheadMs) / Math.max(1, usualMs))));

export function openLanes(): Lanes {
  const lanes = new Map<string, ReceiverLane>();
  return {
    async run(receiver, work) {
      const known = lanes.get(receiver) ?? { lane: openLane(atOnceMax), usualMs: aheadMs };
      lanes.set(receiver, known);
      const leave = await known.lane.enter();
      const began = performance.now();
      try {
        return await work();
      } finally {
        known.usualMs += weight * (performance.now() - began - known.usualMs);
        leave();
      }
    },
    rooms: () => new Map([...lanes].map(([receiver, known]) => [receiver, roomOf(known)])),
  };
}
