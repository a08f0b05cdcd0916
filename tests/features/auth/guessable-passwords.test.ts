import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, type Accounts, openAccounts, password, type Tokens } from '../../support/accounts.ts';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { outside } from '../../support/outside.ts';

const { readNewUser } = outside;

const ownAddress = 'Use another password than the e-mail address of the account.';

describe('a password that anybody would guess', () => {
  let app: TestApp;
  let accounts: Accounts;
  let admin: Person;
  let author: Account;
  let tokens: Tokens;
  const create = (email: string, secret: string) =>
    app
      .request('post', '/v1/users')
      .set(...bearer(admin))
      .send({ email, name: 'শিউলি', role: 'author', password: secret });
  const patch = (body: object) =>
    app
      .request('patch', `/v1/users/${author.id}`)
      .set(...bearer(admin))
      .set('If-Match', '"1"')
      .send(body);
  const change = (newPassword: string, currentPassword = password) =>
    app
      .request('patch', '/v1/auth/me/password')
      .set('Authorization', `Bearer ${tokens.accessToken}`)
      .send({ currentPassword, newPassword });
  const fault = (pointer: string, detail: string) => [{ in: 'body', pointer, detail }];

  beforeAll(async () => {
    app = await startApp();
    accounts = await openAccounts(app);
    admin = await app.person('admin');
  });
  beforeEach(async () => {
    author = await accounts.make('author');
    tokens = await accounts.tokens(author.email);
  });
  afterAll(() => app.close());

  it('is not one character over and over, wherever a password is set', async () => {
    const repeated = 'a'.repeat(12);
    const detail = 'Use at least 4 different characters.';
    expect((await create('tuli@khobor.example', repeated).expect(400)).body.errors).toEqual(fault('/password', detail));
    expect((await patch({ password: repeated }).expect(400)).body.errors).toEqual(fault('/password', detail));
    expect((await change(repeated).expect(400)).body.errors).toEqual(fault('/newPassword', detail));
    await accounts.login(author.email).expect(200);
  });

  it('is not the e-mail address of a new account, in any case and with spaces around', async () => {
    for (const secret of ['shiuli@khobor.example', ' Shiuli@Khobor.Example ']) {
      const { body } = await create('SHIULI@khobor.example', secret).expect(400);
      expect(body.errors).toEqual(fault('/password', ownAddress));
    }
    expect(await app.sql("SELECT 1 FROM users WHERE email LIKE 'shiuli%'")).toEqual([]);
    await create('shiuli@khobor.example', 'moyna@khobor.example').expect(201);
  });

  it('is not the address that the account has, nor the one that it gets by the same change', async () => {
    const { body } = await patch({ password: author.email.toUpperCase() }).expect(400);
    expect(body.errors).toEqual(fault('/password', ownAddress));
    const email = `new-${author.email}`;
    expect((await patch({ email, password: email }).expect(400)).body.errors).toEqual(fault('/password', ownAddress));
    await accounts.login(author.email).expect(200);
    expect(await app.sql('SELECT type FROM events WHERE subject_id = $1', [author.id])).toEqual([]);
  });

  it('is not the address of who changes the own password', async () => {
    const { body } = await change(author.email).expect(400);
    expect(body.errors).toEqual(fault('/newPassword', ownAddress));
    await accounts.login(author.email).expect(200);
  });

  it('is not the one that is to be changed, in any spelling of its letters', async () => {
    for (const same of [password, password.normalize('NFD')]) {
      const { body } = await change(same).expect(400);
      expect(body.errors).toEqual(fault('/newPassword', 'Use another password than the one of now.'));
    }
    await accounts.tokens(author.email);
    expect(await app.sql('SELECT type FROM events WHERE subject_id = $1', [author.id])).toEqual([]);
  });

  it('is refused at the command line and for the first admin as well', () => {
    const email = 'desk@khobor.example';
    expect(readNewUser({ email, name: 'ডেস্ক', role: 'admin', password: email })).toEqual({
      faults: [`password: ${ownAddress}`],
    });
  });
});
