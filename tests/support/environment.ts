import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';
import { loadBuilt } from './built.ts';
import { faultOf } from './contract.ts';

/** The storages that have been used since they were last let go. */
const used = new Set<AsyncLocalStorage<unknown>>();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = new Proxy(run, {
  apply(target, storage, given) {
    used.add(storage);
    return Reflect.apply(target, storage, given);
  },
});

/**
 * Does something without the stacks of what it makes. Supertest writes one with each expectation, in case it fails, and
 * mapping its places to the sources takes more time than the contract's check of a whole answer.
 */
function withoutStacks<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const made = make();
  Error.stackTraceLimit = stackTraceLimit;
  return made;
}

export const contract = { faultOf, withoutStacks };

/**
 * Node, the built program, and the contract that every answer is held to. A worker loads an environment once, and its
 * test files one after another, each with modules of its own: here the program is evaluated and the document's schemas
 * are compiled for all of them.
 */
export default class BuiltEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, { khobor: { ...(await loadBuilt()), ...contract } });
  }

  /**
   * Each test file's runner and each app bring an AsyncLocalStorage, and Node copies the value of every one that was used
   * to every promise from then on: the hundredth file of a worker would pay for those of ninety-nine.
   */
  override async teardown(): Promise<void> {
    for (const storage of used) storage.disable();
    used.clear();
    await super.teardown();
  }
}
