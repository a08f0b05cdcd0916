import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addAliases, aliasText, listAliases, removeAliases } from '../article/search/aliases.ts';
import { readEnvFile } from '../config.ts';
import { readText } from '../core/text.ts';
import type { Read } from '../db/tx.ts';
import { explain } from '../start/console.ts';
import { withOwnDeps } from '../start/own-deps.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const usage = 'npm run aliases -- list, add "জাতিসংঘ = ইউএন", or remove "জাতিসংঘ = ইউএন"';

/** The line that tells what was done; null if the arguments are not understood. */
async function carryOut(read: Read, [what, typed, ...more]: readonly string[]): Promise<string | null> {
  if (what === 'list' && typed === undefined) return (await listAliases(read)).join('\n');
  const text = readText(typed ?? '', 'line');
  if (more.length > 0 || 'fault' in text) return null;
  const words = aliasText(text.text);
  if (words === null) return null;
  if (what === 'add') return (await addAliases(read, words)) ? `added ${words}` : `${words} is there already`;
  if (what === 'remove') return (await removeAliases(read, words)) ? `removed ${words}` : `there is no ${words}`;
  return null;
}

/** `aliases`: lists and changes what means the same to a search. Returns the exit code; searches follow at once. */
export async function runAliases(
  args: readonly string[],
  env: Environment,
  output: NodeJS.WritableStream,
): Promise<0 | 1> {
  try {
    const line = await withOwnDeps(env, ({ db }) => carryOut(db.read, args));
    output.write(`${line ?? `aliases: use ${usage}`}\n`);
    return line === null ? 1 : 0;
  } catch (thrown) {
    output.write(`aliases: ${explain(thrown)}\n`);
    return 1;
  }
}

const isCommand = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isCommand) {
  readEnvFile();
  process.exitCode = await runAliases(process.argv.slice(2), process.env, process.stdout);
}
