import { Agent, IncomingMessage } from 'node:http';
import type supertest from 'supertest';
import type { Role } from '../../src/core/actor.ts';
import type { Deps, DepsOverrides } from '../../src/deps.ts';
import type { Services } from '../../src/services.ts';
import { bySocket, cloneDatabase } from './database.ts';
import { outside } from './outside.ts';

const { createApp, faultOf, listen, newId, openDeps, openPasswords, openServices, pino, readConfig } = outside;

export const publicUrl = 'https://news.example/api';
export const testSecret = 'a-secret-for-tests-that-is-long-enough-0123456789';

export type Person = { id: string; email: string; token: string; sessionId: string };
export type Newcomer = Person & { name: string; role: Role };

export type TestApp = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly deps: Deps;
  readonly services: Services;
  /** A request to the app; every answer is checked against the OpenAPI document. */
  request(method: 'get' | 'head' | 'post' | 'patch' | 'put' | 'delete' | 'options', path: string): supertest.Test;
  /** A user with this role and a valid session, made without hashing a password. */
  person(role: Role, name?: string): Promise<Person>;
  /** The same, who is nobody yet: `join` makes several at once. */
  newcomer(role: Role, name?: string): Newcomer;
  join(people: readonly Newcomer[]): Promise<void>;
  /** Plain SQL on the app's database, to move times and to inspect rows. Tables need no `@` here. */
  sql<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  logLines: string[];
  close(): Promise<void>;
};

/** Asserts that an answer is as the document says: see `contract.ts`. */
const asDocumented = (method: string, target: string) => (res: supertest.Response) => {
  const fault = faultOf({ method, target, status: res.status, headers: res.headers, text: res.text ?? '' });
  if (fault !== undefined) throw new Error(fault);
};

const isStream = (path: string) => path.split('?')[0]?.endsWith('/stream') === true;

/** Reads a stream up to its first block, and closes it; any other answer as ever. */
const firstBlock: Parameters<supertest.Test['parse']>[0] = (res, done) => {
  const isOpen = res.headers['content-type']?.startsWith('text/event-stream');
  let text = '';
  const end = () => {
    Object.assign(res, { text });
    done(null, isOpen || text === '' ? {} : JSON.parse(text));
  };
  res.on('data', (chunk) => {
    text += String(chunk);
    if (!isOpen || !text.includes('\n\n')) return;
    end();
    if (res instanceof IncomingMessage) res.destroy();
  });
  res.once('end', () => !(isOpen && text !== '') && end());
};

/** Cheap hashing, so that tests of log-ins are quick. */
export const quickPasswords = () => openPasswords({ N: 64, r: 8, p: 1 });

/** The whole application on a free port, with its own database. */
export async function startApp(
  env: Record<string, string> = {},
  overrides: DepsOverrides & { databaseUrl?: string } = {},
): Promise<TestApp> {
  const database = overrides.databaseUrl === undefined ? await cloneDatabase() : undefined;
  const databaseUrl = overrides.databaseUrl ?? database?.url ?? '';
  const served = database === undefined ? databaseUrl : bySocket(databaseUrl);
  const config = readConfig({
    DATABASE_URL: served,
    JWT_SECRET: testSecret,
    PUBLIC_URL: publicUrl,
    DATABASE_POOL_MAX: '5',
    ...env,
  });
  const logLines: string[] = [];
  const output = { write: (line: string) => void logLines.push(line) };
  const log = pino({ level: config.LOG_LEVEL }, output);
  const complete = {
    ...config,
    DATABASE_URL: served,
    JWT_SECRET: config.JWT_SECRET ?? testSecret,
    PUBLIC_URL: config.PUBLIC_URL ?? publicUrl,
  };
  const deps = await openDeps(complete, log, { passwords: quickPasswords(), ...overrides });
  const services = openServices(deps);
  const server = await listen(createApp(deps, services, output), { port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${server.port}`;
  const agent = outside.supertest(url);
  const connections = new Agent({ keepAlive: true });
  return {
    url,
    databaseUrl,
    deps,
    services,
    logLines,
    request: (method, path) => {
      const sent = agent[method](path).agent(connections).redirects(0);
      if (isStream(path)) sent.buffer(true).parse(firstBlock);
      return sent.expect(asDocumented(method, path));
    },
    newcomer: (role, name) => newcomerOf(deps, role, name),
    join: (people) => insertPeople(deps, people),
    async person(role, name) {
      const person = newcomerOf(deps, role, name);
      await insertPeople(deps, [person]);
      return person;
    },
    sql: async (text, values = []) => (await deps.db.pool.query(text, values)).rows,
    async close() {
      connections.destroy();
      deps.streams.close();
      await server.close(1_000);
      await deps.close();
      await database?.drop();
    },
  };
}

/** Users and their sessions. */
const insertPeopleSql = `WITH p AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[]) AS p (id, email, name, role, session)),
  u AS (INSERT INTO users (id, email, name, role, password_hash) SELECT id, email, name, role, 'none' FROM p)
  INSERT INTO sessions (id, user_id, token_hash, expires_at) SELECT session, id, 'none', now() + interval '1 day' FROM p`;

function newcomerOf({ accessTokens }: Deps, role: Role, name = 'রিনা আখতার'): Newcomer {
  const id = newId();
  const sessionId = newId();
  const token = accessTokens.sign({ userId: id, sessionId, epoch: 1 });
  return { id, email: `${role}-${id}@khobor.example`, token, sessionId, role, name };
}

async function insertPeople({ db }: Deps, people: readonly Newcomer[]): Promise<void> {
  const column = (name: keyof Newcomer) => people.map((each) => each[name]);
  const columns = [column('id'), column('email'), column('name'), column('role'), column('sessionId')];
  await db.pool.query(insertPeopleSql, columns);
}

export const bearer = (person: Person): [string, string] => ['Authorization', `Bearer ${person.token}`];
