import { constants, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { defaultPublicUrl, readConfig, readEnvFile } from './config.ts';
import { describeError } from './core/describe-error.ts';
import { servingFault } from './db/rights.ts';
import { checkServer } from './db/start-check.ts';
import { databaseOf, openDeps } from './deps.ts';
import { openServices } from './services.ts';
import { explain } from './start/console.ts';
import { startDelivery } from './start/delivery.ts';
import { untilServing } from './start/first-run.ts';
import { openLogOutput } from './start/log-output.ts';
import { expectNoArguments } from './start/no-arguments.ts';
import { startNumbers } from './start/outbox.ts';
import { stopSignal, untilAborted } from './start/stop-signal.ts';
import { serveMetrics } from './start/worker-metrics.ts';

/** How long the process, when all else has ended, waits until its log is written. */
const logEndMs = 1_000;

/** The process may have no port, and no timer of ours keeps it: without this it would end when the database is away. */
const stayAlive = () => setInterval(() => {}, 60_000);

/** The life of a process that only sends to webhooks: database, application without its API, stop signal, end. */
async function main(stop: AbortSignal): Promise<void> {
  expectNoArguments(process.argv.slice(2));
  readEnvFile();
  const config = readConfig(process.env);
  const { DATABASE_URL, JWT_SECRET } = config;
  if (DATABASE_URL === undefined || JWT_SECRET === undefined)
    throw new Error('DATABASE_URL and JWT_SECRET must be those of the API; the embedded database serves the API alone');
  const output = openLogOutput(process.stdout.fd, (lines) => log.warn({ lines }, 'log lines were dropped'));
  const log = pino({ level: config.LOG_LEVEL }, output);
  const ends: (() => Promise<void>)[] = [];
  const alive = stayAlive();
  try {
    const complete = { ...config, DATABASE_URL, JWT_SECRET, PUBLIC_URL: config.PUBLIC_URL ?? defaultPublicUrl(config) };
    for (const line of await checkServer(databaseOf(complete))) log.warn(line);
    const deps = await openDeps(complete, log);
    ends.unshift(deps.close);
    ends.unshift(await serveMetrics(config, deps.metrics));
    const fault = await servingFault(deps.db);
    if (fault !== null) throw new Error(fault);
    await untilServing(deps, stop, (fault) => log.warn(fault));
    stop.throwIfAborted();
    const running = { deps, services: openServices(deps) };
    const delivery = startDelivery(running);
    ends.unshift(startNumbers(running, delivery.moved));
    ends.unshift(delivery.stop);
    log.info('webhooks are told of changes');
    await untilAborted(stop);
    log.info('stopping: nothing more is taken');
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    for (const end of ends) await end().catch((error) => log.error({ err: describeError(error) }, 'did not close'));
    clearInterval(alive);
    await output.close(logEndMs);
  }
}

setFlagsFromString('--heap-growing-percent=70');
// Where it shares a machine with the API, those who write go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

main(stopSignal()).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`khobor worker: ${explain(error, 'WORKER_METRICS_PORT')}`);
    process.exit(1);
  },
);
