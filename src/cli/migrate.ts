import { ofCommand, readConfig, readEnvFile } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { migrationsFolder } from '../deps.ts';
import { explain } from '../start/console.ts';
import { expectNoArguments } from '../start/no-arguments.ts';

/** `migrate`: applies missing migrations to the database of DATABASE_URL, for servers that start with MIGRATE=off. */
async function applyMissing(): Promise<string> {
  expectNoArguments(process.argv.slice(2));
  readEnvFile();
  const { DATABASE_URL: url, DATABASE_PREPARE } = readConfig(ofCommand(process.env));
  if (url === undefined) throw new Error('DATABASE_URL must name the database');
  const applied = await migrate({ url, poolMax: 1, prepare: DATABASE_PREPARE === 'on' }, migrationsFolder);
  return applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`;
}

await applyMissing().then(
  (line) => console.log(line),
  (error: unknown) => {
    console.error(`migrate: ${explain(error)}`);
    process.exitCode = 1;
  },
);
