import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { bootstrapWhenMigrated } from './bootstrap.ts';
import { readConfig, readEnvFile } from './config.ts';
import { describeError } from './core/describe-error.ts';
import { migrate } from './db/migrate.ts';
import { checkServer } from './db/start-check.ts';
import { migrationsFolder, openDeps } from './deps.ts';
import { openHouse } from './house.ts';
import { startHousekeeping } from './housekeeping.ts';
import { openGate } from './http/gate.ts';
import { listen } from './http/server.ts';
import { openLogOutput } from './log-output.ts';
import { stopSignal, untilAborted } from './stop-signal.ts';
import { explain, welcome } from './welcome.ts';

/** So long a process that has ended all else waits for whoever reads its log. */
const logEndMs = 1_000;

/** The process as a paragraph: a house, a port, the database brought up to date, the application, a signal, the end. */
async function main(stop: AbortSignal): Promise<void> {
  readEnvFile();
  const config = readConfig(process.env);
  const output = openLogOutput(process.stdout.fd, (lines) => log.warn({ lines }, 'log lines were dropped'));
  const log = pino({ level: config.LOG_LEVEL }, output);
  const ends: (() => Promise<void> | undefined)[] = [];
  try {
    const house = await openHouse(config, (level, line) => log[level](line));
    ends.unshift(() => house.embedded?.stop());
    // Before anything is made that is shown only once: the port may be taken.
    const gate = openGate({ log, trustedProxies: config.TRUST_PROXY });
    const server = await listen(gate.listener, { port: config.PORT, host: config.HOST });
    ends.unshift(() => server.close(0));
    const settled = house.settle(server.port);
    const deps = await openDeps(settled, log, { droppedLines: output.dropped });
    ends.unshift(() => deps.close());
    const database = {
      url: settled.DATABASE_URL,
      poolMax: config.DATABASE_POOL_MAX,
      prepare: config.DATABASE_PREPARE === 'on',
    };
    if (config.MIGRATE === 'on') await migrate(database, migrationsFolder);
    for (const line of await checkServer(database)) log.warn(line);
    const first = await bootstrapWhenMigrated(deps, house.embedded?.dataDir ?? null, stop);
    gate.open(createApp(deps));
    const stopHousekeeping = startHousekeeping(deps);
    ends.unshift(async () => stopHousekeeping());
    await house.embedded?.announce(settled.PUBLIC_URL);
    const lines = welcome({ ...first, config: settled, dataDir: house.embedded?.dataDir ?? null });
    if (house.embedded) console.log(`\n${lines.join('\n')}\n`);
    else for (const line of lines) log.info(line);
    await untilAborted(stop);
    log.info('stopping: readiness is off');
    deps.lifecycle.stopping = true;
    await server.close(config.SHUTDOWN_TIMEOUT_MS, config.SHUTDOWN_DELAY_MS);
  } catch (error) {
    // Ctrl-C while starting also reaches what was started in the same terminal; that it ends is no fault.
    if (!stop.aborted) throw error;
  } finally {
    // Each, also behind one that fails: PostgreSQL is the last.
    for (const end of ends) await end()?.catch((error) => log.error({ err: describeError(error) }, 'did not close'));
    await output.close(logEndMs);
  }
}

// Garbage is looked for when the heap has grown by this much; by itself V8 would wait for several times of what lives.
setFlagsFromString('--heap-growing-percent=70');

main(stopSignal()).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`khobor: ${explain(error)}`);
    process.exit(1);
  },
);
