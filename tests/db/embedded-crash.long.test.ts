import { spawn } from 'node:child_process';
import { chown, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  children,
  current,
  emptyDataDir,
  filledDataDir,
  hold,
  killed,
  open,
  postmasterPid,
  query,
  useDataDirs,
} from '../support/embedded-folders.ts';
import { eventually } from '../support/eventually.ts';
import { exec } from '../support/program.ts';

useDataDirs();

describe('the embedded PostgreSQL, when something ends that should not,', () => {
  it('is back on the same port, with its rows, when PostgreSQL is killed', async () => {
    const lines: string[] = [];
    const { url } = await open(await filledDataDir(), {}, (level, line) => lines.push(`${level}: ${line}`));
    await query(url, 'create table news (n int); insert into news values (7)');
    for (const signal of ['SIGKILL', 'SIGTERM', 'keeper']) {
      const before = await postmasterPid();
      const { stdout: keeper } = await exec('ps', ['-o', 'ppid=', '-p', String(before)]);
      if (signal === 'keeper') process.kill(Number(keeper), 'SIGKILL');
      process.kill(before, signal === 'keeper' ? 'SIGKILL' : signal);
      await eventually(async () => expect(await postmasterPid()).not.toBe(before));
      expect(await eventually(() => query(url, 'select n from news'))).toEqual([7]);
    }
    expect(lines[0]).toMatch(/^error: PostgreSQL ended by itself .* and is started again$/);
    expect(lines.at(-1)).toMatch(/^info: PostgreSQL is back on port \d+$/);
  });

  it('leaves nothing behind a kill -9 that blocks the next start, and loses no committed row', async () => {
    const { child, url } = await hold(await filledDataDir());
    await query(url, 'create table news (n int); insert into news select generate_series(1, 1000)');
    await killed(child);
    const next = await open(current.dataDir);
    expect(await query(next.url, 'select count(*)::int from news')).toEqual([1000]);
  });

  it('stops its PostgreSQL when it is killed, also without a next start', async () => {
    const { child, url } = await hold(await filledDataDir());
    await killed(child);
    await eventually(() => expect(lstat(join(current.dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT'));
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('keeps PostgreSQL when Ctrl-C reaches the whole process group', async () => {
    const { child, nextLine, url } = await hold(await filledDataDir());
    process.kill(-Number(child.pid), 'SIGINT');
    expect(await nextLine()).toBe('interrupted');
    expect(await query(url, 'select 1')).toEqual([1]);
  });

  it('stops at once while PostgreSQL is being started again', async () => {
    const postgres = await open(await filledDataDir());
    process.kill(await postmasterPid(), 'SIGKILL');
    await postgres.stop();
    await expect(query(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    const again = await open(current.dataDir);
    expect(await query(again.url, 'select 1')).toEqual([1]);
  });

  it('starts over after a start that was killed while the cluster was being made', async () => {
    await emptyDataDir();
    await mkdir(join(current.dataDir, 'postgres.new-dead/cluster/base'), { recursive: true });
    await mkdir(join(current.dataDir, 'binaries/copy-dead/bin'), { recursive: true });
    await writeFile(join(current.dataDir, 'postgres.password'), 'of no cluster', { mode: 0o600 });
    const postgres = await open(current.dataDir);
    expect(await query(postgres.url, 'select 1')).toEqual([1]);
    expect(await readdir(current.dataDir)).not.toContain('postgres.new-dead');
    expect(await readdir(join(current.dataDir, 'binaries'))).toHaveLength(1);
  });

  it.each(['', '\n', 'power\ncut\n'])('starts where a power cut has left %j as the pid file', async (left) => {
    const first = await open(await filledDataDir());
    await first.stop();
    await writeFile(join(current.dataDir, 'postgres/postmaster.pid'), left);
    const second = await open(current.dataDir);
    expect(await query(second.url, 'select 1')).toEqual([1]);
  });

  it('says why PostgreSQL does not start, and not only that it ended', async () => {
    const first = await open(await filledDataDir());
    await first.stop();
    const [wal, aside] = [join(current.dataDir, 'postgres/pg_wal'), join(current.dataDir, 'aside')];
    await rename(wal, aside);
    await mkdir(wal, { mode: 0o700 });
    const { uid, gid } = await stat(aside);
    await chown(wal, uid, gid);
    await expect(open(current.dataDir)).rejects.toThrow(
      /^PostgreSQL did not start \(.*\): .*could not locate a valid checkpoint record.* \(log: .*postgres\.log\)/,
    );
    await rm(wal, { recursive: true });
    await rename(aside, wal);
  });

  it('is not stopped by a pid that now belongs to another process', async () => {
    const first = await open(await filledDataDir());
    await first.stop();
    const { uid, gid } = await stat(join(current.dataDir, 'postgres'));
    const bystander = spawn('sleep', ['60'], { ...(process.getuid?.() === 0 ? { uid, gid } : {}), cwd: '/' });
    children.push(bystander);
    await writeFile(
      join(current.dataDir, 'postgres/postmaster.pid'),
      `${bystander.pid}\n${join(current.dataDir, 'postgres')}\n`,
    );
    const second = await open(current.dataDir);
    expect(await query(second.url, 'select 1')).toEqual([1]);
    expect(bystander.exitCode).toBeNull();
  });
});
