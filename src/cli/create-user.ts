import { realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvFile } from '../config.ts';
import { noCause, roles } from '../core/actor.ts';
import { passwordForm } from '../core/password-form.ts';
import type { DepsOverrides } from '../deps.ts';
import { readNewUser, readPasswordReset } from '../features/users/users.schema.ts';
import { type UserService, userService } from '../features/users/users.service.ts';
import { explain } from '../start/console.ts';
import { type CommandWork, withOwnDeps } from '../start/own-deps.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the command reads a password and writes its one line. */
export type Terminal = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
};

/** Why the command cannot run, in one line for the operator. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

const usage =
  `npm run create-user -- --email <address> --name <name> --role <${roles.join('|')}> [--initials <initials>], ` +
  'or --email <address> --reset to set a new password of an account that there is';
const passwordHelp = 'the password comes from NEW_USER_PASSWORD, a prompt, or the standard input';

function readArguments(args: readonly string[]): Record<string, string | boolean | undefined> {
  const [one, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const options = { email: one, name: one, role: one, initials: one, reset: flag, help: flag } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch {
    // The message of `parseArgs` quotes the arguments, and one of them may be a password.
    throw new CommandError(`an argument is not known or lacks its value; use ${usage}; ${passwordHelp}`);
  }
}

/** Asks on a terminal. readline echoes to a stream that discards everything; the questions are written to `errors`. */
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
    if (passwordForm(await ask('The same again: ')) !== passwordForm(password))
      throw new CommandError('the two passwords differ');
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

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Throws if an argument is missing, or is given that the task does not take. */
function checkArguments(given: Given, reset: boolean): void {
  const needed = reset ? ['email'] : ['email', 'name', 'role'];
  const missing = needed.filter((name) => given[name] === undefined).map((name) => `--${name}`);
  if (missing.length > 0) throw new CommandError(`${missing.join(', ')} must be given; use ${usage}`);
  if (reset && Object.keys(given).length > 1) throw new CommandError('with --reset, give --email and nothing else');
}

async function makeUser(users: UserService, given: Given): Promise<string> {
  const read = readNewUser(given);
  if ('faults' in read) throw new CommandError(read.faults.join(' '));
  const { id } = await users.create(read.value, noCause);
  return `created the ${read.value.role} ${read.value.email} with the id ${id}`;
}

async function resetPassword(users: UserService, given: Given): Promise<string> {
  const read = readPasswordReset(given);
  if ('faults' in read) throw new CommandError(read.faults.join(' '));
  const { email, password } = read.value;
  const { id } = await users.getByEmail(email);
  const row = await users.update({ id, ifMatch: { kind: 'any' }, ...noCause }, { password });
  const disabled = JSON.parse(row.json).disabledAt !== null;
  return `set a new password of ${email}${disabled ? ', which stays disabled' : ''}`;
}

async function createUser(
  args: readonly string[],
  env: Environment,
  terminal: Terminal,
  overrides: DepsOverrides,
): Promise<string> {
  const { help, reset, ...given } = readArguments(args);
  if (help) return `${usage}; ${passwordHelp}`;
  checkArguments(given, reset === true);
  const work: CommandWork<string> = async (deps, embedded) => {
    const password = await readPassword(env, terminal);
    const done = await (reset === true ? resetPassword : makeUser)(userService(deps), { ...given, password });
    return embedded === null ? done : `${done}; the data is in ${embedded.dataDir}`;
  };
  return withOwnDeps(env, work, overrides);
}

/**
 * `create-user`: creates a user, or sets a password, in the database of DATABASE_URL or in the embedded one if no server
 * is using it. Returns the exit code, and writes one line in either case.
 */
export async function runCreateUser(
  args: readonly string[],
  env: Environment,
  terminal: Terminal,
  overrides: DepsOverrides = {},
): Promise<0 | 1> {
  try {
    terminal.output.write(`${await createUser(args, env, terminal, overrides)}\n`);
    return 0;
  } catch (thrown) {
    terminal.errors.write(`create-user: ${sentenceOf(thrown).trim().replace(/\s+/g, ' ')}\n`);
    return 1;
  }
}

function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'the user could not be made';
  const lacking = thrown.message.includes('lacks migrations');
  if (lacking) return 'the database lacks migrations of this program; start the server on it once';
  return /^Prisma/.test(thrown.constructor.name) ? explain(thrown) : thrown.message;
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
