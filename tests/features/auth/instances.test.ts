import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Account,
  type Accounts,
  openAccounts,
  password,
  refresh,
  type Tokens,
  whoIs,
} from '../../support/accounts.ts';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { readToken } from '../../support/forged-token.ts';

describe('two instances upon one database', () => {
  let first: TestApp;
  let second: TestApp;
  let secondClock = () => Date.now();
  let accounts: Accounts;
  let admin: Person;
  let editor: Account;
  let tokens: Tokens;
  const patchUser = (body: object) =>
    first
      .request('patch', `/v1/users/${editor.id}`)
      .set(...bearer(admin))
      .set('If-Match', '"1"')
      .send(body);
  const makeTag = (accessToken: string) =>
    second.request('post', '/v1/tags').set('Authorization', `Bearer ${accessToken}`).send({ name: 'নৌকা বাইচ' });

  beforeAll(async () => {
    first = await startApp();
    second = await startApp({}, { databaseUrl: first.databaseUrl, clock: () => secondClock() });
    accounts = await openAccounts(first);
    admin = await first.person('admin');
  });
  beforeEach(async () => {
    secondClock = () => Date.now();
    editor = await accounts.make('editor');
    tokens = await accounts.tokens(editor.email);
    await whoIs(second, tokens.accessToken).expect(200);
  });
  afterAll(async () => {
    await second.close();
    await first.close();
  });

  it('take a logout at one for the end at the other, on its next request', async () => {
    await first.request('post', '/v1/auth/logout').send({ refreshToken: tokens.refreshToken }).expect(204);
    await whoIs(second, tokens.accessToken).expect(401);
    await refresh(second, tokens.refreshToken).expect(401);
  });

  it('take a change of the password at one for the end of tokens at the other', async () => {
    const { body } = await first
      .request('patch', '/v1/auth/me/password')
      .set('Authorization', `Bearer ${tokens.accessToken}`)
      .send({ currentPassword: password, newPassword: 'মাঠের শেষে তালগাছের সারি' })
      .expect(200);
    await whoIs(second, tokens.accessToken).expect(401);
    await whoIs(second, body.accessToken).expect(200);
  });

  it('take a password that an admin sets, a disabling and a deletion for the end as well', async () => {
    await patchUser({ password: 'মাঠের শেষে তালগাছের সারি' }).expect(200);
    await whoIs(second, tokens.accessToken).expect(401);
    editor = await accounts.make('editor');
    const disabled = await accounts.tokens(editor.email);
    await patchUser({ disabled: true }).expect(200);
    await whoIs(second, disabled.accessToken).expect(401);
    await refresh(second, disabled.refreshToken).expect(401);
    editor = await accounts.make('editor');
    const deleted = await accounts.tokens(editor.email);
    await first
      .request('delete', `/v1/users/${editor.id}`)
      .set(...bearer(admin))
      .set('If-Match', '"1"')
      .expect(204);
    await whoIs(second, deleted.accessToken).expect(401);
    await refresh(second, deleted.refreshToken).expect(401);
  });

  it('take a demotion at one for one at the other: the old token is over, the next one may less', async () => {
    await patchUser({ role: 'viewer' }).expect(200);
    await makeTag(tokens.accessToken).expect(401);
    const { body } = await refresh(second, tokens.refreshToken).expect(200);
    await makeTag(body.accessToken).expect(403);
    expect(await first.sql('SELECT id FROM tags')).toEqual([]);
  });

  it('give two tabs at two instances the same successor', async () => {
    const answers = await Promise.all([first, second, first, second].map((app) => refresh(app, tokens.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
  });

  it('accept each other’s fresh tokens while their clocks are seconds apart', async () => {
    secondClock = () => Date.now() - 5_000;
    await whoIs(second, tokens.accessToken).expect(200);
    const theirs = await (await openAccounts(second)).tokens(editor.email);
    await whoIs(first, theirs.accessToken).expect(200);
  });

  it('refuse a token that was made five minutes ahead of their clock', async () => {
    secondClock = () => Date.now() - 300_000;
    await whoIs(second, tokens.accessToken).expect(401);
    const theirs = await (await openAccounts(second)).tokens(editor.email);
    await whoIs(first, theirs.accessToken).expect(200);
    await whoIs(second, theirs.accessToken).expect(200);
  });

  it('take an access key as long as its row says, however far their clocks are apart', async () => {
    const admin = await first.person('admin');
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const made = await first
      .request('post', '/v1/keys')
      .set(...bearer(admin))
      .send({ name: 'তারের যন্ত্র', role: 'author', expiresAt })
      .expect(201);
    for (const apartMs of [-300_000, -365 * 86_400_000, 7_200_000]) {
      secondClock = () => Date.now() + apartMs;
      await whoIs(second, made.body.token).expect(200);
    }
    secondClock = () => Date.now() - 300_000;
    await first.sql(`UPDATE access_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [made.body.id]);
    await whoIs(second, made.body.token).expect(401);
  });

  it('stretch the end of a token by 60 seconds and no more', async () => {
    const { exp } = readToken(tokens.accessToken).payload;
    secondClock = () => Number(exp) * 1000 + 59_999;
    await whoIs(second, tokens.accessToken).expect(200);
    secondClock = () => Number(exp) * 1000 + 60_000;
    await whoIs(second, tokens.accessToken).expect(401);
  });

  it('count refresh tokens by the clock of the database, whatever theirs says', async () => {
    secondClock = () => Date.now() + 365 * 86_400_000;
    const { body } = await refresh(second, tokens.refreshToken).expect(200);
    await whoIs(second, body.accessToken).expect(200);
    await whoIs(first, body.accessToken).expect(401);
    secondClock = () => Date.now() - 365 * 86_400_000;
    await refresh(second, body.refreshToken).expect(200);
  });
});
