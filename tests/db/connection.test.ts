import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../src/embedded/embedded.ts';
import { testSecret } from '../support/app.ts';
import { administer } from '../support/database.ts';
import { outside } from '../support/outside.ts';
import { openPooler } from '../support/pooler.ts';
import { hastySettings, makeDataDir } from '../support/postgres.ts';
import { openProxy } from '../support/proxy.ts';
import { openTlsFront, type TlsFront } from '../support/tls-front.ts';

const {
  checkServer,
  explain,
  migrate,
  migrationsFolder,
  openDb,
  openEmbedded,
  poolConfig,
  readConfig,
  sessionSettings,
  unavailable,
} = outside;

const password = 'p#a@s:s/w%o?অ';
const role = 'desk';
let dataDir = '';
/** Of our own: it asks for passwords, and lets us make roles. */
let postgres: EmbeddedPostgres;
beforeAll(async () => {
  dataDir = await makeDataDir();
  postgres = await openEmbedded({ dataDir, settings: { ...hastySettings, max_connections: '30' } });
  await administer(postgres.url, `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await administer(postgres.url, `ALTER DATABASE khobor OWNER TO ${role}`);
});
afterAll(async () => {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const read = (url: string) => readConfig({ DATABASE_URL: url, JWT_SECRET: testSecret }).DATABASE_URL ?? '';
const settings = (url: string) => ({ url: read(url), poolMax: 1, prepare: true });
const urlOf = (user: string, secret: string) => {
  const { host, pathname } = new URL(postgres.url);
  return `postgresql://${user}:${secret}@${host}${pathname}`;
};

/** What migrator and pool both say: the user who is connected, or the one line of a start that failed. */
async function connectBoth(url: string): Promise<string[]> {
  const db = openDb(settings(url), () => {});
  const text = 'SELECT current_user::text AS user';
  const asked = [
    migrate(settings(url), migrationsFolder).then(() => 'migrated', explain),
    db.read<{ user: string }>({ text }).then(([row]) => String(row?.user), explain),
    db.transaction((tx) => tx.read<{ user: string }>({ text })).then(([row]) => String(row?.user), explain),
  ];
  return Promise.all(asked).finally(() => db.close());
}

describe('DATABASE_URL', () => {
  it('takes a password of any characters when it is percent-encoded, for migrations and the pool alike', async () => {
    expect(await connectBoth(urlOf(role, encodeURIComponent(password)))).toEqual(['migrated', role, role]);
  });

  it('says in one line that a password is the wrong one', async () => {
    const [migrator] = await connectBoth(urlOf(role, 'guess'));
    expect(migrator).toMatch(/^DATABASE_URL: the server refuses this user and password.*$/);
    expect(migrator).not.toContain('guess');
  });

  it.each([password, 'p#word', 'p/word', '12/word', '12?word', '12#word', 'w%o', '%FFword', '%'])(
    'says in one line, and without it, that the password %s was not encoded',
    (raw) => {
      const message = errorOf(urlOf('desk', raw));
      expect(message).toMatch(/^DATABASE_URL (cannot be read|has a|must end in).*$/);
      for (const part of raw.split(/[^a-zA-Z0-9]/).filter((text) => text.length > 1)) {
        expect(message.replace('password', '')).not.toContain(part);
      }
    },
  );

  it.each([
    ['a:b', 'a:b'],
    ['a@b', 'a@b'],
    ['অ', 'অ'],
    ['a%40b', 'a@b'],
  ])('reads the password %s, which is not ambiguous, as %s', (raw, meant) => {
    const client = new pg.Client(poolConfig(settings(urlOf('desk', raw))));
    expect(client.password).toBe(meant);
  });

  it.each([
    ['mysql://desk@localhost/news', 'must begin with'],
    ['postgres://desk@localhost', 'must end in the name of a database'],
    ['postgres://desk@localhost/news?sslmode=maybe', 'sslmode'],
    ['postgres://desk@localhost/news?sslmode=verify-ca', 'sslrootcert'],
    ['postgres://desk@localhost/news?sslmode=verify-full&sslrootcert=/no/such/file.pem', 'sslrootcert'],
    ['postgres://desk@localhost/news?schema=a%22b', 'schema'],
    [`postgres://desk@localhost/news?schema=${'খ'.repeat(22)}`, 'schema'],
  ])('refuses %s, naming what is wrong', (url, part) => {
    expect(errorOf(url)).toMatch(new RegExp(`^DATABASE_URL .*${part}.*$`));
  });

  it('lets its own options be stronger than our limits, but not than UTC', async () => {
    const url = `${urlOf(role, encodeURIComponent(password))}?options=${encodeURIComponent('-c lock_timeout=7s -c TimeZone=Asia/Dhaka')}`;
    const db = openDb(settings(url), () => {});
    const text = `SELECT current_setting('lock_timeout') AS limit, current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS ours`;
    expect(await db.read({ text })).toEqual([{ limit: '7s', zone: 'UTC', ours: '5s' }]);
    await db.close();
  });
});

function errorOf(url: string): string {
  try {
    read(url);
    return '';
  } catch (error) {
    return explain(error);
  }
}

describe('a pooler that shares sessions, with DATABASE_PREPARE=on', () => {
  it.each([
    ['TimeZone=UTC', 'TimeZone=ROK'],
    ['lock_timeout=2s', 'lock_timeout=0s'],
    ['statement_timeout=5s', 'statement_timeout=0s'],
    ['idle_in_transaction_session_timeout=10s', 'idle_in_transaction_session_timeout=00s'],
  ])('is told from a server of our own where a session asks for %s and gets %s, and is not used', async (from, to) => {
    const proxy = await openProxy(urlOf(role, encodeURIComponent(password)));
    proxy.rewrite = { from, to };
    await expect(checkServer(settings(proxy.url)).catch(explain)).resolves.toEqual([]);
    const [, ...pool] = await connectBoth(proxy.url);
    for (const line of pool) expect(line).toMatch(/^DATABASE_PREPARE: .*set it to off$/);
    const off = openDb({ ...settings(proxy.url), prepare: false }, () => {});
    expect(await off.read({ text: 'SELECT 1 AS n' })).toEqual([{ n: 1 }]);
    await off.close();
    await proxy.close();
  });

  it('is refused at the start where its sessions have every setting and keep nothing that was prepared', async () => {
    const options = Object.entries(sessionSettings).map(([name, value]) => `-c ${name}=${value}`);
    const ours = [...options, '-c TimeZone=UTC', '-c client_encoding=UTF8'].join(' ');
    const pooler = await openPooler(urlOf(role, encodeURIComponent(password)), ours);
    await expect(checkServer(settings(pooler.url)).catch(explain)).resolves.toMatch(
      /^DATABASE_PREPARE: .*set it to off$/,
    );
    expect(await checkServer({ ...settings(pooler.url), prepare: false })).toEqual([]);
    await pooler.close();
    const without = await openPooler(urlOf(role, encodeURIComponent(password)), '-c TimeZone=UTC');
    await expect(checkServer(settings(without.url)).catch(explain)).resolves.toMatch(
      /^DATABASE_PREPARE: .*set it to off$/,
    );
    await without.close();
  });

  it('serves DATABASE_PREPARE=off at every start, whatever the starts before left in its sessions', async () => {
    const pooler = await openPooler(urlOf(role, encodeURIComponent(password)), '-c TimeZone=UTC');
    await expect(checkServer(settings(pooler.url)).catch(explain)).resolves.toMatch(/set it to off$/);
    for (let start = 1; start <= 4; start += 1) {
      await expect(checkServer({ ...settings(pooler.url), prepare: false }).catch(explain)).resolves.toEqual([]);
    }
    await expect(checkServer(settings(pooler.url)).catch(explain)).resolves.toMatch(/set it to off$/);
    await pooler.close();
  });

  it.each([true, false])('is refused where it takes no transactions, with prepared statements: %s', async (prepare) => {
    const pooler = await openPooler(urlOf(role, encodeURIComponent(password)), '-c TimeZone=UTC', 'statement');
    await expect(checkServer({ ...settings(pooler.url), prepare }).catch(explain)).resolves.toMatch(
      /^DATABASE_URL: the pooler .* takes no transactions; set its pool_mode to transaction or session$/,
    );
    await pooler.close();
  });

  it('is named when it refuses what a session asks for', () => {
    const refusal = unavailable(new outside.pg.DatabaseError('unsupported startup parameter: options', 38, 'error'));
    expect(explain(refusal)).toMatch(/^DATABASE_PREPARE: .*set it to off$/);
  });
});

describe('DATABASE_POOL_MAX against what the server allows', () => {
  const check = (poolMax: number) =>
    checkServer({ ...settings(urlOf(role, encodeURIComponent(password))), poolMax }).catch(explain);
  const limitRole = (limit: number) => administer(postgres.url, `ALTER ROLE ${role} CONNECTION LIMIT ${limit}`);
  const limitDatabase = (limit: number) => administer(postgres.url, `ALTER DATABASE khobor CONNECTION LIMIT ${limit}`);
  afterEach(() => Promise.all([limitRole(-1), limitDatabase(-1)]));

  it('says nothing where there is room', async () => {
    expect(await check(5)).toEqual([]);
  });

  it('is refused in one line where the pool alone is more', async () => {
    expect(await check(28)).toBe(
      'DATABASE_POOL_MAX: 28 connections are more than the 27 that this user may have (max_connections of the server, less what is reserved); lower it',
    );
    await limitRole(4);
    expect(await check(5)).toMatch(
      /^DATABASE_POOL_MAX: 5 .* the 4 that .* \(the connection limit of the role\); lower it$/,
    );
    await limitRole(-1);
    await limitDatabase(3);
    expect(await check(5)).toMatch(
      /^DATABASE_POOL_MAX: 5 .* the 3 that .* \(the connection limit of the database\); lower it$/,
    );
  });

  it('is warned of where what is in use, the pool and the connection that listens are more', async () => {
    await limitRole(6);
    const others = [1, 2, 3].map(() => new pg.Client(poolConfig(settings(urlOf(role, encodeURIComponent(password))))));
    await Promise.all(others.map((other) => other.connect()));
    expect(await check(3)).toEqual([
      'DATABASE_POOL_MAX: 3 connections are in use, and with 3 of this process and the one that listens they are more than the 6 that this user may have (the connection limit of the role); lower it, or calls will be refused or changes known later',
    ]);
    expect(await check(2)).toEqual([]);
    await Promise.all(others.map((other) => other.end()));
  });
});

describe('sslmode, with a server whose certificate nobody knows', () => {
  let tls: TlsFront;
  let plain: TlsFront;
  beforeAll(async () => {
    [tls, plain] = await Promise.all([openTlsFront(postgres.url, true), openTlsFront(postgres.url, false)]);
  });
  afterAll(() => Promise.all([tls.close(), plain.close()]));
  const connectWith = (front: TlsFront, mode: string) => {
    const { host } = new URL(front.url);
    const url = new URL(urlOf(role, encodeURIComponent(password)));
    url.host = host;
    url.searchParams.set('sslmode', mode);
    return connectBoth(url.href);
  };
  const works = ['migrated', role, role];

  it.each(['require', 'no-verify', 'prefer'])('%s encrypts, whoever answers', async (mode) => {
    const before = { ...tls.seen };
    expect(await connectWith(tls, mode)).toEqual(works);
    expect(tls.seen).toEqual({ encrypted: before.encrypted + 2, plain: before.plain });
  });

  it('disable does not encrypt', async () => {
    const before = { ...tls.seen };
    expect(await connectWith(tls, 'disable')).toEqual(works);
    expect(tls.seen).toEqual({ encrypted: before.encrypted, plain: before.plain + 2 });
  });

  it('verify-full is refused in one clear line, by migrations and the pool alike', async () => {
    const [migrator, ...pool] = await connectWith(tls, 'verify-full');
    expect(migrator).toMatch(/^DATABASE_URL: sslmode: .*self-signed certificate.*$/);
    for (const line of pool) expect(line).toMatch(/^DATABASE_URL: .+$/);
  });

  it('require is refused in one clear line by a server without TLS', async () => {
    const [migrator] = await connectWith(plain, 'require');
    expect(migrator).toMatch(/^DATABASE_URL: sslmode: .*does not support SSL.*$/);
  });
});
