import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import pg from 'pg';
import type { EmbeddedLog, EmbeddedPostgres } from '../../src/embedded/embedded.ts';
import { outside } from './outside.ts';
import { hastySettings, makeDataDir } from './postgres.ts';
import { buildProgram, builtModule, exec } from './program.ts';

const { openEmbedded } = outside;

/** A program that holds a data folder: prints the database's address, and survives Ctrl-C. */
const holder = `
import { openEmbedded } from '${builtModule('embedded/embedded.js')}';
process.on('SIGINT', () => console.log('interrupted'));
const postgres = await openEmbedded({ dataDir: process.argv[1], settings: { max_connections: '20' } });
await postgres.announce('http://127.0.0.1:3000');
console.log(postgres.url);
setInterval(() => {}, 1000);
`;

/** A data folder with a cluster, made once. Tests copy it, which is faster than to make their own. */
let filled = '';
/** The data folder of the current test. */
export const current = { dataDir: '' };
const opened: EmbeddedPostgres[] = [];
/** Processes that the current test started; they are killed after it. */
export const children: ChildProcess[] = [];

/** Prepares what the tests of a file start from, and cleans up after each of them. */
export function useDataDirs(): void {
  beforeAll(async () => {
    await buildProgram();
    filled = await makeDataDir();
    await (await openEmbedded({ dataDir: filled, settings: hastySettings })).stop();
  });
  afterAll(() => rm(filled, { recursive: true, force: true }));

  afterEach(async () => {
    await Promise.all(children.splice(0).map(killed));
    for (const postgres of opened.splice(0)) await postgres.stop();
    // Stops a PostgreSQL that a killed child may have left, as the next start on that folder would.
    if ((await readdir(current.dataDir)).includes('postgres'))
      await (await openEmbedded({ dataDir: current.dataDir })).stop();
    await rm(current.dataDir, { recursive: true, force: true });
  });
}

/** A new empty folder for the current test. */
export async function emptyDataDir(): Promise<string> {
  current.dataDir = await makeDataDir();
  return current.dataDir;
}

/** A new folder for the current test, with a stopped PostgreSQL in it. */
export const filledDataDir = async (): Promise<string> => fill(await emptyDataDir());

/** Copies the stopped PostgreSQL into a folder. */
export async function fill(folder: string): Promise<string> {
  // No copy function of Node keeps the owner of the files, which is not root.
  await exec('cp', ['-a', `${filled}/.`, folder]);
  return folder;
}

export async function open(folder: string, settings: Record<string, string> = hastySettings, log?: EmbeddedLog) {
  const postgres = await openEmbedded({ dataDir: folder, settings, ...(log ? { log } : {}) });
  opened.push(postgres);
  return postgres;
}

export async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client.query({ text: sql, rowMode: 'array' }).then(
    (results) => client.end().then(() => [results].flat().at(-1)?.rows.flat() ?? []),
    (error) => client.end().then(() => Promise.reject(error)),
  );
}

export async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(current.dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

export async function hold(
  folder: string,
): Promise<{ child: ChildProcess; nextLine: () => Promise<string>; url: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', holder, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  return { child, nextLine, url: await nextLine() };
}

export const killed = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    if (!child.kill('SIGKILL')) resolve('it has ended');
  });
