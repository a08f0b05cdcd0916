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

type Lane = { running: number; usualMs: number; readonly waiting: (() => void)[] };

const roomOf = ({ usualMs }: Lane) =>
  Math.max(atOnceMax, Math.min(aheadMax, Math.floor((atOnceMax * aheadMs) / Math.max(1, usualMs))));

export function openLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const enter = async (lane: Lane) => {
    if (lane.running >= atOnceMax) await new Promise<void>((resolve) => lane.waiting.push(resolve));
    else lane.running += 1;
  };
  /** Hands its place on. */
  const leave = (lane: Lane) => {
    const next = lane.waiting.shift();
    if (next === undefined) lane.running -= 1;
    else next();
  };
  return {
    async run(receiver, work) {
      const lane = lanes.get(receiver) ?? { running: 0, usualMs: aheadMs, waiting: [] };
      lanes.set(receiver, lane);
      await enter(lane);
      const began = performance.now();
      try {
        return await work();
      } finally {
        lane.usualMs += weight * (performance.now() - began - lane.usualMs);
        leave(lane);
      }
    },
    rooms: () => new Map([...lanes].map(([receiver, lane]) => [receiver, roomOf(lane)])),
  };
}
