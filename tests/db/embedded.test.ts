import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, lstat, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedPostgres, openEmbedded } from '../../src/db/embedded.ts';
import { copyBinaries, findBinaries } from '../../src/db/embedded-binaries.ts';
import { accountFor } from '../../src/db/embedded-process.ts';
import { openServer } from '../../src/db/embedded-server.ts';
import { hastySettings, makeDataDir, makeTestDir } from '../support/postgres.ts';

const exec = promisify(execFile);
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
let dataDir = '';
const opened: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

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

async function freshDataDir(): Promise<string> {
  dataDir = await makeDataDir();
  return dataDir;
}
afterEach(async () => {
  await Promise.all(children.splice(0).map(killed));
  for (const postgres of opened.splice(0)) await postgres.stop();
  // Stops what a killed child may have left, as the next start of that house would.
  if ((await readdir(dataDir)).includes('postgres')) await (await openEmbedded({ dataDir })).stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(folder: string, settings: Record<string, string> = hastySettings, log?: (line: string) => void) {
  const postgres = await openEmbedded({ dataDir: folder, settings, ...(log ? { log } : {}) });
  opened.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client.query({ text: sql, rowMode: 'array' }).then(
    (results) => client.end().then(() => [results].flat().at(-1)?.rows.flat() ?? []),
    (error) => client.end().then(() => Promise.reject(error)),
  );
}

async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 200) throw error;
      await delay(25);
    }
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function hold(folder: string): Promise<{ child: ChildProcess; nextLine: () => Promise<string>; url: string }> {
  const child = spawn(process.execPath, [join(built, 'holder.js'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  return { child, nextLine, url: await nextLine() };
}

const killed = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    if (!child.kill('SIGKILL')) resolve('it has ended');
  });

describe('the embedded PostgreSQL', () => {
  it('starts in an empty folder, and the second start has the rows of the first', async () => {
    const first = await open(await freshDataDir());
    await query(first.url, "create table news (title text); insert into news values ('বন্যার খবর')");
    await first.stop();
    await first.stop();
    const second = await open(dataDir);
    expect(await query(second.url, 'select title from news')).toEqual(['বন্যার খবর']);
    expect(second.adopted).toBe(false);
    expect(await readdir(dataDir)).not.toContainEqual(expect.stringMatching(/new|claim/));
  });

  it('listens on 127.0.0.1 alone, sorts by code point, and lets nobody in without the password', async () => {
    const { url } = await open(await freshDataDir());
    const asked = await query(
      url,
      "select current_setting('listen_addresses'), current_setting('unix_socket_directories')",
    );
    expect(asked).toEqual(['127.0.0.1', '']);
    const made = await query(
      url,
      "select datlocprovider, datlocale, datctype, pg_encoding_to_char(encoding) from pg_database where datname = 'khobor'",
    );
    expect(made).toEqual(['b', 'C.UTF-8', process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8', 'UTF8']);
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a second start on the same data, naming the process and its address', async () => {
    const { child, url } = await hold(await freshDataDir());
    await expect(open(dataDir)).rejects.toThrow(
      new RegExp(
        `^Khobor is already running at http://127\\.0\\.0\\.1:3000 \\(pid ${child.pid}\\) on the data in [^\n]+$`,
      ),
    );
    expect(await query(url, 'select 1')).toEqual([1]);
  });

  it('lets exactly one of several starts at once have the data', async () => {
    await freshDataDir();
    await writeFile(join(dataDir, 'khobor.pid'), `${process.pid}\nanother life\n\n`);
    const starts = await Promise.allSettled([open(dataDir), open(dataDir), open(dataDir)]);
    expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('leaves nothing behind a kill -9 that blocks the next start, and loses no committed row', async () => {
    const { child, url } = await hold(await freshDataDir());
    await query(url, 'create table news (n int); insert into news select generate_series(1, 1000)');
    await killed(child);
    const next = await open(dataDir);
    expect(await query(next.url, 'select count(*)::int from news')).toEqual([1000]);
  });

  it('stops its PostgreSQL when it is killed, also without a next start', async () => {
    const { child, url } = await hold(await freshDataDir());
    await killed(child);
    await eventually(() => expect(lstat(join(dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT'));
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('keeps PostgreSQL when Ctrl-C reaches the whole process group', async () => {
    const { child, nextLine, url } = await hold(await freshDataDir());
    process.kill(-Number(child.pid), 'SIGINT');
    expect(await nextLine()).toBe('interrupted');
    expect(await query(url, 'select 1')).toEqual([1]);
  });

  it('is back on the same port, with its rows, when PostgreSQL is killed', async () => {
    const lines: string[] = [];
    const { url } = await open(await freshDataDir(), {}, (line) => lines.push(line));
    await query(url, 'create table news (n int); insert into news values (7)');
    for (const signal of ['SIGKILL', 'SIGTERM', 'keeper']) {
      const before = await postmasterPid();
      const { stdout: keeper } = await exec('ps', ['-o', 'ppid=', '-p', String(before)]);
      if (signal === 'keeper') process.kill(Number(keeper), 'SIGKILL');
      process.kill(before, signal === 'keeper' ? 'SIGKILL' : signal);
      await eventually(async () => expect(await postmasterPid()).not.toBe(before));
      expect(await eventually(() => query(url, 'select n from news'))).toEqual([7]);
    }
    expect(lines[0]).toMatch(/^PostgreSQL ended by itself .* and is started again$/);
  });

  it('stops at once while PostgreSQL is being started again', async () => {
    const postgres = await open(await freshDataDir());
    process.kill(await postmasterPid(), 'SIGKILL');
    await postgres.stop();
    await expect(query(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    const again = await open(dataDir);
    expect(await query(again.url, 'select 1')).toEqual([1]);
  });

  it('gives two houses beside each other a port each', async () => {
    await freshDataDir();
    await Promise.all(['a', 'b'].map((name) => mkdir(join(dataDir, name))));
    const [a, b] = await Promise.all([open(join(dataDir, 'a')), open(join(dataDir, 'b'))]);
    expect(new URL(a?.url ?? '').port).not.toBe(new URL(b?.url ?? '').port);
    expect(await query(a?.url ?? '', 'select 1')).toEqual([1]);
    expect(await query(b?.url ?? '', 'select 1')).toEqual([1]);
  });

  it('takes another port when the chosen one is taken before PostgreSQL has it', async () => {
    const first = await open(await freshDataDir());
    await first.stop();
    const thief = createServer();
    const taken = await new Promise<number>((resolve) => {
      thief.listen(0, '127.0.0.1', () => {
        const address = thief.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const ports = [taken, Number(new URL(first.url).port)];
    const [version] = await readdir(join(dataDir, 'binaries'));
    const clusterDir = join(dataDir, 'postgres');
    const server = await openServer({
      postgres: join(dataDir, 'binaries', String(version), 'bin/postgres'),
      clusterDir,
      logFile: join(dataDir, 'postgres.log'),
      account: await accountFor(clusterDir),
      settings: hastySettings,
      log: () => {},
      choosePort: async () => ports.shift() ?? 0,
    });
    expect(server.port).toBe(Number(new URL(first.url).port));
    await server.stop();
    thief.close();
  });

  it('starts over after a start that was killed while the cluster was being made', async () => {
    await freshDataDir();
    await mkdir(join(dataDir, 'postgres.new-dead/cluster/base'), { recursive: true });
    await mkdir(join(dataDir, 'binaries/copy-dead/bin'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.password'), 'of no cluster', { mode: 0o600 });
    const postgres = await open(dataDir);
    expect(await query(postgres.url, 'select 1')).toEqual([1]);
    expect(await readdir(dataDir)).not.toContain('postgres.new-dead');
    expect(await readdir(join(dataDir, 'binaries'))).toHaveLength(1);
  });

  it('is not stopped by a pid that now belongs to another process', async () => {
    const first = await open(await freshDataDir());
    await first.stop();
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    const bystander = spawn('sleep', ['60'], { ...(process.getuid?.() === 0 ? { uid, gid } : {}), cwd: '/' });
    children.push(bystander);
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), `${bystander.pid}\n${join(dataDir, 'postgres')}\n`);
    const second = await open(dataDir);
    expect(await query(second.url, 'select 1')).toEqual([1]);
    expect(bystander.exitCode).toBeNull();
  });

  it('makes the library links that npm leaves out when install scripts do not run', async () => {
    await freshDataDir();
    const { native } = await findBinaries();
    const [bare, made] = [join(dataDir, 'bare'), join(dataDir, 'made')];
    await cp(native, bare, { recursive: true, filter: async (path) => !(await lstat(path)).isSymbolicLink() });
    const links: { target: string }[] = JSON.parse(await readFile(join(bare, 'pg-symlinks.json'), 'utf8'));
    await mkdir(made);
    await copyBinaries(bare, made);
    for (const { target } of links)
      expect(await readlink(join(made, target.replace(/^native/, '')))).not.toContain('/');
    const { stdout } = await exec(join(made, 'bin/postgres'), ['--version']);
    expect(stdout).toMatch(/^postgres \(PostgreSQL\) \d+/);
    await expect(exec(join(bare, 'bin/postgres'), ['--version'])).rejects.toThrow('shared libraries');
  });

  it('advises DATABASE_URL on a platform without binaries', async () => {
    await freshDataDir();
    await expect(findBinaries('plan9-mips')).rejects.toThrow(/No PostgreSQL for plan9-mips .* set DATABASE_URL/);
  });
});
