import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { TestEnvironment } from 'jest-environment-node';
import pg from 'pg';
import { loadBuilt } from './built.ts';
import { faultOf } from './contract.ts';
import { bySocket } from './database.ts';
import { keepFrames } from './kept-frames.ts';

// Code has to run four times as often before Node 20 optimizes it. Jest evaluates its modules again for each test file, and
// most of what was optimized for one file is thrown away with it: a sixth of a worker's CPU time. Later ones wait longer.
if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=300000');

/** The storages that have been used since the last teardown. */
const used = new Set<AsyncLocalStorage<unknown>>();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = new Proxy(run, {
  apply(target, storage, given) {
    used.add(storage);
    return Reflect.apply(target, storage, given);
  },
});

let admin: pg.Pool | undefined;

/** Runs one statement on the run's own database, by a connection that the worker keeps for all its files. */
async function administerRun(sql: string): Promise<void> {
  if (admin === undefined) {
    const connectionString = bySocket(process.env.KHOBOR_TEST_ADMIN_URL ?? '');
    admin = new pg.Pool({ connectionString, max: 1, allowExitOnIdle: true });
    // The server may end before the worker does.
    admin.on('error', () => {});
  }
  await admin.query(sql);
}

export const contract = { faultOf, administerRun };

let keepsFrames = false;

/**
 * A Jest environment with Node, the built program, and the contract that every answer is checked against. A worker loads an
 * environment once, but modules again for each test file. So the program is evaluated, and the document's schemas are
 * compiled, here, once for all its files.
 */
export default class BuiltEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    const built = await loadBuilt();
    if (!keepsFrames) keepFrames(built.supertest.Test);
    keepsFrames = true;
    Object.assign(this.global, { khobor: { ...built, ...contract } });
  }

  /**
   * Each test file's runner and each app create an AsyncLocalStorage. From its first use, Node copies its value to every
   * promise: the hundredth file of a worker would pay for the storages of the ninety-nine before it.
   */
  override async teardown(): Promise<void> {
    for (const storage of used) storage.disable();
    used.clear();
    await super.teardown();
  }
}
