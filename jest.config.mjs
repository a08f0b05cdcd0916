import { availableParallelism } from 'node:os';

/** `npm test`: all tests but those named `*.long.test.ts`, which `jest.long.config.mjs` runs. */
export default {
  testEnvironment: '<rootDir>/tests/support/environment.ts',
  testRunner: '<rootDir>/tests/support/runner.mjs',
  roots: ['<rootDir>/tests'],
  testRegex: ['(?<!\\.long)\\.test\\.ts$'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/bench/', '<rootDir>/tests/chaos/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    // A dynamic import stays one: the environment loads the built program as Node does (tests/support/built.ts).
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { ignoreDynamic: true } },
    ],
  },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  // One more than there are cores: a worker waits for PostgreSQL for a third of its time.
  maxWorkers: availableParallelism() + 1,
  workerIdleMemoryLimit: '1200MB',
  testTimeout: 20_000,
};
