import { AsyncLocalStorage } from 'node:async_hooks';

/** A value that work sees for as long as it runs, also across what it awaits. */
export type AsyncContext<Value> = {
  run<Result>(value: Value, work: () => Promise<Result>): Promise<Result>;
  /** Undefined outside of `run`, and in what goes on after its work has ended. */
  get(): Value | undefined;
};

/**
 * Before Node 24 a storage that was used once slows down every callback and every promise of the process: an answer from the
 * cache takes a tenth more time. So it is switched off whenever nothing runs in it.
 */
export function openAsyncContext<Value>(): AsyncContext<Value> {
  const storage = new AsyncLocalStorage<Value>();
  let running = 0;
  return {
    async run(value, work) {
      running += 1;
      try {
        return await storage.run(value, work);
      } finally {
        running -= 1;
        if (running === 0) storage.disable();
      }
    },
    get: () => storage.getStore(),
  };
}
