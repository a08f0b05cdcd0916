import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, type Accounts, openAccounts, password, wrongPassword } from '../../support/accounts.ts';
import { bearer, quickPasswords, startApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { outside } from '../../support/outside.ts';

const { unavailable } = outside;

const count = (statuses: readonly number[], status: number) => statuses.filter((one) => one === status).length;

describe('the limit of failed log-ins', () => {
  let app: TestApp;
  let behindProxy: TestApp;
  let accounts: Accounts;
  let author: Account;
  let outage = false;
  let held: { address: string; until: Promise<void> } | null = null;
  let lookedAt = 0;
  const at = (instance: TestApp, email: string, secret: string, headers: Record<string, string> = {}) =>
    instance.request('post', '/v1/auth/login').set(headers).send({ email, password: secret });
  /** From an address as the trusted proxy names it. */
  const from = (address: string, email: string, secret: string) =>
    at(behindProxy, email, secret, { 'X-Forwarded-For': address });
  const exhaust = async (address: string, email: string, tries = 10) => {
    for (let turn = 0; turn < tries; turn += 1) await from(address, email, wrongPassword).expect(401);
  };
  const spent = async () => Number((await app.sql('SELECT sum(points) AS points FROM rate_limits'))[0]?.points ?? 0);

  beforeAll(async () => {
    const real = quickPasswords();
    const passwords = {
      hash: real.hash,
      verify: async (given: string, hash: string | null, from: string) => {
        lookedAt += 1;
        if (outage) throw unavailable();
        if (held?.address === from) await held.until;
        return real.verify(given, hash, from);
      },
    };
    app = await startApp({ DATABASE_POOL_MAX: '20' }, { passwords });
    behindProxy = await startApp(
      { TRUST_PROXY: '1', DATABASE_POOL_MAX: '20' },
      { databaseUrl: app.databaseUrl, passwords },
    );
    accounts = await openAccounts(app);
  });
  beforeEach(async () => {
    await app.sql('DELETE FROM rate_limits');
    author = await accounts.make('author');
    outage = false;
    held = null;
    lookedAt = 0;
  });
  afterAll(async () => {
    await behindProxy.close();
    await app.close();
  });

  it('is 429 with Retry-After from the 11th try, whatever the caller says of where it comes from', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      const address = `198.51.100.${turn}`;
      const answer = await at(app, author.email, wrongPassword, {
        'X-Forwarded-For': `${address}, 203.0.113.${turn}`,
        Forwarded: `for=${address}`,
        'X-Real-IP': address,
        'X-Client-IP': address,
        'CF-Connecting-IP': address,
        'True-Client-IP': address,
      });
      statuses.push(answer.status);
      if (answer.status !== 429) continue;
      expect(answer.body.code).toBe('too-many');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(880);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(900);
    }
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(20).fill(429)]);
    expect(lookedAt).toBe(10);
    await at(app, author.email, password).expect(429);
  });

  it('counts the entry that the trusted proxy wrote and none before it', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const headers = { 'X-Forwarded-For': `203.0.113.${turn}, 198.51.100.7`, 'X-Real-IP': `203.0.113.${turn}` };
      statuses.push((await at(behindProxy, author.email, wrongPassword, headers)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(5).fill(429)]);
    await from('198.51.100.7', author.email, password).expect(429);
  });

  it('lets the right user in from another address, and other users from the same one', async () => {
    await exhaust('198.51.100.7', author.email);
    await from('198.51.100.7', author.email, password).expect(429);
    await from('198.51.100.8', author.email, password).expect(200);
    const other = await accounts.make('author');
    await from('198.51.100.7', other.email, password).expect(200);
  });

  it('counts for all instances together, and one account in any case', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      await at(app, author.email.toUpperCase(), wrongPassword).expect(401);
      await from('127.0.0.1', author.email, wrongPassword).expect(401);
    }
    await at(app, author.email, password).expect(429);
    await from('127.0.0.1', author.email, password).expect(429);
  });

  it('counts addresses that nobody has alike, so that the limit tells nothing of who exists', async () => {
    await exhaust('198.51.100.7', 'nobody@khobor.example');
    await from('198.51.100.7', 'nobody@khobor.example', password).expect(429);
  });

  it('ends when its 15 minutes are over', async () => {
    await exhaust('198.51.100.7', author.email);
    await from('198.51.100.7', author.email, password).expect(429);
    await app.sql('UPDATE rate_limits SET expire = expire - 900001');
    await from('198.51.100.7', author.email, password).expect(200);
  });

  it('is not used up by 60 right log-ins of 20 users from one address', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => accounts.make('author')));
    for (let round = 0; round < 6; round += 1) {
      const some = users.slice((round % 2) * 10, (round % 2) * 10 + 10);
      const answers = await Promise.all(some.map(({ email }) => at(app, email, password)));
      expect(
        count(
          answers.map(({ status }) => status),
          200,
        ),
      ).toBe(10);
    }
    expect(await spent()).toBe(0);
  });

  it('looks at 10 of 30 wrong guesses that come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, turn) =>
        at(turn % 2 ? app : behindProxy, author.email, `${wrongPassword} ${turn}`),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 20]);
    expect(lookedAt).toBe(10);
  });

  it('tells right log-ins of one account that come at once to come again in a moment, and not that they failed', async () => {
    let letGo: () => void = () => {};
    const until = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // None is looked at before ten have been counted, however slowly they come in.
    held = { address: '198.51.100.9', until };
    const asked = Array.from({ length: 20 }, () => from('198.51.100.9', author.email, password).then((res) => res));
    await Promise.any(asked.map(async (answer) => ((await answer).status === 429 ? answer : Promise.reject())));
    letGo();
    held = null;
    const refused = (await Promise.all(asked)).filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, body, headers } of refused) {
      expect([status, body.code, headers['retry-after']]).toEqual([429, 'too-many', '2']);
      expect(body.detail).toMatch(/^More passwords from this address are waiting/);
    }
    await from('198.51.100.9', author.email, password).expect(200);
  });

  it('lets 22 log-ins of one address be under way, tells the others so, and serves other addresses meanwhile', async () => {
    let letGo: () => void = () => {};
    held = {
      address: '198.51.100.7',
      until: new Promise<void>((resolve) => {
        letGo = resolve;
      }),
    };
    const statuses: number[] = [];
    const flood = Array.from({ length: 250 }, (_, turn) =>
      from('198.51.100.7', `x${turn}@khobor.example`, wrongPassword).then((res) => {
        statuses.push(res.status);
        return res;
      }),
    );
    await eventually(async () => expect(statuses).toHaveLength(228));
    await from('198.51.100.8', author.email, password).expect(200);
    letGo();
    const refused = (await Promise.all(flood)).filter(({ status }) => status !== 401);
    expect(refused).toHaveLength(228);
    for (const { status, body, headers } of refused) {
      expect([status, body.code, headers['retry-after']]).toEqual([429, 'too-many', '2']);
      expect(body.detail).toMatch(/^More passwords from this address are waiting/);
    }
    expect(lookedAt).toBe(23);
  });

  it('is full for an address after 100 wrong ones for any accounts, and for no other address', async () => {
    await from('198.51.100.7', author.email, wrongPassword).expect(401);
    await app.sql("UPDATE rate_limits SET points = 99 WHERE key = 'login-address:198.51.100.7'");
    await from('198.51.100.7', 'someone@khobor.example', wrongPassword).expect(401);
    const other = await accounts.make('author');
    await from('198.51.100.7', other.email, password).expect(429);
    await from('198.51.100.8', other.email, password).expect(200);
    await app.sql("UPDATE rate_limits SET points = 99 WHERE key = 'login-address:198.51.100.7'");
    await from('198.51.100.7', other.email, password).expect(200);
  });

  it('does not count refused tries against the address: one stubborn client locks out nobody else', async () => {
    await exhaust('198.51.100.7', author.email);
    for (let turn = 0; turn < 5; turn += 1) await from('198.51.100.7', author.email, wrongPassword).expect(429);
    const rows = await app.sql('SELECT points FROM rate_limits');
    expect(rows).toEqual([{ points: 10 }, { points: 10 }]);
  });

  it('does not count tries that could not be looked at', async () => {
    outage = true;
    for (let turn = 0; turn < 3; turn += 1) await at(app, author.email, password).expect(503);
    expect(await spent()).toBe(0);
  });

  it('counts an IPv6 network of 64 bits as one address, and leaves out ports', async () => {
    for (let turn = 1; turn <= 10; turn += 1)
      await from(`2001:db8:7:8:${turn}::${turn}`, author.email, wrongPassword).expect(401);
    await from('[2001:db8:7:8:ffff::1]:4711', author.email, password).expect(429);
    await from('2001:db8:7:9::1', author.email, password).expect(200);
    for (let turn = 1; turn <= 10; turn += 1)
      await from(`192.0.2.9:${5_000 + turn}`, author.email, wrongPassword).expect(401);
    await from('::ffff:192.0.2.9', author.email, password).expect(429);
    await from('192.0.2.90', author.email, password).expect(200);
  });

  it('is forgotten for an account whose password is set anew, from every address, and for no other', async () => {
    const other = await accounts.make('author');
    const admin = await app.person('admin');
    for (const email of [author.email, other.email]) await exhaust('198.51.100.7', email);
    await exhaust('198.51.100.8', author.email);
    const changed = 'নতুন পাতার গোপন কথা';
    await app
      .request('patch', `/v1/users/${author.id}`)
      .set(...bearer(admin))
      .set('If-Match', '*')
      .send({ password: changed })
      .expect(200);
    for (const address of ['198.51.100.7', '198.51.100.8']) await from(address, author.email, changed).expect(200);
    await from('198.51.100.7', other.email, password).expect(429);
  });

  it('is forgotten when somebody sets the own password, and for a new account that was tried before it was made', async () => {
    await exhaust('198.51.100.8', author.email);
    const { body: session } = await from('198.51.100.7', author.email, password).expect(200);
    const newPassword = 'ভোরের শালিকের ডাকাডাকি';
    await app
      .request('patch', '/v1/auth/me/password')
      .set('Authorization', `Bearer ${session.accessToken}`)
      .send({ currentPassword: password, newPassword })
      .expect(200);
    await from('198.51.100.8', author.email, newPassword).expect(200);
    const email = 'notun@khobor.example';
    await exhaust('198.51.100.8', email);
    await app
      .request('post', '/v1/users')
      .set(...bearer(await app.person('admin')))
      .send({ email, name: 'নতুন মানুষ', role: 'author', password })
      .expect(201);
    await from('198.51.100.8', email, password).expect(200);
  });

  it('stores neither e-mail address nor password', async () => {
    await exhaust('198.51.100.7', author.email, 1);
    const rows = JSON.stringify(await app.sql('SELECT * FROM rate_limits'));
    expect(rows).toContain('198.51.100.7');
    expect(rows).not.toContain(author.email);
  });
});
