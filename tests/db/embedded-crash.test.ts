import { describe, expect, it } from '@jest/globals';
import { filledDataDir, open, postmasterPid, query, useDataDirs } from '../support/embedded-folders.ts';
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
});
