import { realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDocument } from '../features/docs/document-text.ts';

const usage = 'npm run openapi [-- --check]';

/** A start from a checkout listens there. */
const fileServer = 'http://localhost:3000';

/** The text of openapi.yaml: the same from every checkout of the same sources. */
export const openApiYaml = (): Promise<string> => readDocument('yaml', fileServer);

/** Writes openapi.yaml into a folder or, with `--check`, checks that it is fresh. Returns the exit code and one line. */
export async function runOpenapi(args: readonly string[], folder: string): Promise<{ exitCode: 0 | 1; line: string }> {
  const options = { check: { type: 'boolean', default: false } } as const;
  let check: boolean;
  try {
    check = parseArgs({ args: [...args], options }).values.check;
  } catch {
    return { exitCode: 1, line: `openapi: an argument is not known; use ${usage}` };
  }
  const file = join(folder, 'openapi.yaml');
  const yaml = await openApiYaml();
  if (!check) {
    await writeFile(file, yaml);
    return { exitCode: 0, line: 'wrote openapi.yaml' };
  }
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there === yaml) return { exitCode: 0, line: 'openapi.yaml is fresh' };
  return {
    exitCode: 1,
    line: `openapi: openapi.yaml is ${there === undefined ? 'missing' : 'not fresh'}; run npm run openapi`,
  };
}

const isCommand = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isCommand) {
  const { exitCode, line } = await runOpenapi(process.argv.slice(2), fileURLToPath(new URL('../..', import.meta.url)));
  if (exitCode === 0) console.log(line);
  else console.error(line);
  process.exitCode = exitCode;
}
