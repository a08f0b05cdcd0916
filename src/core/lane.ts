/** Limits how much of something runs at once. Whoever finds no place waits, in the order of coming. */
export type Lane = {
  /** Takes a place, or waits for one. Returns the function that gives it back. */
  enter(): Promise<() => void>;
  running(): number;
  waiting(): number;
};

export function openLane(atOnceMax: number): Lane {
  const line: (() => void)[] = [];
  let running = 0;
  /** A place is handed on to the next in line, so that nobody who comes just then takes it. */
  const leave = () => {
    const next = line.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    async enter() {
      if (running < atOnceMax) running += 1;
      else await new Promise<void>((resolve) => line.push(resolve));
      return leave;
    },
    running: () => running,
    waiting: () => line.length,
  };
}
