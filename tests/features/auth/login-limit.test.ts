import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { type Account, type Accounts, openAccounts, password, wrongPassword } from '../../support/accounts.ts';
import { bearer, startApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { watchPasswords } from '../../support/watched-passwords.ts';

/** Headers in which proxies name the caller's address alone. */
const ofProxies = ['X-Real-IP', 'X-Client-IP', 'CF-Connecting-IP', 'True-Client-IP'];

/** Ten wrong tries, and refusals of the rest. */
const tenOf = (tries: number): number[] => [...Array(10).fill(401), ...Array(tries - 10).fill(429)];

describe('the limit of failed log-ins', () => {
  let app: TestApp;
  let behindProxy: TestApp;
  let accounts: Accounts;
  let author: Account;
  const watched = watchPasswords();
  const at = (instance: TestApp, email: string, secret: string, headers: Record<string, string> = {}) =>
    instance.request('post', '/v1/auth/login').set(headers).send({ email, password: secret });
  /** From an address as the trusted proxy names it. */
  const from = (address: string, email: string, secret: string) =>
    at(behindProxy, email, secret, { 'X-Forwarded-For': address });
  const exhaust = async (address: string, email: string, tries = 10) => {
    for (let turn = 0; turn < tries; turn += 1) await from(address, email, wrongPassword).expect(401);
  };
  const spent = async () => Number((await app.sql('SELECT sum(points) AS points FROM rate_limits'))[0]?.points ?? 0);
  /** The refusal that says to come again in a moment. */
  const expectWaiting = ({ status, body, headers }: Response) => {
    expect([status, body.code, headers['retry-after']]).toEqual([429, 'too-many', '2']);
    expect(body.detail).toMatch(/^More passwords from this address are waiting/);
  };

  beforeAll(async () => {
    const { passwords } = watched;
    app = await startApp({ DATABASE_POOL_MAX: '20' }, { passwords });
    const proxied = { TRUST_PROXY: '1', DATABASE_POOL_MAX: '20' };
    behindProxy = await startApp(proxied, { databaseUrl: app.databaseUrl, passwords });
    accounts = await openAccounts(app);
  });
  beforeEach(async () => {
    await app.sql('DELETE FROM rate_limits');
    author = await accounts.make('author');
    watched.reset();
  });
  afterAll(async () => {
    await behindProxy.close();
    await app.close();
  });

  it('is 429 with Retry-After from the 11th try, whatever the caller says of where it comes from', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      const address = `198.51.100.${turn}`;
      const named = Object.fromEntries(ofProxies.map((header) => [header, address]));
      const list = { 'X-Forwarded-For': `${address}, 203.0.113.${turn}`, Forwarded: `for=${address}` };
      const { status, body, headers } = await at(app, author.email, wrongPassword, { ...named, ...list });
      statuses.push(status);
      const waits = Number(headers['retry-after']);
      if (status === 429) expect([body.code, waits > 880, waits <= 900]).toEqual(['too-many', true, true]);
    }
    expect(statuses).toEqual(tenOf(30));
    expect(watched.lookedAt()).toBe(10);
    await at(app, author.email, password).expect(429);
  });

  it('counts the entry that the trusted proxy wrote and none before it', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const headers = { 'X-Forwarded-For': `203.0.113.${turn}, 198.51.100.7`, 'X-Real-IP': `203.0.113.${turn}` };
      statuses.push((await at(behindProxy, author.email, wrongPassword, headers)).status);
    }
    expect(statuses).toEqual(tenOf(15));
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
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    }
    expect(await spent()).toBe(0);
  });

  it('looks at 10 of 30 wrong guesses that come at once', async () => {
    const guess = (turn: number) => at(turn % 2 ? app : behindProxy, author.email, `${wrongPassword} ${turn}`);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, turn) => guess(turn)));
    expect(answers.map(({ status }) => status).sort()).toEqual(tenOf(30));
    expect(watched.lookedAt()).toBe(10);
  });

  it('tells right log-ins of one account that come at once to come again in a moment, and not that they failed', async () => {
    // None is looked at before ten have been counted, however slowly they come in.
    const letGo = watched.hold('198.51.100.9');
    const asked = Array.from({ length: 20 }, () => from('198.51.100.9', author.email, password).then((res) => res));
    await Promise.any(asked.map(async (answer) => ((await answer).status === 429 ? answer : Promise.reject())));
    letGo();
    const refused = (await Promise.all(asked)).filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    refused.forEach(expectWaiting);
    await from('198.51.100.9', author.email, password).expect(200);
  });

  it('lets 22 log-ins of one address be under way, tells the others so, and serves other addresses meanwhile', async () => {
    const letGo = watched.hold('198.51.100.7');
    const statuses: number[] = [];
    const flood = Array.from({ length: 250 }, (_, turn) =>
      from('198.51.100.7', `x${turn}@khobor.example`, wrongPassword).then((res) => {
        statuses.push(res.status);
        return res;
      }),
    );
    // A slow machine takes long to answer so many. Whatever comes of it, none is left over to the tests that follow.
    try {
      await eventually(async () => expect(statuses).toHaveLength(228), 45_000);
      await from('198.51.100.8', author.email, password).expect(200);
    } finally {
      letGo();
      await Promise.allSettled(flood);
    }
    const refused = (await Promise.all(flood)).filter(({ status }) => status !== 401);
    expect(refused).toHaveLength(228);
    refused.forEach(expectWaiting);
    expect(watched.lookedAt()).toBe(23);
  }, 60_000);

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
    expect(await app.sql('SELECT points FROM rate_limits')).toEqual([{ points: 10 }, { points: 10 }]);
  });

  it('does not count tries that could not be looked at', async () => {
    watched.fail();
    for (let turn = 0; turn < 3; turn += 1) await at(app, author.email, password).expect(503);
    expect(await spent()).toBe(0);
  });

  it('counts an IPv6 network of 64 bits as one address, and leaves out ports', async () => {
    for (let n = 1; n <= 10; n += 1) await from(`2001:db8:7:8:${n}::${n}`, author.email, wrongPassword).expect(401);
    await from('[2001:db8:7:8:ffff::1]:4711', author.email, password).expect(429);
    await from('2001:db8:7:9::1', author.email, password).expect(200);
    for (let n = 1; n <= 10; n += 1) await from(`192.0.2.9:${5_000 + n}`, author.email, wrongPassword).expect(401);
    await from('::ffff:192.0.2.9', author.email, password).expect(429);
    await from('192.0.2.90', author.email, password).expect(200);
  });

  it('is forgotten for an account whose password is set anew, from every address, and for no other', async () => {
    const other = await accounts.make('author');
    const admin = await app.person('admin');
    for (const email of [author.email, other.email]) await exhaust('198.51.100.7', email);
    await exhaust('198.51.100.8', author.email);
    const changed = 'নতুন পাতার গোপন কথা';
    const change = app.request('patch', `/v1/users/${author.id}`).set(...bearer(admin));
    await change.set('If-Match', '*').send({ password: changed }).expect(200);
    for (const address of ['198.51.100.7', '198.51.100.8']) await from(address, author.email, changed).expect(200);
    await from('198.51.100.7', other.email, password).expect(429);
  });

  it('is forgotten when somebody sets the own password', async () => {
    await exhaust('198.51.100.8', author.email);
    const { body: session } = await from('198.51.100.7', author.email, password).expect(200);
    const newPassword = 'ভোরের শালিকের ডাকাডাকি';
    const me = app.request('patch', '/v1/auth/me/password').set('Authorization', `Bearer ${session.accessToken}`);
    await me.send({ currentPassword: password, newPassword }).expect(200);
    await from('198.51.100.8', author.email, newPassword).expect(200);
  });

  it('stores neither e-mail address nor password', async () => {
    await exhaust('198.51.100.7', author.email, 1);
    const rows = JSON.stringify(await app.sql('SELECT * FROM rate_limits'));
    expect(rows).toContain('198.51.100.7');
    expect(rows).not.toContain(author.email);
  });
});
