/** One Ctrl-C can arrive twice, from npm and from the terminal. A repeat within this time counts as the same signal. */
const sameSignalMs = 1_000;

/** Aborted by the first SIGINT, SIGTERM or SIGHUP. A later one ends the process at once, for an operator who will not wait. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > sameSignalMs) {
      process.exit(1);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Sent when the terminal is closed.
  process.on('SIGHUP', onSignal);
  return controller.signal;
}

export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
