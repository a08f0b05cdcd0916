import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Passwords } from '../../../src/features/auth/passwords.ts';
import { type Accounts, openAccounts } from '../../support/accounts.ts';
import { bearer, type Person, quickPasswords, startApp, type TestApp } from '../../support/app.ts';

/** Passwords that say how often they were asked. */
function countedPasswords(): Passwords & { asked: string[] } {
  const real = quickPasswords();
  const asked: string[] = [];
  return {
    asked,
    hash: (password, from) => {
      asked.push('hash');
      return real.hash(password, from);
    },
    verify: (password, hash, from) => {
      asked.push(hash === null ? 'verify nobody' : 'verify');
      return real.verify(password, hash, from);
    },
  };
}

describe('the length of passwords', () => {
  const passwords = countedPasswords();
  let app: TestApp;
  let accounts: Accounts;
  let admin: Person;
  const create = (password: string) =>
    app
      .request('post', '/v1/users')
      .set(...bearer(admin))
      .send({ email: `u${Math.random()}@khobor.example`, name: 'শিউলি', role: 'author', password });
  const made = async (password: string): Promise<string> => (await create(password).expect(201)).body.email;

  beforeAll(async () => {
    app = await startApp({}, { passwords });
    accounts = await openAccounts(app);
    admin = await app.person('admin');
  });
  beforeEach(() => {
    passwords.asked.length = 0;
  });
  afterAll(() => app.close());

  it('counts every letter of 200: the first 72 bytes with another tail are not the password', async () => {
    const letters = Array.from({ length: 200 }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join('');
    const email = await made(letters);
    await accounts.login(email, letters).expect(200);
    for (const other of [
      letters.slice(0, 72),
      `${letters.slice(0, 72)}${'z'.repeat(128)}`,
      `${letters.slice(0, 199)}!`,
    ])
      await accounts.login(email, other).expect(401);
  });

  it('counts the last letter of 31 in Bangla, which are 93 bytes', async () => {
    const sentence = 'কাকডাকাভোরেরকুয়াশায়নদীরঘাটেমাঝি';
    const letters = [...sentence.normalize('NFC')].slice(0, 31).join('');
    expect([Buffer.byteLength(letters), [...letters].length]).toEqual([93, 31]);
    const email = await made(letters);
    await accounts.login(email, letters).expect(200);
    await accounts.login(email, `${[...letters].slice(0, 30).join('')}ঝ`).expect(401);
    await accounts.login(email, [...letters].slice(0, 30).join('')).expect(401);
  });

  it('tells the bounds, 12 and 256 characters and not bytes, in the 400, and takes both', async () => {
    for (const [password, detail] of [
      ['ক'.repeat(11), 'Use at least 12 characters.'],
      ['ক'.repeat(257), 'Use at most 256 characters.'],
      ['🌾'.repeat(257), 'Use at most 256 characters.'],
      ['কখগ'.repeat(20), 'Use at least 4 different characters.'],
    ] as const) {
      const answer = await create(password).expect(400);
      expect(answer.body.errors).toEqual([{ in: 'body', pointer: '/password', detail }]);
    }
    expect(passwords.asked).toEqual([]);
    for (const password of ['কখগঘ'.repeat(3), 'কখগঘ'.repeat(64), '🌾🌱🌿🍃'.repeat(64)])
      await accounts.login(await made(password), password).expect(200);
  });

  it('refuses 900 KB in under 100 ms wherever a password goes, and never hashes it', async () => {
    const huge = 'প'.repeat(300_000);
    const someone = await accounts.make('author');
    passwords.asked.length = 0;
    const calls = [
      () => accounts.login(someone.email, huge),
      () => create(huge),
      () =>
        app
          .request('patch', `/v1/users/${someone.id}`)
          .set(...bearer(admin))
          .set('If-Match', '"1"')
          .send({ password: huge }),
      () =>
        app
          .request('patch', '/v1/auth/me/password')
          .set(...bearer(admin))
          .send({ currentPassword: 'যা হোক একটা', newPassword: huge }),
    ];
    for (const call of calls) {
      // Of the processor, caller and server together; on a busy machine the best of ten.
      const times = [Number.POSITIVE_INFINITY];
      while (Math.min(...times) >= 100 && times.length <= 10) {
        const began = process.cpuUsage();
        const answer = await call().expect(400);
        const { user, system } = process.cpuUsage(began);
        times.push((user + system) / 1000);
        expect(answer.body.errors[0].detail).toContain('256');
      }
      expect(Math.min(...times)).toBeLessThan(100);
    }
    expect(passwords.asked).toEqual([]);
    expect(await app.sql("SELECT points FROM rate_limits WHERE key LIKE 'login-account%' AND points > 5")).toEqual([]);
    await app.request('get', '/livez').expect(200);
  });

  it('hashes once for an address that nobody has, as it does for one that somebody has', async () => {
    const someone = await accounts.make('author');
    await accounts.login('nobody@khobor.example', 'কেউ নেই এখানে').expect(401);
    await accounts.login(someone.email, 'কেউ নেই এখানে').expect(401);
    expect(passwords.asked).toEqual(['verify nobody', 'verify']);
  });
});
