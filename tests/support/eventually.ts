import { setTimeout as delay } from 'node:timers/promises';

/** Retries every few milliseconds until `ask` succeeds. After the time limit, throws its last error. */
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
