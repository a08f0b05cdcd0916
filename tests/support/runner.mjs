import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import runner from 'jest-circus/runner';

/**
 * What Jest's runner and `expect` need for messages, stacks and snapshots. It keeps nothing of a test file. What compares or
 * prints values is not among it, for that asks whether they are of its own realm.
 */
const shared = new Set([
  ...['@jest/snapshot-utils', '@jest/test-result', 'jest-message-util', 'jest-snapshot', 'jest-util'],
  ...['co', 'dedent', 'graceful-fs', 'p-limit', 'pure-rand', 'slash', 'stack-utils'],
]);

/** The libraries that this worker has compiled, by their file. */
const compiled = new Map();

/** Compiles a library's file once for a worker. Jest would parse it, and each function that runs, for each test file. */
function compileOnce(file, code, parameters) {
  const known = compiled.get(file);
  if (known?.code === code) return known.script;
  const script = new Script(`(function (${parameters.join(', ')}) {${code}\n})`, { filename: file });
  compiled.set(file, { code, script });
  return script;
}

/** Jest's own runner. Of its libraries, a worker loads those above once, and not again for each test file. */
export default function run(globalConfig, config, environment, runtime, ...more) {
  const requireInternal = runtime.requireInternalModule.bind(runtime);
  runtime.requireInternalModule = (from, name) =>
    shared.has(name) ? createRequire(from)(name) : requireInternal(from, name);
  const { executor } = runtime;
  const compile = executor.compile.bind(executor);
  executor.compile = (code, file) => {
    const context = environment.getVmContext();
    // A dynamic import belongs to the test file that causes it.
    const ofLibrary = file.includes('/node_modules/') && !code.includes('import(');
    if (context === null || !ofLibrary) return compile(code, file);
    try {
      return compileOnce(file, code, executor.injectedModuleParameters).runInContext(context);
    } catch {
      // No script: Jest says why, or takes it for a module.
      return compile(code, file);
    }
  };
  return runner.default(globalConfig, config, environment, runtime, ...more);
}
