import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkout } from '../checkout.ts';
import { type Config, defaultPublicUrl } from '../config.ts';
import type { CompleteConfig } from '../deps.ts';
import { defaultDataDir, type EmbeddedLog, type EmbeddedPostgres, openEmbedded } from '../embedded/embedded.ts';
import { readFileText } from '../embedded/process.ts';

/** What this process runs on: its database (perhaps the embedded one) and its signing secret. */
export type Installation = {
  readonly embedded: EmbeddedPostgres | null;
  /** The complete configuration, once the port is known. */
  complete(port: number): CompleteConfig;
};

/**
 * A secret in a data folder, made once and then kept. No race: the folder's lock excludes other processes. One that is shorter
 * than `bytesMin` (a copy to a full disk leaves an empty file) would be known to everybody: throws an Error of one line.
 */
export async function keptSecret(dataDir: string, name: string, bytes: number, bytesMin: number): Promise<string> {
  const file = join(dataDir, name);
  const kept = (await readFileText(file))?.trim();
  if (kept !== undefined && Buffer.byteLength(kept) < bytesMin)
    throw new Error(
      `${file} must have ${bytesMin} bytes or more: bring it back from a backup, or remove it for a new one`,
    );
  if (kept !== undefined) return kept;
  const made = randomBytes(bytes).toString('base64url');
  await writeFile(`${file}.new`, `${made}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return made;
}

const completing =
  (config: Config, DATABASE_URL: string, JWT_SECRET: string) =>
  (PORT: number): CompleteConfig => ({
    ...config,
    PORT,
    DATABASE_URL,
    JWT_SECRET,
    PUBLIC_URL: config.PUBLIC_URL ?? defaultPublicUrl({ ...config, PORT }),
  });

/** The driver reads libpq's variables. What a shell has set for servers elsewhere is not about the one that we bring. */
function forgetOtherServers(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) delete process.env[name];
}

/** With DATABASE_URL, uses only that database and no data folder; without it, starts PostgreSQL in the data folder. */
export async function openInstallation(config: Config, log: EmbeddedLog): Promise<Installation> {
  const { DATABASE_URL, JWT_SECRET, DATA_DIR } = config;
  if (DATABASE_URL !== undefined && JWT_SECRET !== undefined)
    return { embedded: null, complete: completing(config, DATABASE_URL, JWT_SECRET) };
  forgetOtherServers();
  const embedded = await openEmbedded({
    dataDir: DATA_DIR === undefined ? await defaultDataDir(checkout) : resolve(DATA_DIR),
    log,
  });
  try {
    const secret = JWT_SECRET ?? (await keptSecret(embedded.dataDir, 'jwt-secret', 48, 32));
    return { embedded, complete: completing(config, embedded.url, secret) };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
