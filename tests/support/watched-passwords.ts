import type { DepsOverrides } from '../../src/deps.ts';
import { quickPasswords } from './app.ts';
import { outside } from './outside.ts';

const { unavailable } = outside;

type Passwords = NonNullable<DepsOverrides['passwords']>;

/** Passwords that count how often one is looked at, and that may be held up or be out of reach. */
export type WatchedPasswords = {
  readonly passwords: Passwords;
  lookedAt(): number;
  /** Lets none from an address be looked at until the returned function is called. */
  hold(address: string): () => void;
  /** Lets none be looked at any more: each is told to come again later. */
  fail(): void;
  /** As at first: nothing was looked at, and nothing is in the way. */
  reset(): void;
};

export function watchPasswords(): WatchedPasswords {
  const real = quickPasswords();
  let lookedAt = 0;
  let outage = false;
  let held: { address: string; until: Promise<void> } | null = null;
  return {
    passwords: {
      ...real,
      async verify(given, hash, from) {
        lookedAt += 1;
        if (outage) throw unavailable();
        if (held?.address === from) await held.until;
        return real.verify(given, hash, from);
      },
    },
    lookedAt: () => lookedAt,
    hold(address) {
      let letGo: () => void = () => {};
      const until = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      held = { address, until };
      return () => {
        letGo();
        held = null;
      };
    },
    fail() {
      outage = true;
    },
    reset() {
      lookedAt = 0;
      outage = false;
      held = null;
    },
  };
}
