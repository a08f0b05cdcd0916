import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testSecret } from '../support/app.ts';
import { outside } from '../support/outside.ts';
import { type OwnServer, openOwnServer } from '../support/own-server.ts';
import { openPooler } from '../support/pooler.ts';
import { openProxy } from '../support/proxy.ts';
import { openTlsFront, type TlsFront } from '../support/tls-front.ts';

const {
  checkServer,
  explain,
  migrate,
  migrationsFolder,
  openDb,
  pg,
  poolConfig,
  readConfig,
  sessionSettings,
  unavailable,
} = outside;

let server: OwnServer;
beforeAll(async () => {
  server = await openOwnServer(30);
});
afterAll(() => server.close());

const read = (url: string) => readConfig({ DATABASE_URL: url, JWT_SECRET: testSecret }).DATABASE_URL ?? '';
const settings = (url: string) => ({ url: read(url), poolMax: 1, prepare: true });
/** What a start finds of the server: its warnings, or the line with which it ends. */
const found = (url: string, change: Partial<ReturnType<typeof settings>> = {}) =>
  checkServer({ ...settings(url), ...change }).catch(explain);

const setItOff = /^DATABASE_PREPARE: .*set it to off$/;

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
    expect(await connectBoth(server.roleUrl)).toEqual(['migrated', server.role, server.role]);
  });

  it('says in one line that a password is the wrong one', async () => {
    const [migrator] = await connectBoth(server.urlOf(server.role, 'guess'));
    expect(migrator).toMatch(/^DATABASE_URL: the server refuses this user and password.*$/);
    expect(migrator).not.toContain('guess');
  });

  it.each(['a string', 'a non-empty string'])(
    'says that the address has no password where the driver misses %s',
    (what) => {
      // The driver's words where a server asks by SCRAM, which the embedded one does not.
      const missed = new Error(`SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be ${what}`);
      expect(explain(missed)).toBe('DATABASE_URL: the server asks for a password, and the address has none');
    },
  );

  it('lets its own options be stronger than our limits, but not than UTC', async () => {
    const url = `${server.roleUrl}?options=${encodeURIComponent('-c lock_timeout=7s -c TimeZone=Asia/Dhaka')}`;
    const db = openDb(settings(url), () => {});
    const text = `SELECT current_setting('lock_timeout') AS limit, current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS ours`;
    expect(await db.read({ text })).toEqual([{ limit: '7s', zone: 'UTC', ours: '5s' }]);
    await db.close();
  });
});

describe('a pooler that shares sessions, with DATABASE_PREPARE=on', () => {
  it.each([
    ['TimeZone=UTC', 'TimeZone=ROK'],
    ['lock_timeout=2s', 'lock_timeout=0s'],
    ['statement_timeout=5s', 'statement_timeout=0s'],
    ['idle_in_transaction_session_timeout=10s', 'idle_in_transaction_session_timeout=00s'],
  ])('is told from a server of our own where a session asks for %s and gets %s, and is not used', async (from, to) => {
    const proxy = await openProxy(server.roleUrl);
    proxy.rewrite = { from, to };
    expect(await found(proxy.url)).toEqual([]);
    const [, ...pool] = await connectBoth(proxy.url);
    for (const line of pool) expect(line).toMatch(setItOff);
    const off = openDb({ ...settings(proxy.url), prepare: false }, () => {});
    expect(await off.read({ text: 'SELECT 1 AS n' })).toEqual([{ n: 1 }]);
    await off.close();
    await proxy.close();
  });

  it.each([
    ['compiles no statements', 'jit', 'on', 'off'],
    ['is not ended for being idle, as what listens is', 'idle_session_timeout', '5min', '0'],
  ])('%s, unless its address says so', async (_what, name, theirs, ours) => {
    const settingOf = async (url: string) => {
      const db = openDb(settings(url), () => {});
      const rows = await db.read<{ value: string }>({ text: `SELECT current_setting('${name}') AS value` });
      await db.close();
      return rows[0]?.value;
    };
    const url = new URL(server.roleUrl);
    await server.administer(`ALTER ROLE ${server.role} SET ${name} = '${theirs}'`);
    expect(await settingOf(url.href)).toBe(ours);
    await server.administer(`ALTER ROLE ${server.role} RESET ${name}`);
    url.searchParams.set('options', `-c ${name}=${theirs}`);
    expect(await settingOf(url.href)).toBe(theirs);
  });

  it('is refused at the start where its sessions have every setting and keep nothing that was prepared', async () => {
    const options = Object.entries(sessionSettings).map(([name, value]) => `-c ${name}=${value}`);
    const ours = [...options, '-c TimeZone=UTC', '-c client_encoding=UTF8'].join(' ');
    const pooler = await openPooler(server.roleUrl, ours);
    expect(await found(pooler.url)).toMatch(setItOff);
    expect(await found(pooler.url, { prepare: false })).toEqual([]);
    await pooler.close();
    const without = await openPooler(server.roleUrl, '-c TimeZone=UTC');
    expect(await found(without.url)).toMatch(setItOff);
    await without.close();
  });

  it('serves DATABASE_PREPARE=off at every start, whatever the starts before left in its sessions', async () => {
    const pooler = await openPooler(server.roleUrl, '-c TimeZone=UTC');
    expect(await found(pooler.url)).toMatch(setItOff);
    for (let start = 1; start <= 4; start += 1) expect(await found(pooler.url, { prepare: false })).toEqual([]);
    expect(await found(pooler.url)).toMatch(setItOff);
    await pooler.close();
  });

  it.each([true, false])('is refused where it takes no transactions, with prepared statements: %s', async (prepare) => {
    const pooler = await openPooler(server.roleUrl, '-c TimeZone=UTC', 'statement');
    expect(await found(pooler.url, { prepare })).toMatch(
      /^DATABASE_URL: the pooler .* takes no transactions; set its pool_mode to transaction or session$/,
    );
    await pooler.close();
  });

  it('is named when it refuses what a session asks for', () => {
    const refusal = unavailable(new outside.pg.DatabaseError('unsupported startup parameter: options', 38, 'error'));
    expect(explain(refusal)).toMatch(setItOff);
  });
});

describe('DATABASE_POOL_MAX against what the server allows', () => {
  const check = (poolMax: number) => found(server.roleUrl, { poolMax });
  const limitRole = (limit: number) => server.administer(`ALTER ROLE ${server.role} CONNECTION LIMIT ${limit}`);
  const limitDatabase = (limit: number) => server.administer(`ALTER DATABASE khobor CONNECTION LIMIT ${limit}`);
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
    const others = [1, 2, 3].map(() => new pg.Client(poolConfig(settings(server.roleUrl))));
    await Promise.all(others.map((other) => other.connect()));
    expect(await check(3)).toEqual([
      'DATABASE_POOL_MAX: 3 connections are in use, and with 3 of this process and the one that listens they are more than the 6 that this user may have (the connection limit of the role); lower it, or calls will be refused or changes known later',
    ]);
    expect(await check(2)).toEqual([]);
    await Promise.all(others.map((other) => other.end()));
  });
});

describe('the clock of this machine', () => {
  const at = (apartMs: number) => checkServer(settings(server.roleUrl), () => Date.now() + apartMs);

  it('is warned of where it is apart from that of the database', async () => {
    expect(await at(0)).toEqual([]);
    expect(await at(25_000)).toEqual([]);
    expect(await at(-25_000)).toEqual([]);
    const [behind, ...more] = await at(-600_000);
    expect(more).toEqual([]);
    expect(behind).toMatch(/^The clock of this machine is 600 seconds behind that of the database: .*$/);
    expect(await at(600_400)).toEqual([expect.stringContaining('is 600 seconds ahead of that of the database: ')]);
  });
});

describe('sslmode, with a server whose certificate nobody knows', () => {
  let tls: TlsFront;
  let plain: TlsFront;
  beforeAll(async () => {
    [tls, plain] = await Promise.all([openTlsFront(server.url, true), openTlsFront(server.url, false)]);
  });
  afterAll(() => Promise.all([tls.close(), plain.close()]));
  const connectWith = (front: TlsFront, mode: string) => {
    const { host } = new URL(front.url);
    const url = new URL(server.roleUrl);
    url.host = host;
    url.searchParams.set('sslmode', mode);
    return connectBoth(url.href);
  };
  const works = () => ['migrated', server.role, server.role];

  it.each([
    ['require encrypts, whoever answers', 'require', 2],
    ['no-verify encrypts, whoever answers', 'no-verify', 2],
    ['prefer encrypts, whoever answers', 'prefer', 2],
    ['disable does not encrypt', 'disable', 0],
  ])('%s', async (_, mode, encrypted) => {
    const before = { ...tls.seen };
    expect(await connectWith(tls, mode)).toEqual(works());
    expect(tls.seen).toEqual({ encrypted: before.encrypted + encrypted, plain: before.plain + 2 - encrypted });
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
