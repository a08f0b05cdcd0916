import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openLogOutput } from '../../src/start/log-output.ts';
import { cloneDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { buildProgram, killPrograms, type Program, startProgram } from '../support/program.ts';

jest.setTimeout(60_000);

let database: { url: string; drop(): Promise<void> };
beforeAll(async () => {
  database = await cloneDatabase();
  await buildProgram();
});
afterAll(async () => {
  await killPrograms();
  await database.drop();
});

const freePort = () =>
  new Promise<string>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(String(port)));
    });
  });

const env = (port: string) => ({
  DATABASE_URL: database.url,
  JWT_SECRET: 'a-secret-for-tests-that-is-long-enough-0123456789',
  DATABASE_POOL_MAX: '3',
  PORT: port,
});
const status = async (url: string) => (await fetch(url)).status;

/** A path of which the log tells three hundred letters. */
const long = `/${'x'.repeat(300)}`;

/** Enough lines for several writes, and proof that the process still lives and heeds. */
async function expectServing(program: Program, url: string): Promise<void> {
  for (let turn = 0; turn < 80; turn += 1) expect(await status(`${url}${long}`)).toBe(404);
  expect(await status(`${url}/v1/latest`)).toBe(200);
  program.kill('SIGTERM');
  expect(await program.exited).toBe(0);
}

const droppedLines = async (url: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
};

describe('standard output that takes no more', () => {
  it('on a full disk costs lines, which are counted, and no call', async () => {
    const full = openSync('/dev/full', 'w');
    const port = await freePort();
    const program = startProgram(env(port), 'dist/main.js', full);
    closeSync(full);
    const url = `http://127.0.0.1:${port}`;
    await eventually(async () => expect(await status(`${url}/readyz`)).toBe(200));
    await eventually(async () => expect(await droppedLines(url)).toBeGreaterThan(0));
    await expectServing(program, url);
  });

  it('as a closed pipe costs lines, which are counted, and no call', async () => {
    const program = startProgram(env('0'));
    const url = await program.url;
    program.stdout?.destroy();
    await eventually(async () => expect(await droppedLines(url)).toBeGreaterThan(0));
    await expectServing(program, url);
  });

  it('as a pipe that nobody reads holds up neither calls nor the end', async () => {
    const program = startProgram(env('0'));
    const url = await program.url;
    program.stdout?.removeAllListeners('data').pause();
    // More than a pipe holds.
    for (let turn = 0; turn < 320; turn += 1) expect(await status(`${url}${long}`)).toBe(404);
    program.kill('SIGTERM');
    await eventually(async () => expect(await status(url).catch(() => 'refused')).toBe('refused'));
    program.stdout?.destroy();
    expect(await program.exited).toBe(0);
  });
});

describe('the log', () => {
  it('keeps what a slow reader has not taken, drops what is beyond that, and says how many lines once it can', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'khobor-log-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const told: number[] = [];
    const output = openLogOutput(fd, (lines) => void told.push(lines));
    const line = `${'খ'.repeat(3_000)}\n`;
    for (let turn = 0; turn < 600; turn += 1) output.write(line);
    const dropped = output.dropped();
    expect(dropped).toBeGreaterThan(0);
    let read = '';
    const bytes = Buffer.alloc(65_536);
    const drain = async () => {
      try {
        read += bytes.subarray(0, readSync(fd, bytes)).toString('latin1');
      } catch {
        // Empty for now.
      }
      expect(read.split('\n').length - 1).toBe(600 - dropped);
    };
    await eventually(drain);
    expect(told).toEqual([dropped]);
    await output.close(1_000);
    closeSync(fd);
    await rm(folder, { recursive: true });
  });
});
