import pg from 'pg';
import { errorCode } from '../core/error-code.ts';
import { type DatabaseConfig, poolConfig, sessionSettings } from './connection.ts';

/**
 * A pooler may share one session among many clients, or silently ignore what a connection asks for. Without UTC every
 * instant would be stored shifted; without limits a call could wait for ever; without its own session a client would not
 * find what it prepared. Such connections are not used at all.
 */
const notOurs = () =>
  new Error('DATABASE_PREPARE: sessions do not keep their settings, as behind a transaction pooler; set it to off');

/** The names of the settings in `options`, with repeats. */
const namesIn = (options: string): string[] =>
  [...options.matchAll(/(?:-c\s*|--)([\w.-]+)\s*=/g)].map(([, name = '']) => name.replaceAll('-', '_').toLowerCase());

const isUtc = (zone: string | undefined) => /^(Etc\/)?UTC$/.test(zone ?? '');

/** Checks the settings of a new connection. Settings that the database's address sets itself may have any value. */
export function verifySession(options = '') {
  const asked = namesIn(options);
  const wanted = Object.entries(sessionSettings).filter(([name]) => asked.filter((one) => one === name).length === 1);
  const names = ['TimeZone', 'client_encoding', ...wanted.map(([name]) => name)];
  const text = `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`;
  return (client: pg.ClientBase, done: (error?: Error) => void): void => {
    client.query<Record<string, string>>(text).then(({ rows: [row = {}] }) => {
      const kept = wanted.every(([name, value]) => row[name] === value);
      done(isUtc(row.TimeZone) && row.client_encoding === 'UTF8' && kept ? undefined : notOurs());
    }, done);
  };
}

const pidText = 'SELECT pg_backend_pid() AS pid';
const probe = { name: 'khobor_session', text: pidText };

/** 26000: the statement does not exist. 42P05: another client has prepared one of this name in what should be our session. */
const isOfAnother = (thrown: unknown): boolean => /^(26000|42P05)$/.test(errorCode(thrown) ?? '');

/**
 * Whether a statement that one connection prepares is still there later, also while another connection is in a transaction.
 * Behind a transaction pooler, the connection gets another session then.
 */
async function keepsPrepared(one: pg.Client, two: pg.Client): Promise<boolean> {
  try {
    for (const command of ['BEGIN', 'COMMIT']) {
      await two.query(command);
      for (let turn = 0; turn < 3; turn += 1) await one.query(probe);
    }
    return true;
  } catch (thrown) {
    if (isOfAnother(thrown)) return false;
    throw thrown;
  }
}

export const openClient = (config: DatabaseConfig): pg.Client => {
  const client = new pg.Client(poolConfig(config));
  // The running statement reports the error too. Without a listener, the event would end the process.
  client.on('error', () => {});
  return client;
};

/**
 * Whether a connection ends at PostgreSQL itself: a server sends its own process id on connecting, a pooler makes one up.
 * Prepares nothing: a statement would stay in a session that others share, and the next start would find it there.
 */
export async function isDirect(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>(pidText);
  return rows[0]?.pid === Object(client).processID;
}

/** Behind a pooler in statement mode, every read would work and every write would fail. */
async function checkTransactions(client: pg.Client): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query('COMMIT');
  } catch (thrown) {
    if (errorCode(thrown) !== '08P01') throw thrown;
    throw new Error(
      'DATABASE_URL: the pooler before the database takes no transactions; set its pool_mode to transaction or session',
    );
  }
}

/** Throws if the pooler refuses transactions or, with `DATABASE_PREPARE=on`, shares sessions. `one` is connected to it. */
export async function checkPooler(one: pg.Client, config: DatabaseConfig): Promise<void> {
  await checkTransactions(one);
  if (!config.prepare) return;
  const fault = await new Promise<Error | undefined>((resolve) =>
    verifySession(poolConfig(config).options)(one, resolve),
  );
  if (fault !== undefined) throw fault;
  const two = openClient(config);
  try {
    await two.connect();
    if (!(await keepsPrepared(one, two))) throw notOurs();
  } finally {
    await two.end();
  }
}
