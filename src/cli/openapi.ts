import { realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { openDeps } from '../deps.ts';
import { apiDocument, fileServer } from '../features/docs/api-document.ts';
import { yamlOf } from '../features/docs/document-text.ts';
import { routeGroups } from '../routes.ts';
import { openServices } from '../services.ts';

const usage = 'npm run openapi [-- --check]';

/** Making the document opens no connection and does not depend on the environment. */
const placeholders = {
  DATABASE_URL: 'postgresql://nobody@localhost/nothing',
  JWT_SECRET: 'not-a-secret-and-nothing-is-signed-with-it',
  PUBLIC_URL: 'http://localhost',
};

/** The text of openapi.yaml: the same from every checkout of the same sources. */
export async function openApiYaml(): Promise<string> {
  const deps = await openDeps({ ...readConfig({}), ...placeholders }, pino({ level: 'silent' }));
  try {
    return await yamlOf(apiDocument(routeGroups(deps, openServices(deps)), { server: fileServer }));
  } finally {
    await deps.close();
  }
}

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
