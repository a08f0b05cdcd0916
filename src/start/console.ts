import { type Config, defaultPublicUrl } from '../config.ts';
import { describeError } from '../core/describe-error.ts';
import { Failure } from '../core/errors.ts';

/** Lines for the operator once calls are served: the address, the first account, and three calls to paste into a shell. */
export function welcome(program: {
  config: Pick<Config, 'PORT' | 'HOST'> & { PUBLIC_URL: string };
  dataDir: string | null;
  account: FirstAccount | null;
  articles: number;
}): string[] {
  const { config, dataDir, account, articles } = program;
  const lines = [`Khobor answers at ${config.PUBLIC_URL} (reference: ${config.PUBLIC_URL}/docs)`];
  if (dataDir !== null) lines.push(`Its data is in ${dataDir}`);
  if (articles > 0) lines.push(`A demonstration newsroom of ${articles} articles was made`);
  if (account === null) return lines;
  const password = account.passwordFile === null ? '(the password you gave)' : account.password;
  lines.push(`The first account: ${account.email}  ${password}`);
  if (account.passwordFile !== null) lines.push(`Its password is also in ${account.passwordFile}`);
  // Use the direct address: the proxy behind PUBLIC_URL may not exist yet.
  return dataDir === null ? lines : [...lines, '', ...calls(defaultPublicUrl(config), account)];
}

/** What an operator may not expect of the limits of streams; null if all is said by the settings. */
export const streamsLine = ({
  TRUST_PROXY,
  STREAMS_ADDRESS_MAX,
}: Pick<Config, 'TRUST_PROXY' | 'STREAMS_ADDRESS_MAX'>) =>
  TRUST_PROXY > 0
    ? null
    : `TRUST_PROXY=0: an address may open ${STREAMS_ADDRESS_MAX} streams, and behind a proxy all readers have the address of the proxy; set TRUST_PROXY to the number of proxies there`;

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function calls(url: string, { email, password, passwordFile }: FirstAccount): string[] {
  const login = quoted(JSON.stringify({ email, password: passwordFile === null ? '<your password>' : password }));
  const article = quoted(
    JSON.stringify({ title: 'আজকের প্রথম খবর', body: '<p>এটি একটি পরীক্ষামূলক খবর।</p>', status: 'published' }),
  );
  const json = `-H 'Content-Type: application/json'`;
  return [
    'Read the latest list:',
    `  curl -s '${url}/v1/latest?limit=3'`,
    'Log in:',
    `  TOKEN=$(curl -s ${url}/v1/auth/login ${json} -d ${login} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
    'Publish an article:',
    `  curl -s ${url}/v1/articles -H "Authorization: Bearer $TOKEN" ${json} -d ${article}`,
  ];
}

const members = (error: unknown): Record<string, unknown> => ({ ...Object(error) });

/** Socket errors of the database connection, and the messages of pg's timeouts. */
const unreachable = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;
const noAnswer =
  /timeout expired|timeout exceeded when trying to connect|Connection terminated|database is out of reach/;

const sqlStates: Readonly<Record<string, string>> = {
  '28P01': 'the server refuses this user and password',
  '28000': 'the server refuses this user from here, or without TLS',
  '3D000': 'the server has no such database',
  '42501': 'this user lacks a right',
  '42P01': 'the database lacks migrations of this program; start the server on it once',
  '53300': 'the server takes no more connections',
  '57P03': 'the server is starting or shutting down',
};

/** True if a pooler that shares sessions refused the startup parameters of our session. */
const isPoolers = (error: unknown): boolean =>
  error instanceof Error && (/unsupported startup parameter/.test(error.message) || isPoolers(error.cause));

/** Why the process could not start, in one line without secrets. `portKey`: the setting of the port on which it listens. */
export function explain(error: unknown, portKey: keyof Config = 'PORT'): string {
  if (isPoolers(error)) return 'DATABASE_PREPARE: a transaction pooler stands before the database; set it to off';
  // The driver's error helps the operator more than our sentence for callers.
  if (error instanceof Failure && error.extras.outage !== undefined && error.cause instanceof Error)
    return explain(error.cause, portKey);
  const { code, syscall, address, port, path } = members(error);
  const { type, at: [frame] = [] } = describeError(error);
  // Prisma's message contains all that was to be stored, unless it is about the connection.
  if (/^Prisma/.test(type) && !/^P1/.test(String(code))) return `a fault of this program: ${type} (${code ?? frame})`;
  const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] || String(code);
  if (syscall === 'listen') {
    if (code === 'EADDRINUSE') return `${portKey}: ${port} is taken (${address}:${port}); set ${portKey} to a free one`;
    if (code === 'EACCES') return `${portKey}: this user may not listen on ${port}; set ${portKey} to 1024 or more`;
    return `HOST: cannot listen on ${address}${port === undefined ? '' : `:${port}`} (${code})`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') return `DATA_DIR: it is no folder (${message})`;
  if (typeof path === 'string' || syscall === 'copyfile') return `DATA_DIR: ${message}`;
  if (/client password must be/.test(message))
    return 'DATABASE_URL: the server asks for a password, and the address has none';
  const said = typeof code === 'string' ? sqlStates[code] : undefined;
  if (said !== undefined) return `DATABASE_URL: ${said} (${message})`;
  if (typeof code === 'string' && /^(ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_)/.test(code))
    return `DATABASE_URL: sslmode: ${message}`;
  if (/SSL|TLS/.test(message)) return `DATABASE_URL: sslmode: ${message}`;
  if (unreachable.test(String(code)) || noAnswer.test(message))
    return `DATABASE_URL: the server cannot be reached (${code ?? message})`;
  return message;
}

/** The first account, if it was just created. `passwordFile` is the file with its password, null if the operator chose it. */
export type FirstAccount = { email: string; password: string; passwordFile: string | null };
