import { scryptSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { passwordForm } from '../../../src/core/password-form.ts';
import type { Passwords } from '../../../src/features/auth/passwords.ts';
import { type Account, type Accounts, openAccounts, whoIs } from '../../support/accounts.ts';
import { anyText } from '../../support/any-text.ts';
import { bearer, type Person, quickPasswords, startApp, type TestApp } from '../../support/app.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { outside } from '../../support/outside.ts';

const { openPasswords, readNewUser, readPasswordReset } = outside;

const khandaTa = 'হঠাৎ বৃষ্টি নামে ঘাটে';
const withJoiner = khandaTa.replace('\u09CE', '\u09A4\u09CD\u200D');

/** Each way in which keyboards type one password. */
const spellings = [
  ['ৎ and spaces', khandaTa],
  ['ত, hasanta and ZWJ', withJoiner],
  ['no-break spaces', khandaTa.replaceAll(' ', '\u00A0')],
  ['ideographic spaces', khandaTa.replaceAll(' ', '\u3000')],
  ['thin and narrow spaces', khandaTa.replace(' ', '\u2009').replace(' ', '\u202F').replace(' ', '\u205F')],
  ['the other form of its letters', khandaTa.normalize('NFD')],
  ['all of these', withJoiner.normalize('NFD').replaceAll(' ', '\u2003')],
] as const;

/** A hash as it was made while NFC was all that was done. */
function formerHash(password: string, N = 1_024): string {
  const salt = Buffer.from('sixteen bytes ok');
  const key = scryptSync(password.normalize('NFC'), salt, 32, { N, r: 8, p: 1, maxmem: 256 * N * 8 });
  return ['scrypt', N, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function counted(): Passwords & { asked: string[] } {
  const real = quickPasswords();
  const asked: string[] = [];
  return {
    asked,
    hash: (password, from) => {
      asked.push('hash');
      return real.hash(password, from);
    },
    verify: (password, hash, from) => {
      asked.push('verify');
      return real.verify(password, hash, from);
    },
  };
}

describe('the spelling of a password', () => {
  const passwords = counted();
  let app: TestApp;
  let accounts: Accounts;
  let admin: Person;
  let author: Account;
  const login = (secret: string, { email } = author) => accounts.login(email, secret);
  const rowOf = async ({ id } = author) => (await app.sql('SELECT * FROM users WHERE id = $1', [id]))[0];
  const setHash = (hash: string) => app.sql('UPDATE users SET password_hash = $1 WHERE id = $2', [hash, author.id]);
  const admins = (method: 'post' | 'patch', path: string) =>
    app
      .request(method, path)
      .set(...bearer(admin))
      .set('If-Match', '*');
  const create = (password: string) => {
    const email = `u${Math.random()}@khobor.example`;
    return admins('post', '/v1/users').unset('If-Match').send({ email, name: 'শিউলি', role: 'author', password });
  };
  const change = async (currentPassword: string, newPassword: string) => {
    const { accessToken } = (await login(currentPassword).expect(200)).body;
    return app
      .request('patch', '/v1/auth/me/password')
      .set('Authorization', `Bearer ${accessToken}`)
      .send({ currentPassword, newPassword });
  };

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_LOGIN_ACCOUNT: '5' }, { passwords });
    accounts = await openAccounts(app, khandaTa);
    admin = await app.person('admin');
  });
  beforeEach(async () => {
    author = await accounts.make();
    await app.sql('DELETE FROM rate_limits');
    passwords.asked.length = 0;
  });
  afterAll(() => app.close());

  it.each(spellings)(
    'is one at log-in, at a change, for a new user and for one whom an admin helps: %s',
    async (_, typed) => {
      await login(typed).expect(200);
      const made = (await create(typed).expect(201)).body;
      for (const [, other] of spellings) await login(other, made).expect(200);
      await admins('patch', `/v1/users/${author.id}`).send({ password: typed }).expect(200);
      await login(khandaTa).expect(200);
      expect((await change(khandaTa, typed)).body.errors).toMatchObject([
        { pointer: '/newPassword', detail: 'Use another password than the one of now.' },
      ]);
      expect((await change(typed, `${typed} আবার`)).status).toBe(200);
      await login(`${khandaTa} আবার`).expect(200);
    },
  );

  it.each(spellings)('is one for the first admin and at the command line: %s', (_, password) => {
    const email = 'desk@khobor.example';
    const form = khandaTa.normalize('NFC');
    expect(readNewUser({ email, name: 'ডেস্ক', role: 'admin', password })).toMatchObject({ value: { password: form } });
    expect(readPasswordReset({ email, password })).toMatchObject({ value: { password: form } });
  });

  it('still tells apart what is typed otherwise: more spaces, another letter, a joiner elsewhere', async () => {
    await setHash(await passwords.hash('র‍্যাব দেখে গেল ঘাটে', 'tests'));
    for (const other of ['র্যাব দেখে গেল ঘাটে', 'র‍্যাব  দেখে গেল ঘাটে', 'র‍্যাব\tদেখে গেল ঘাটে']) await login(other).expect(401);
    await login('র‍্যাব দেখে গেল ঘাটে').expect(200);
  });

  it('is measured after that: 256 of the longest spelling are taken, and 12 are not 13', async () => {
    const letters = 'ত\u09CD\u200D'.repeat(253);
    const { body } = await create(`কখগ${letters}`).expect(201);
    await login(`কখগ${'ৎ'.repeat(253)}`, body).expect(200);
    await login(`কখগ${letters}`, body).expect(200);
    for (const [password, detail] of [
      [`কখগ${'ত\u09CD\u200D'.repeat(254)}`, 'Use at most 256 characters.'],
      [`কখগ${'ত\u09CD\u200D'.repeat(8)}`, 'Use at least 12 characters.'],
      ['ত\u09CD\u200Dৎ \u00A0'.repeat(4), 'Use at least 4 different characters.'],
    ])
      expect((await create(String(password)).expect(400)).body.errors).toEqual([
        { in: 'body', pointer: '/password', detail },
      ]);
  });

  it.each([withJoiner, khandaTa.replaceAll(' ', '\u00A0'), withJoiner.replaceAll(' ', '\u2003')])(
    'that was hashed by NFC alone is taken as it was typed then, and in every spelling from then on: %j',
    async (then) => {
      await setHash(formerHash(then));
      const first = (await login(then).expect(200)).body.accessToken;
      const before = await rowOf();
      expect(before).toMatchObject({ version: 1, token_epoch: 1 });
      expect(before?.password_hash).not.toBe(formerHash(then));
      for (const [, typed] of spellings) await login(typed).expect(200);
      expect(await rowOf()).toEqual(before);
      await whoIs(app, first).expect(200);
      expect(await app.sql('SELECT type FROM events WHERE subject_id = $1', [author.id])).toEqual([]);
    },
  );

  it('that was hashed by NFC alone and is written as it is today stays as it is stored', async () => {
    await setHash(formerHash(khandaTa));
    for (const [, typed] of spellings) await login(typed).expect(200);
    expect(await rowOf()).toMatchObject({ password_hash: formerHash(khandaTa) });
  });

  it('that was hashed by NFC alone can be changed as it was typed then', async () => {
    await setHash(formerHash(withJoiner));
    const { accessToken } = (await login(withJoiner).expect(200)).body;
    await setHash(formerHash(withJoiner));
    await app
      .request('patch', '/v1/auth/me/password')
      .set('Authorization', `Bearer ${accessToken}`)
      .send({ currentPassword: withJoiner, newPassword: 'বটতলায় পুথি পাঠের আসর' })
      .expect(200);
    await login('বটতলায়\u00A0পুথি পাঠের আসর').expect(200);
  });

  it('costs one try of the log-in limit, however many forms it has', async () => {
    const wrong = withJoiner.replace('ঘাটে', 'মাঠে');
    for (let turn = 0; turn < 5; turn += 1) await login(wrong).expect(401);
    await login(wrong).expect(429);
    expect(await app.sql("SELECT points FROM rate_limits WHERE key LIKE 'login-address%'")).toEqual([{ points: 5 }]);
  });

  it('is looked at once and hashed never at a log-in, right or wrong, by the old form or the new, known or not', async () => {
    await setHash(formerHash(withJoiner));
    passwords.asked.length = 0;
    await login(withJoiner.replace('ঘাটে', 'মাঠে')).expect(401);
    await login(withJoiner).expect(200);
    await login(withJoiner).expect(200);
    await login(withJoiner, { id: '', email: 'nobody@khobor.example' }).expect(401);
    expect(passwords.asked).toEqual(['verify', 'verify', 'verify', 'verify']);
  });

  it('takes the same work whether it is right, right by the old form, wrong, or of nobody', async () => {
    const cost = { N: 8_192, r: 8, p: 1 };
    const real = openPasswords(cost);
    const hashes = [
      await real.hash(withJoiner, 'tests'),
      formerHash(withJoiner, cost.N),
      await real.hash('অন্য কিছু', 'tests'),
      null,
    ];
    const best = hashes.map(() => Number.POSITIVE_INFINITY);
    for (let turn = 0; turn < 4; turn += 1) {
      for (const [index, hash] of hashes.entries()) {
        const began = cpuMs();
        await real.verify(withJoiner, hash, 'tests');
        best[index] = Math.min(best[index] ?? 0, cpuMs() - began);
      }
    }
    expect(Math.max(...best)).toBeLessThan(1.5 * Math.min(...best));
  });

  it('is its own spelling, for any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'ত',
        '\u09CD',
        '\u200D',
        '\u09CE',
        '\u00A0',
        '\u2000',
        '\u3000',
        '\u0301',
        'e',
        '\u09BC',
        '\u09DF',
      ),
      anyText({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const form = passwordForm(pieces.join(''));
        expect(passwordForm(form)).toBe(form);
        expect(passwordForm(form.normalize('NFD'))).toBe(form);
        expect(form).not.toMatch(/(?! )\p{Zs}/u);
      }),
      { numRuns: 100 },
    );
  });
});
