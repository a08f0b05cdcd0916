import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, type Accounts, openAccounts, password, whoIs, wrongPassword } from '../../support/accounts.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { readToken } from '../../support/forged-token.ts';

describe('POST /v1/auth/login', () => {
  let app: TestApp;
  let accounts: Accounts;
  let desk: Account;
  const post = (body: object | string) => app.request('post', '/v1/auth/login').send(body);
  const sessionsOf = (id: string) => app.sql('SELECT * FROM sessions WHERE user_id = $1', [id]);

  beforeAll(async () => {
    app = await startApp();
    accounts = await openAccounts(app);
    desk = await accounts.make('editor', 'desk.one@example.com');
  });
  afterAll(() => app.close());

  it('gives tokens and the account, and begins a session of which only a hash is stored', async () => {
    const someone = await accounts.make('viewer');
    const answer = await accounts.login(someone.email).expect(200);
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshToken: expect.any(String),
      user: { id: someone.id, email: someone.email, name: 'শামীমা নাসরিন', initials: null, role: 'viewer' },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    const sessions = await sessionsOf(someone.id);
    expect(sessions).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(answer.body.refreshToken.split('.')[2]);
    expect(sessions[0]).toMatchObject({ generation: 1, revoked_at: null });
    await whoIs(app, answer.body.accessToken).expect(200);
  });

  it('makes an access token of 15 minutes with iss, aud, typ, jti and kid', async () => {
    const before = Math.floor(Date.now() / 1000);
    const first = readToken((await accounts.tokens(desk.email)).accessToken);
    const second = readToken((await accounts.tokens(desk.email)).accessToken);
    expect(first.header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: app.deps.signingKeys.signing.kid });
    expect(first.payload).toMatchObject({ iss: 'khobor', aud: 'khobor-api', sub: desk.id, ver: 1 });
    const { iat, exp } = first.payload;
    expect([iat, Number(exp) - Number(iat)]).toEqual([expect.any(Number), 900]);
    expect(Number(iat)).toBeGreaterThanOrEqual(before);
    expect(first.payload.jti).not.toBe(second.payload.jti);
    expect(first.payload.sid).not.toBe(second.payload.sid);
  });

  it.each(['desk.one@example.com', 'Desk.One@Example.COM', '  DESK.ONE@EXAMPLE.COM  ', 'desk.one@example.com\u200b'])(
    'takes the address in any case and with spaces around it: %j',
    async (email) => {
      const answer = await accounts.login(email).expect(200);
      expect(answer.body.user.email).toBe('desk.one@example.com');
    },
  );

  it('takes the password in either Unicode form, but no space more or less', async () => {
    const hash = await app.deps.passwords.hash('বড়দিনের ছুটিতে যশোর é', 'tests');
    const someone = await accounts.make('author');
    await app.sql('UPDATE users SET password_hash = $1 WHERE id = $2', [hash, someone.id]);
    for (const spelling of ['বড়দিনের ছুটিতে যশোর e\u0301', 'ব\u09dcদিনের ছুটিতে যশ\u09c7\u09beর \u00e9'])
      await accounts.login(someone.email, spelling).expect(200);
    for (const other of [
      'বড়দিনের ছুটিতে যশোর é ',
      ' বড়দিনের ছুটিতে যশোর é',
      'বড়দিনের  ছুটিতে যশোর é',
      'বড়দিনের ছুটিতে যশোর É',
    ])
      await accounts.login(someone.email, other).expect(401);
  });

  it('answers the same for a wrong password, an unknown address and a disabled user, and begins no session', async () => {
    const disabled = await accounts.make('author');
    await app.sql('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.id]);
    const known = await accounts.make('author');
    const answers = [
      await accounts.login(known.email, wrongPassword).expect(401),
      await accounts.login('nobody@khobor.example').expect(401),
      await accounts.login(disabled.email).expect(401),
    ];
    const shown = answers.map(({ body: { requestId, ...body }, headers }) => {
      const { date, 'x-request-id': id, ...rest } = headers;
      expect([date, id]).toEqual([expect.any(String), requestId]);
      return { body, rest };
    });
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
    expect(shown[0]?.body).toMatchObject({ code: 'invalid-credentials', status: 401 });
    expect(shown[0]?.rest['www-authenticate']).toBe('Bearer realm="khobor"');
    expect(await sessionsOf(known.id)).toEqual([]);
    expect(await sessionsOf(disabled.id)).toEqual([]);
  });

  it.each(['Bearer garbage', 'Basic ZGVzazpwYXNz', 'Bearer', ''])(
    'never fails because of the Authorization header %j',
    async (header) => {
      await accounts.login(desk.email).set('Authorization', header).expect(200);
    },
  );

  it('names every fault of the body at once', async () => {
    const missing = await post({}).expect(400);
    expect(missing.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/email', '/password']);
    const extra = await post({ email: desk.email, password, role: 'admin', 'x~/y': 1 }).expect(400);
    expect(extra.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/role', '/x~0~1y']);
  });

  it.each([
    { email: { contains: '@' }, password },
    { email: ['desk.one@example.com'], password },
    { email: 'desk.one@example.com', password: { not: '' } },
    { email: 'desk.one@example.com', password: true },
    { email: 'desk.one@example.com', password: null },
    { email: 'desk.one@example.com', password: '' },
    { email: 'no address', password },
    { email: 'desk.one@example.com\u0000', password },
    { email: 'desk.one@example.com', password: `${password}\u0000` },
    { email: 'desk.one@example.com', password: `${password}\ud800` },
  ])('refuses an operator, another type or ill-formed text in the place of a word: %j', async (body) => {
    const answer = await post(body).expect(400);
    expect(answer.body.code).toBe('invalid-input');
    expect(answer.text).not.toContain(password);
  });

  it('reads JSON and nothing else', async () => {
    const form = new URLSearchParams({ email: desk.email, password }).toString();
    await app.request('post', '/v1/auth/login').type('form').send(form).expect(415);
    await app.request('post', '/v1/auth/login').expect(400);
    const cookie = await post({ email: desk.email, password: wrongPassword }).set('Cookie', 'session=j:{"a":1}');
    expect(cookie.status).toBe(401);
  });

  it('writes no password and no token into the log', async () => {
    const { accessToken, refreshToken } = await accounts.tokens(desk.email);
    await whoIs(app, accessToken).expect(200);
    const log = app.logLines.join('\n');
    expect(log).toContain('/v1/auth/login');
    for (const secret of [password, wrongPassword, accessToken, refreshToken]) expect(log).not.toContain(secret);
  });
});
