import { setTimeout as delay } from 'node:timers/promises';

/** Asks every few milliseconds until the answer comes without an error; after the time its last error is the test's. */
export async function eventually<T>(ask: () => Promise<T>, withinMs = 10_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(10);
    }
  }
}
