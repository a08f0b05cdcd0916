import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Account,
  type Accounts,
  openAccounts,
  password,
  refresh,
  type Tokens,
  whoIs,
  wrongPassword,
} from '../../support/accounts.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { watchPasswords } from '../../support/watched-passwords.ts';

const newPassword = 'বটতলায় পুথি পাঠের আসর';

describe('PATCH /v1/auth/me/password', () => {
  let app: TestApp;
  let accounts: Accounts;
  let author: Account;
  let tokens: Tokens;
  const change = (body: object, { accessToken } = tokens) =>
    app.request('patch', '/v1/auth/me/password').set('Authorization', `Bearer ${accessToken}`).send(body);
  const right = { currentPassword: password, newPassword };
  const watched = watchPasswords();
  const events = () => app.sql('SELECT type, actor_id, data FROM events WHERE subject_id = $1', [author.id]);

  beforeAll(async () => {
    app = await startApp({}, { passwords: watched.passwords });
    accounts = await openAccounts(app);
  });
  beforeEach(async () => {
    author = await accounts.make('author');
    watched.reset();
    tokens = await accounts.tokens(author.email);
  });
  afterAll(() => app.close());

  it('sets the password, without If-Match, and gives new tokens', async () => {
    const answer = await change(right).expect(200);
    expect(answer.body).toMatchObject({ tokenType: 'Bearer', user: { id: author.id } });
    await whoIs(app, answer.body.accessToken).expect(200);
    await refresh(app, answer.body.refreshToken).expect(200);
    await accounts.login(author.email, newPassword).expect(200);
    await accounts.login(author.email, password).expect(401);
  });

  it('takes the change as a merge patch too', async () => {
    const answer = await change(right).set('Content-Type', 'application/merge-patch+json').expect(200);
    await whoIs(app, answer.body.accessToken).expect(200);
  });

  it('is refused where the account is another than the one that was read', async () => {
    const me = await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${tokens.accessToken}`).expect(200);
    const { body } = await change(right).set('If-Match', '"7"').expect(412);
    expect(body).toMatchObject({ code: 'stale', currentVersion: 1 });
    expect(await events()).toEqual([]);
    await change(right).set('If-Match', String(me.headers.etag)).expect(200);
  });

  it('is refused where the account becomes another while the password is looked at, and changes nothing', async () => {
    watched.reset();
    const letGo = watched.hold('127.0.0.1');
    const asked = change(right)
      .set('If-Match', '"1"')
      .then((answer) => answer);
    await eventually(async () => expect(watched.lookedAt()).toBe(1));
    await app.sql('UPDATE users SET version = version + 1 WHERE id = $1', [author.id]);
    letGo();
    expect(await asked).toMatchObject({ status: 412, body: { code: 'stale', currentVersion: 2 } });
    expect(await events()).toEqual([]);
    await accounts.login(author.email, password).expect(200);
  });

  it('ends every token made before on the next request, of every session', async () => {
    const other = await accounts.tokens(author.email);
    const bystander = await accounts.make('author');
    const bystanders = await accounts.tokens(bystander.email);
    await change(right).expect(200);
    for (const before of [tokens, other]) {
      expect((await whoIs(app, before.accessToken).expect(401)).body.code).toBe('invalid-token');
      await app.request('get', '/v1/latest').set('Authorization', `Bearer ${before.accessToken}`).expect(401);
      await refresh(app, before.refreshToken).expect(401);
    }
    await whoIs(app, bystanders.accessToken).expect(200);
  });

  it('counts up the version and records who did it, and never what the password is', async () => {
    await change(right).expect(200);
    const [row] = await app.sql('SELECT version, token_epoch, password_hash FROM users WHERE id = $1', [author.id]);
    expect(row).toMatchObject({ version: 2, token_epoch: 2, password_hash: expect.stringMatching(/^scrypt\$/) });
    const recorded = await events();
    expect(recorded).toEqual([expect.objectContaining({ type: 'user.password-changed', actor_id: author.id })]);
    expect(JSON.stringify(recorded)).not.toContain(newPassword);
    expect(app.logLines.join('\n')).not.toContain(newPassword);
  });

  it('refuses a wrong current password and changes nothing', async () => {
    const answer = await change({ currentPassword: wrongPassword, newPassword }).expect(422);
    expect(answer.body).toMatchObject({
      code: 'wrong-password',
      errors: [{ in: 'body', pointer: '/currentPassword' }],
    });
    await whoIs(app, tokens.accessToken).expect(200);
    await accounts.login(author.email).expect(200);
    expect(await events()).toEqual([]);
  });

  it('counts wrong current passwords with the failed log-ins of the account', async () => {
    const wrong = { currentPassword: wrongPassword, newPassword };
    for (let tries = 0; tries < 5; tries += 1) {
      await change(wrong).expect(422);
      await accounts.login(author.email, wrongPassword).expect(401);
    }
    const answer = await change(right).expect(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await accounts.login(author.email).expect(429);
    await whoIs(app, tokens.accessToken).expect(200);
  });

  it('does not count right ones', async () => {
    await app.sql('DELETE FROM rate_limits');
    let current = tokens;
    for (let turn = 0; turn < 6; turn += 1) {
      const [currentPassword, following] = turn % 2 === 0 ? [password, newPassword] : [newPassword, password];
      current = (await change({ currentPassword, newPassword: following }, current).expect(200)).body;
    }
    expect(await app.sql('SELECT DISTINCT points FROM rate_limits')).toEqual([{ points: 0 }]);
    await accounts.login(author.email).expect(200);
  });

  it('lets one of two changes at once win', async () => {
    const answers = await Promise.all([
      change(right),
      change({ currentPassword: password, newPassword: `${newPassword} আবার` }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await events()).toHaveLength(1);
    const won = answers[0].status === 200 ? newPassword : `${newPassword} আবার`;
    await accounts.login(author.email, won).expect(200);
  });

  it('tells the rules of passwords and keeps the old one', async () => {
    const short = await change({ currentPassword: password, newPassword: 'এগারো অক্ষর'.slice(0, 11) }).expect(400);
    expect(short.body.errors).toEqual([{ in: 'body', pointer: '/newPassword', detail: 'Use at least 12 characters.' }]);
    const long = await change({ currentPassword: password, newPassword: 'ক'.repeat(257) }).expect(400);
    expect(long.body.errors[0].detail).toBe('Use at most 256 characters.');
    await change({ currentPassword: password }).expect(400);
    await change({ ...right, userId: author.id }).expect(400);
    await accounts.login(author.email).expect(200);
  });

  it('is for callers with a token', async () => {
    await app.request('patch', '/v1/auth/me/password').send(right).expect(401);
    await change(right, { accessToken: 'garbage', refreshToken: '' }).expect(401);
    await accounts.login(author.email).expect(200);
  });
});
