import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { readConfig, readEnvFile } from './config.ts';
import { describeError } from './core/describe-error.ts';
import { migrate } from './db/migrate.ts';
import { checkServer } from './db/start-check.ts';
import { databaseOf, migrationsFolder, openDeps } from './deps.ts';
import { checkFirstAdmin } from './features/users/first-admin.ts';
import { openGate } from './http/server/gate.ts';
import { listen } from './http/server/server.ts';
import { openServices } from './services.ts';
import { explain, streamsLine, welcome } from './start/console.ts';
import { noDelivery, startDelivery } from './start/delivery.ts';
import { setUpWhenMigrated } from './start/first-run.ts';
import { startHousekeeping } from './start/housekeeping.ts';
import { openInstallation } from './start/installation.ts';
import { openLogOutput } from './start/log-output.ts';
import { expectNoArguments } from './start/no-arguments.ts';
import { startOutbox } from './start/outbox.ts';
import { stopSignal, untilAborted } from './start/stop-signal.ts';

/** How long the process, when all else has ended, waits until its log is written. */
const logEndMs = 1_000;

/** The life of the process: installation, port, migrations, application, stop signal, end. */
async function main(stop: AbortSignal): Promise<void> {
  expectNoArguments(process.argv.slice(2));
  readEnvFile();
  const config = readConfig(process.env);
  checkFirstAdmin(config);
  const output = openLogOutput(process.stdout.fd, (lines) => log.warn({ lines }, 'log lines were dropped'));
  const log = pino({ level: config.LOG_LEVEL }, output);
  const ends: (() => Promise<void> | undefined)[] = [];
  try {
    const installation = await openInstallation(config, (level, line) => log[level](line));
    ends.unshift(() => installation.embedded?.stop());
    // Listen before anything is made that is shown only once, such as the first account: the port may be taken.
    const gate = openGate({ log, trustedProxies: config.TRUST_PROXY });
    const server = await listen(gate.listener, { port: config.PORT, host: config.HOST });
    ends.unshift(() => server.close(0));
    const complete = installation.complete(server.port);
    const deps = await openDeps(complete, log, { droppedLines: output.dropped });
    ends.unshift(() => deps.close());
    const database = databaseOf(complete);
    if (config.MIGRATE === 'on') await migrate(database, migrationsFolder);
    for (const line of await checkServer(database)) log.warn(line);
    const services = openServices(deps);
    // Make the routes while the database works on the first run.
    const [first, app] = await Promise.all([
      setUpWhenMigrated({ deps, services }, installation.embedded?.dataDir ?? null, stop),
      createApp(deps, services, output),
    ]);
    gate.open(app);
    const stopHousekeeping = startHousekeeping({ deps, services });
    ends.unshift(async () => stopHousekeeping());
    const delivery = config.WEBHOOKS === 'on' ? startDelivery({ deps, services }) : noDelivery;
    ends.unshift(delivery.stop);
    ends.unshift(startOutbox({ deps, services }, delivery.moved));
    await installation.embedded?.announce(complete.PUBLIC_URL);
    const lines = welcome({ ...first, config: complete, dataDir: installation.embedded?.dataDir ?? null });
    if (installation.embedded) console.log(`\n${lines.join('\n')}\n`);
    else for (const line of lines) log.info(line);
    const line = streamsLine(complete);
    if (line !== null) log.info(line);
    await untilAborted(stop);
    log.info('stopping: readiness is off');
    deps.lifecycle.stopping = true;
    deps.streams.close(config.SHUTDOWN_DELAY_MS);
    await Promise.all([server.close(config.SHUTDOWN_TIMEOUT_MS, config.SHUTDOWN_DELAY_MS), delivery.stop()]);
  } catch (error) {
    // Ctrl-C during the start also ends what was started in the same terminal; that is no fault.
    if (!stop.aborted) throw error;
  } finally {
    // End all of them, even after one fails. PostgreSQL is the last.
    for (const end of ends) await end()?.catch((error) => log.error({ err: describeError(error) }, 'did not close'));
    await output.close(logEndMs);
  }
}

// Collect garbage when the heap has grown by this much. By default, V8 lets it grow to several times the live data.
setFlagsFromString('--heap-growing-percent=40');

main(stopSignal()).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`khobor: ${explain(error)}`);
    process.exit(1);
  },
);
