import { destination, pino } from 'pino';
import { createApp } from './app.ts';
import { bootstrap } from './bootstrap.ts';
import { readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { migrationsFolder, openDeps } from './deps.ts';
import { openHouse } from './house.ts';
import { listen } from './http/server.ts';
import { stopSignal } from './stop-signal.ts';
import { explain, welcome } from './welcome.ts';

/** The process as a paragraph: a house, its database brought up to date, the application, a port, a signal, the end. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.LOG_LEVEL }, destination({ fd: 1, sync: false }));
  const stopped = stopSignal();
  const house = await openHouse(config, (line) => log.info(line));
  try {
    const database = { url: house.config.DATABASE_URL, poolMax: 1, prepare: config.DATABASE_PREPARE === 'on' };
    if (config.MIGRATE === 'on') await migrate(database, migrationsFolder);
    const deps = await openDeps(house.config, log);
    try {
      const first =
        config.MIGRATE === 'on' ? await bootstrap(deps, house.embedded !== null) : { account: null, articles: 0 };
      const server = await listen(createApp(deps), { port: config.PORT, host: config.HOST });
      await house.embedded?.announce(house.config.PUBLIC_URL);
      console.log(
        welcome({
          ...first,
          url: house.config.PUBLIC_URL,
          port: server.port,
          dataDir: house.embedded?.dataDir ?? null,
        }),
      );
      await stopped;
      deps.lifecycle.stopping = true;
      await server.close(config.SHUTDOWN_TIMEOUT_MS);
    } finally {
      await deps.close();
    }
  } finally {
    await house.embedded?.stop();
    log.flush();
  }
}

try {
  process.loadEnvFile();
} catch {
  // Without a .env file the environment is all there is.
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`khobor: ${explain(error)}`);
    process.exit(1);
  },
);
