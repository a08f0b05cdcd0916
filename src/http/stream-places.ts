import { unavailable } from '../core/errors.ts';

/** The places for streams: a number in all, and fewer for one address, so that one reader cannot take all of them. */
export type Places = {
  /** Takes a place. Returns the function that gives it back. Throws 503 if there is none. */
  take(address: string): () => void;
};

export function openPlaces({ max, addressMax }: { max: number; addressMax: number }): Places {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(address) {
      const here = taken.get(address) ?? 0;
      if (all >= max) throw unavailable(undefined, 'streams');
      if (here >= addressMax) throw unavailable(undefined, 'streamsHere');
      taken.set(address, here + 1);
      all += 1;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        all -= 1;
        const left = (taken.get(address) ?? 1) - 1;
        if (left === 0) taken.delete(address);
        else taken.set(address, left);
      };
    },
  };
}
