import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { readConfig, readEnvFile } from './config.ts';
import { describeError } from './core/describe-error.ts';
import { explain, welcome } from './start/console.ts';
import { openInstallation } from './start/installation.ts';
import { openLogOutput } from './start/log-output.ts';
import { startOutbox } from './start/outbox.ts';
import { stopSignal, untilAborted } from './start/stop-signal.ts';

/** So long a process that has ended all else waits for whoever reads its log. */
const logEndMs = 1_000;

/** All that serves: some hundreds of files, which are read while PostgreSQL starts. */
async function loadProgram() {
  const loading = [
    import('./app.ts'),
    import('./db/migrate.ts'),
    import('./db/start-check.ts'),
    import('./deps.ts'),
    import('./http/server/gate.ts'),
    import('./http/server/server.ts'),
    import('./services.ts'),
    import('./start/first-run.ts'),
    import('./start/housekeeping.ts'),
  ] as const;
  const [app, migrate, startCheck, deps, gate, server, services, firstRun, housekeeping] = await Promise.all(loading);
  return {
    ...app,
    ...migrate,
    ...startCheck,
    ...deps,
    ...gate,
    ...server,
    ...services,
    ...firstRun,
    ...housekeeping,
  };
}

/** The process as a paragraph: an installation, a port, the database brought up to date, the application, a signal, the end. */
async function main(stop: AbortSignal): Promise<void> {
  readEnvFile();
  const config = readConfig(process.env);
  const output = openLogOutput(process.stdout.fd, (lines) => log.warn({ lines }, 'log lines were dropped'));
  const log = pino({ level: config.LOG_LEVEL }, output);
  const ends: (() => Promise<void> | undefined)[] = [];
  try {
    const loading = loadProgram();
    const installation = await openInstallation(config, (level, line) => log[level](line));
    ends.unshift(() => installation.embedded?.stop());
    const program = await loading;
    // Before anything is made that is shown only once: the port may be taken.
    const gate = program.openGate({ log, trustedProxies: config.TRUST_PROXY });
    const server = await program.listen(gate.listener, { port: config.PORT, host: config.HOST });
    ends.unshift(() => server.close(0));
    const complete = installation.complete(server.port);
    const deps = await program.openDeps(complete, log, { droppedLines: output.dropped });
    ends.unshift(() => deps.close());
    const database = {
      url: complete.DATABASE_URL,
      poolMax: config.DATABASE_POOL_MAX,
      prepare: config.DATABASE_PREPARE === 'on',
    };
    if (config.MIGRATE === 'on') await program.migrate(database, program.migrationsFolder);
    for (const line of await program.checkServer(database)) log.warn(line);
    const services = program.openServices(deps);
    // The routes are made while the database answers.
    const [first, app] = await Promise.all([
      program.setUpWhenMigrated({ deps, services }, installation.embedded?.dataDir ?? null, stop),
      program.createApp(deps, services),
    ]);
    gate.open(app);
    const stopHousekeeping = program.startHousekeeping({ deps, services });
    ends.unshift(async () => stopHousekeeping());
    ends.unshift(startOutbox({ deps, services }));
    await installation.embedded?.announce(complete.PUBLIC_URL);
    const lines = welcome({ ...first, config: complete, dataDir: installation.embedded?.dataDir ?? null });
    if (installation.embedded) console.log(`\n${lines.join('\n')}\n`);
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
