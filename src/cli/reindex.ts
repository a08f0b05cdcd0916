import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reindex, roomFor } from '../article/search/reindex.ts';
import { openStems } from '../article/search/stems.ts';
import { readEnvFile } from '../config.ts';
import type { Db } from '../db/client.ts';
import { explain } from '../start/console.ts';
import { expectNoArguments } from '../start/no-arguments.ts';
import { withOwnDeps } from '../start/own-deps.ts';
import { stopSignal } from '../start/stop-signal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the command says how far it is. A terminal gets one line that fills up, anything else a line for each tenth. */
export type ReindexOutput = {
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  stop: AbortSignal;
};

const width = 30;

function progressBar({ output }: ReindexOutput): (done: number, all: number) => void {
  let shown = -1;
  return (done, all) => {
    const share = all === 0 ? 1 : done / all;
    const tenth = Math.floor(share * 10);
    if (!output.isTTY && tenth === shown) return;
    shown = tenth;
    const bar = '#'.repeat(Math.floor(share * width)).padEnd(width);
    output.write(`${output.isTTY ? '\r' : ''}[${bar}] ${done} of ${all}${output.isTTY ? '' : '\n'}`);
  };
}

async function reindexAll(db: Db, terminal: ReindexOutput): Promise<boolean> {
  const { output, stop } = terminal;
  const { bytes, articles } = await roomFor(db);
  output.write(`${articles} articles; needs about ${Math.ceil(bytes / 1_000_000)} MB of the database's disk\n`);
  const isDone = await reindex({ db, stems: openStems(), progress: progressBar(terminal), stop });
  output.write(isDone ? '\nreindexed\n' : '\nstopped; the next reindex goes on from here\n');
  return isDone;
}

/** `reindex`: makes the entries of the search anew while the API serves. Returns the exit code. */
export async function runReindex(args: readonly string[], env: Environment, terminal: ReindexOutput): Promise<0 | 1> {
  try {
    expectNoArguments(args);
    return (await withOwnDeps(env, ({ db }) => reindexAll(db, terminal))) ? 0 : 1;
  } catch (thrown) {
    terminal.output.write(`reindex: ${explain(thrown)}\n`);
    return 1;
  }
}

const isCommand = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isCommand) {
  readEnvFile();
  process.exitCode = await runReindex(process.argv.slice(2), process.env, {
    output: process.stdout,
    stop: stopSignal(),
  });
}
