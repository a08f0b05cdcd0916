/** One Ctrl-C can arrive twice, from npm and from the terminal: a repeat within this time is the same signal. */
const sameSignalMs = 1_000;

/** Resolves at the first SIGINT or SIGTERM. A later one ends the process at once: somebody has lost patience. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first = 0;
    const onSignal = () => {
      if (first === 0) {
        first = performance.now();
        resolve();
      } else if (performance.now() - first > sameSignalMs) {
        process.exit(1);
      }
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
