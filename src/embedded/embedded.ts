import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { errorCode } from '../core/error-code.ts';
import { findBinaries, installBinaries } from './binaries.ts';
import { clusterDirOf, databaseUser, ensureCluster, stopOrphan } from './cluster.ts';
import { openLock } from './lock.ts';
import { type Account, accountFor, canEnter } from './process.ts';
import { type EmbeddedLog, openServer } from './server.ts';

export type { EmbeddedLog };

/** A running PostgreSQL of our own, on 127.0.0.1 only. */
export type EmbeddedPostgres = {
  readonly url: string;
  readonly dataDir: string;
  /** Records where the API answers, so that a second start on the same data can say so. */
  announce(address: string): Promise<void>;
  /** Fast shutdown; resolves when PostgreSQL has ended. Idempotent. Close pools before. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** The folder of all data of one installation. This module uses postgres*, binaries/ and khobor.pid in it. */
  readonly dataDir: string;
  /** Created when missing; default `khobor`. */
  readonly database?: string;
  readonly log?: EmbeddedLog;
  /** PostgreSQL settings by name. They override ours. */
  readonly settings?: Record<string, string>;
};

/**
 * Starts PostgreSQL on a data folder, creating folder and cluster if they are missing, and keeps it alive until `stop` or
 * the end of this process, even by kill -9. If the folder is in use, throws an Error of one line that names the process.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const found = await findBinaries();
  const made = await mkdir(options.dataDir, { recursive: true }).catch(async (thrown) => {
    // On a read-only file system Node says that there is no such folder. Asked for that folder alone, it says why.
    await mkdir(options.dataDir);
    throw thrown;
  });
  const dataDir = await realpath(options.dataDir);
  await access(dataDir, constants.W_OK).catch((thrown) => {
    if (errorCode(thrown) === 'EROFS') throw new Error(`${dataDir} is on a read-only file system`);
    throw new Error(`${dataDir} cannot be written by uid ${process.getuid?.()}: start as the user who made it`);
  });
  const { log = () => {}, settings = {}, database = 'khobor' } = options;
  const clusterDir = clusterDirOf(dataDir);
  const account = await accountFor(clusterDir);
  await letEnter(account, dataDir, made === undefined ? dataDir : await realpath(made));
  const lock = await openLock(dataDir);
  try {
    await stopOrphan(clusterDir);
    const binaries = await installBinaries(found, dataDir, account);
    const password = await ensureCluster({ dataDir, binaries, account, durable: settings.fsync !== 'off' });
    const logFile = join(dataDir, 'postgres.log');
    const server = await openServer({ postgres: binaries.postgres, clusterDir, logFile, account, settings, log });
    const urlOf = (name: string) =>
      `postgresql://${databaseUser}:${password}@127.0.0.1:${server.port}/${encodeURIComponent(name)}`;
    let stopped: Promise<void> | null = null;
    const stop = () => {
      stopped ??= server.stop().finally(lock.release);
      return stopped;
    };
    await ensureDatabase(urlOf, database).catch((error) => stop().then(() => Promise.reject(error)));
    return { url: urlOf(database), dataDir, announce: lock.announce, stop };
  } catch (error) {
    await lock.release();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason} (or set DATABASE_URL to a PostgreSQL of your own)`, { cause: error });
  }
}

/**
 * Where a checkout keeps its data: in its `data/` or, for root in a checkout that PostgreSQL's user cannot enter, in
 * `/var/lib/khobor/<hash of the checkout's path>`. A folder that already holds a cluster is always used.
 */
export async function defaultDataDir(checkout: string): Promise<string> {
  const path = await realpath(checkout);
  const inside = join(path, 'data');
  if (process.getuid?.() !== 0) return inside;
  const outside = join('/var/lib/khobor', createHash('sha256').update(path).digest('hex').slice(0, 16));
  const used = (folder: string) =>
    access(clusterDirOf(folder)).then(
      () => true,
      () => false,
    );
  if (await used(inside)) return inside;
  if (await used(outside)) return outside;
  return (await canEnter(await accountFor(clusterDirOf(inside)), path)) ? inside : outside;
}

/**
 * Lets PostgreSQL's user enter a data folder owned by root, and the folders above it that we created, up to `top` (the
 * umask may have closed them). The files in the folder have their own modes.
 */
async function letEnter(account: Account, dataDir: string, top: string): Promise<void> {
  if (account.uid === undefined || (await canEnter(account, dataDir))) return;
  for (let folder = dataDir; folder.startsWith(top); folder = dirname(folder)) {
    const { uid, mode } = await stat(folder);
    if (uid === 0) await chmod(folder, (mode & 0o777) | 0o011);
  }
  if (await canEnter(account, dataDir)) return;
  throw new Error(
    `PostgreSQL refuses to run as root, and uid ${account.uid}, as whom it runs, cannot enter ${dataDir}: ` +
      'allow that (chmod a+x on the folders above it), choose another data folder, or set DATABASE_URL.',
  );
}

/** Connects, which also checks the password, and creates the database if there is none. */
async function ensureDatabase(urlOf: (database: string) => string, database: string): Promise<void> {
  const attempt = async (name: string, statement: string) => {
    const client = new pg.Client({ connectionString: urlOf(name) });
    try {
      await client.connect();
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await attempt(database, 'select 1').catch(async (error) => {
    if (error.code !== '3D000') throw error;
    await attempt('postgres', `create database ${pg.escapeIdentifier(database)}`);
  });
}
