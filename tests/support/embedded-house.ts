import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedPostgres, openEmbedded } from '../../src/db/embedded.ts';
import { hastySettings, makeDataDir, makeTestDir } from './postgres.ts';

export const exec = promisify(execFile);
const checkout = join(import.meta.dirname, '../..');
/** A program that holds a data folder: says where it answers, and then outlives Ctrl-C. */
const holder = `
import { openEmbedded } from './db/embedded.js';
process.on('SIGINT', () => console.log('interrupted'));
const postgres = await openEmbedded({ dataDir: process.argv[2], settings: { max_connections: '20' } });
await postgres.announce('http://127.0.0.1:3000');
console.log(postgres.url);
setInterval(() => {}, 1000);
`;

let built = '';
/** The data folder of the test that runs. */
export const house = { dataDir: '' };
const opened: EmbeddedPostgres[] = [];
/** Processes that the test leaves; they are killed after it. */
export const children: ChildProcess[] = [];

/** Builds the program that holds a data folder, and clears away what each test leaves. */
export function useHouses(): void {
  beforeAll(async () => {
    built = await makeTestDir();
    const config = {
      extends: join(checkout, 'tsconfig.json'),
      compilerOptions: {
        rootDir: join(checkout, 'src'),
        outDir: built,
        typeRoots: [join(checkout, 'node_modules/@types')],
      },
      files: [join(checkout, 'src/db/embedded.ts')],
      include: [],
    };
    await writeFile(join(built, 'tsconfig.json'), JSON.stringify(config));
    await exec(join(checkout, 'node_modules/.bin/tsc'), ['-p', built]);
    await writeFile(join(built, 'package.json'), '{ "type": "module" }');
    await writeFile(join(built, 'holder.js'), holder);
    await symlink(join(checkout, 'node_modules'), join(built, 'node_modules'));
  });
  afterAll(() => rm(built, { recursive: true, force: true }));

  afterEach(async () => {
    await Promise.all(children.splice(0).map(killed));
    for (const postgres of opened.splice(0)) await postgres.stop();
    // Stops what a killed child may have left, as the next start of that house would.
    if ((await readdir(house.dataDir)).includes('postgres'))
      await (await openEmbedded({ dataDir: house.dataDir })).stop();
    await rm(house.dataDir, { recursive: true, force: true });
  });
}

export async function freshDataDir(): Promise<string> {
  house.dataDir = await makeDataDir();
  return house.dataDir;
}
export async function open(
  folder: string,
  settings: Record<string, string> = hastySettings,
  log?: (line: string) => void,
) {
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
  return Number((await readFile(join(house.dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

export async function hold(
  folder: string,
): Promise<{ child: ChildProcess; nextLine: () => Promise<string>; url: string }> {
  const child = spawn(process.execPath, [join(built, 'holder.js'), folder], {
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
