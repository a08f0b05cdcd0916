/** Wakes the one waiter; if nobody waits, the next `wait` returns at once. */
export type Bell = {
  ring(): void;
  /** Waits until it rings, at most `ms`. Returns at once if it has rung since the last wait. */
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
