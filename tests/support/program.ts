import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export const exec = promisify(execFile);
const checkout = join(import.meta.dirname, '../..');

export type Program = {
  readonly pid: number;
  /** Its address, once it has printed it. Rejects with the program's output if it ends before. */
  readonly url: Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** What it has written so far to stdout and stderr. */
  said(): string;
  /** Its standard output, to stop reading it or to close it; null if it goes elsewhere. */
  readonly stdout: Readable | null;
  kill(signal: NodeJS.Signals): void;
  /** Ctrl-C as a terminal sends it: to the whole process group. */
  interrupt(): void;
};

const running = new Set<ChildProcess>();

/** Compiles the program unless the compiled one is up to date. */
export const buildProgram = () => exec(process.execPath, [join(checkout, 'src/cli/build.mjs'), '--modules']);

/** A module of the built program, by its name in `src/`, for a script that imports it. */
export const builtModule = (name: string) => pathToFileURL(join(checkout, 'dist/modules', name)).href;

/**
 * Starts `node dist/main.js` on a free port, with this environment only (and PATH), in a folder without `.env`. With
 * `outputTo`, a file descriptor, its standard output goes there, and `url` does not see it.
 */
export function startProgram(
  env: Readonly<Record<string, string>>,
  script = 'dist/main.js',
  outputTo: number | 'pipe' = 'pipe',
  args: readonly string[] = [],
): Program {
  const child = spawn(process.execPath, [join(checkout, script), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', outputTo, 'pipe'],
    detached: true,
  });
  running.add(child);
  let said = '';
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(signal ?? code ?? -1);
    });
  });
  const url = new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += String(chunk);
      const address = /Khobor answers at (\S+) /.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    exited.then((code) => reject(new Error(`the program ended (${code}): ${said}`)));
  });
  url.catch(() => {});
  return {
    pid: Number(child.pid),
    url,
    exited,
    said: () => said,
    stdout: child.stdout,
    kill: (signal) => void child.kill(signal),
    interrupt: () => void process.kill(-Number(child.pid), 'SIGINT'),
  };
}

/** Kills programs that a failed test has left running. */
export async function killPrograms(): Promise<void> {
  const left = [...running];
  await Promise.all(left.map((child) => new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))));
}
