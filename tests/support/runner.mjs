import { createRequire } from 'node:module';
import runner from 'jest-circus/runner';

/**
 * What Jest's runner and `expect` need for messages, stacks and snapshots. It keeps nothing of a test file. What compares or
 * prints values is not among it, for that asks whether they are of its own realm.
 */
const shared = new Set([
  ...['@jest/snapshot-utils', '@jest/test-result', 'jest-message-util', 'jest-snapshot', 'jest-util'],
  ...['co', 'dedent', 'graceful-fs', 'p-limit', 'pure-rand', 'slash', 'stack-utils'],
]);

/** Jest's own runner. Of its libraries, a worker loads those above once, and not again for each test file. */
export default function run(globalConfig, config, environment, runtime, ...more) {
  const requireInternal = runtime.requireInternalModule.bind(runtime);
  runtime.requireInternalModule = (from, name) =>
    shared.has(name) ? createRequire(from)(name) : requireInternal(from, name);
  return runner.default(globalConfig, config, environment, runtime, ...more);
}
