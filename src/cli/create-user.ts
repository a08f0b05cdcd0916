import { realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readConfig, readEnvFile, withSecret } from '../config.ts';
import { noCause, roles } from '../core/actor.ts';
import { openDeps, type Settled } from '../deps.ts';
import { readNewUser } from '../features/users/users.schema.ts';
import { userService } from '../features/users/users.service.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the command reads a password and writes its one line. */
export type Terminal = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
};

/** What stands in the way, in one line for the operator. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

const usage = `npm run create-user -- --email <address> --name <name> --role <${roles.join('|')}> [--initials <initials>]`;
const passwordHelp = 'the password comes from NEW_USER_PASSWORD, a prompt, or the standard input';

function readArguments(args: readonly string[]): Record<string, string | boolean | undefined> {
  const one = { type: 'string' } as const;
  const options = { email: one, name: one, role: one, initials: one, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch {
    // Its message quotes the arguments, and one of them may be a password.
    throw new CommandError(`an argument is not known or lacks its value; use ${usage}; ${passwordHelp}`);
  }
}

function readSettings(env: Environment): Settled {
  // Nothing is signed here, so that any secret serves.
  const config = readConfig(withSecret(env));
  const { DATABASE_URL, JWT_SECRET } = config;
  if (DATABASE_URL === undefined || JWT_SECRET === undefined)
    throw new CommandError('DATABASE_URL must name the database of the user');
  return { ...config, DATABASE_URL, JWT_SECRET, PUBLIC_URL: config.PUBLIC_URL ?? 'http://localhost' };
}

/** Asks on a terminal. What is typed goes to a stream that shows nothing; the questions go around it. */
async function promptPassword({ input, errors }: Terminal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const typed = lines[Symbol.asyncIterator]();
  const ask = async (question: string) => {
    errors.write(question);
    const line = await typed.next();
    errors.write('\n');
    if (line.done) throw new CommandError('no password was given');
    return line.value;
  };
  try {
    const password = await ask('Password: ');
    if ((await ask('The same again: ')) !== password) throw new CommandError('the two passwords differ');
    return password;
  } finally {
    lines.close();
  }
}

async function readPassword(env: Environment, terminal: Terminal): Promise<string> {
  if (env.NEW_USER_PASSWORD) return env.NEW_USER_PASSWORD;
  if (terminal.input.isTTY) return promptPassword(terminal);
  return (await text(terminal.input)).replace(/\r?\n$/, '');
}

async function createUser(args: readonly string[], env: Environment, terminal: Terminal): Promise<string> {
  const { help, ...given } = readArguments(args);
  if (help) return `${usage}; ${passwordHelp}`;
  const missing = ['email', 'name', 'role'].filter((name) => given[name] === undefined);
  if (missing.length > 0)
    throw new CommandError(`${missing.map((name) => `--${name}`).join(', ')} must be given; use ${usage}`);
  const settings = readSettings(env);
  const read = readNewUser({ ...given, password: await readPassword(env, terminal) });
  if ('faults' in read) throw new CommandError(read.faults.join(' '));
  const deps = await openDeps(settings, pino({ level: 'silent' }));
  try {
    const { id } = await userService(deps).create(read.user, noCause);
    return `created the ${read.user.role} ${read.user.email} with the id ${id}`;
  } finally {
    await deps.close();
  }
}

/** `create-user`: makes a user on the database of DATABASE_URL. Gives the exit code, and writes one line either way. */
export async function runCreateUser(args: readonly string[], env: Environment, terminal: Terminal): Promise<0 | 1> {
  try {
    terminal.output.write(`${await createUser(args, env, terminal)}\n`);
    return 0;
  } catch (thrown) {
    terminal.errors.write(`create-user: ${sentenceOf(thrown).trim().replace(/\s+/g, ' ')}\n`);
    return 1;
  }
}

function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'the user could not be made';
  const lacking = thrown.message.includes('lacks migrations');
  return lacking ? 'the database lacks migrations of this program; start the server on it once' : thrown.message;
}

const isCommand = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isCommand) {
  readEnvFile();
  process.exitCode = await runCreateUser(process.argv.slice(2), process.env, {
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
  });
}
