import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyDatabase } from './database.ts';
import { directly } from './directly.ts';
import { outside } from './outside.ts';
import { makeTestDir } from './postgres.ts';

const { migrate, migrationsFolder, readMigrations } = outside;

/** An empty database that is migrated only so far, as that of an older version, and later on. */
export type OlderDatabase = {
  query<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Applies the migrations whose names fit, by default all; gives the names of those that were not there before. */
  apply(fits?: (name: string) => boolean): Promise<string[]>;
  drop(): Promise<void>;
};

export async function openOlderDatabase(): Promise<OlderDatabase> {
  const [{ url, drop }, folder] = await Promise.all([emptyDatabase(), makeTestDir()]);
  return {
    query: (text, values) => directly(url, text, values),
    async apply(fits = () => true) {
      for (const { name } of await readMigrations(migrationsFolder))
        if (fits(name)) await cp(join(migrationsFolder, name), join(folder, name), { recursive: true });
      return migrate({ url, poolMax: 1, prepare: true }, folder);
    },
    async drop() {
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
