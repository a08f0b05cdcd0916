/** Wakes the one who waits, or the next who will. */
export type Bell = {
  ring(): void;
  /** Until it rings, or so long; at once where it has rung since the last time. */
  wait(ms: number): Promise<void>;
};

export function openBell(): Bell {
  let rung = false;
  let wake: () => void = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(ms) {
      if (!rung && ms > 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms).unref();
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      rung = false;
      wake = () => {};
    },
  };
}
