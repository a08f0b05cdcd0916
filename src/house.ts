import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, defaultPublicUrl } from './config.ts';
import { defaultDataDir, type EmbeddedPostgres, openEmbedded } from './db/embedded.ts';
import type { Settled } from './deps.ts';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where the process lives: its configuration with nothing missing, and the database that it brought with it, if any. */
export type House = { readonly config: Settled; readonly embedded: EmbeddedPostgres | null };

/** The signing secret of a data folder, made once. */
async function secretIn(dataDir: string): Promise<string> {
  const file = join(dataDir, 'jwt-secret');
  const made = randomBytes(48).toString('base64url');
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, made, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}

/** With DATABASE_URL set, nothing is touched but that database; without, PostgreSQL is started in the data folder. */
export async function openHouse(config: Config, log: (line: string) => void): Promise<House> {
  const PUBLIC_URL = config.PUBLIC_URL ?? defaultPublicUrl(config);
  if (config.DATABASE_URL !== undefined && config.JWT_SECRET !== undefined) {
    return {
      config: { ...config, DATABASE_URL: config.DATABASE_URL, JWT_SECRET: config.JWT_SECRET, PUBLIC_URL },
      embedded: null,
    };
  }
  const dataDir = config.DATA_DIR === undefined ? await defaultDataDir(checkout) : resolve(config.DATA_DIR);
  const embedded = await openEmbedded({ dataDir, log });
  const JWT_SECRET = config.JWT_SECRET ?? (await secretIn(dataDir));
  return { config: { ...config, DATABASE_URL: embedded.url, JWT_SECRET, PUBLIC_URL }, embedded };
}
