import { cp, lstat, mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { copyBinaries, findBinaries } from '../../src/embedded/binaries.ts';
import { sharedBuffersOf } from '../../src/embedded/keeper.ts';
import { accountFor } from '../../src/embedded/process.ts';
import { openServer } from '../../src/embedded/server.ts';
import {
  current,
  emptyDataDir,
  fill,
  filledDataDir,
  hold,
  open,
  query,
  useDataDirs,
} from '../support/embedded-folders.ts';
import { hastySettings } from '../support/postgres.ts';
import { exec } from '../support/program.ts';

useDataDirs();

describe('the embedded PostgreSQL', () => {
  it('starts in an empty folder, and the second start has the rows of the first', async () => {
    const first = await open(await emptyDataDir());
    await query(first.url, "create table news (title text); insert into news values ('বন্যার খবর')");
    await first.stop();
    await first.stop();
    const second = await open(current.dataDir);
    expect(await query(second.url, 'select title from news')).toEqual(['বন্যার খবর']);
    expect(await readdir(current.dataDir)).not.toContainEqual(expect.stringMatching(/new|claim/));
  });

  it('listens on 127.0.0.1 alone, sorts by code point, and lets nobody in without the password', async () => {
    const { url } = await open(await filledDataDir());
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
    expect((await stat(join(current.dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('keeps a quarter of the memory in pages, but no less than 128 MB and no more than 1 GB', async () => {
    const gigabyte = 1024 ** 3;
    const sizes = [0, gigabyte / 2, gigabyte / 2 + 4 * 1024 ** 2, 2 * gigabyte, 4 * gigabyte, 512 * gigabyte];
    expect(sizes.map(sharedBuffersOf)).toEqual([128, 128, 129, 512, 1024, 1024]);
    const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
    const { url } = await open(await filledDataDir());
    const [pages] = await query(url, "select setting::int from pg_settings where name = 'shared_buffers'");
    expect(Number(pages) * 8192).toBe(sharedBuffersOf(memory) * 1024 ** 2);
  });

  it('refuses a second start on the same data, naming the process and its address', async () => {
    const { child, url } = await hold(await filledDataDir());
    await expect(open(current.dataDir)).rejects.toThrow(
      new RegExp(
        `^Khobor is already running at http://127\\.0\\.0\\.1:3000 \\(pid ${child.pid}\\) on the data in [^\n]+$`,
      ),
    );
    expect(await query(url, 'select 1')).toEqual([1]);
  });

  it('lets exactly one of several starts at once have the data', async () => {
    await filledDataDir();
    await writeFile(join(current.dataDir, 'khobor.pid'), `${process.pid}\nanother life\n\n`);
    const starts = await Promise.allSettled([open(current.dataDir), open(current.dataDir), open(current.dataDir)]);
    expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('gives two houses beside each other a port each', async () => {
    await emptyDataDir();
    const folders = await Promise.all(['a', 'b'].map((name) => fill(join(current.dataDir, name))));
    const [a, b] = await Promise.all(folders.map((folder) => open(folder)));
    expect(new URL(a?.url ?? '').port).not.toBe(new URL(b?.url ?? '').port);
    expect(await query(a?.url ?? '', 'select 1')).toEqual([1]);
    expect(await query(b?.url ?? '', 'select 1')).toEqual([1]);
  });

  it('takes another port when the chosen one is taken before PostgreSQL has it', async () => {
    const first = await open(await filledDataDir());
    await first.stop();
    const thief = createServer();
    const taken = await new Promise<number>((resolve) => {
      thief.listen(0, '127.0.0.1', () => {
        const address = thief.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const ports = [taken, Number(new URL(first.url).port)];
    const [version] = await readdir(join(current.dataDir, 'binaries'));
    const clusterDir = join(current.dataDir, 'postgres');
    const server = await openServer({
      postgres: join(current.dataDir, 'binaries', String(version), 'bin/postgres'),
      clusterDir,
      logFile: join(current.dataDir, 'postgres.log'),
      account: await accountFor(clusterDir),
      settings: hastySettings,
      log: () => {},
      choosePort: async () => ports.shift() ?? 0,
    });
    expect(server.port).toBe(Number(new URL(first.url).port));
    await server.stop();
    thief.close();
  });

  it('makes the library links that npm leaves out when install scripts do not run', async () => {
    await emptyDataDir();
    const { native } = await findBinaries();
    const [bare, made] = [join(current.dataDir, 'bare'), join(current.dataDir, 'made')];
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
    await emptyDataDir();
    await expect(findBinaries('plan9-mips')).rejects.toThrow(/No PostgreSQL for plan9-mips .* set DATABASE_URL/);
  });
});
