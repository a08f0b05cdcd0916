import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, type Accounts, openAccounts, refresh, type Tokens, whoIs } from '../../support/accounts.ts';
import { bearer, startApp, type TestApp } from '../../support/app.ts';

describe('POST /v1/auth/logout', () => {
  let app: TestApp;
  let accounts: Accounts;
  let author: Account;
  let tokens: Tokens;
  let other: Tokens;
  const logout = () => app.request('post', '/v1/auth/logout');
  const withToken = ({ accessToken }: Tokens) => logout().set('Authorization', `Bearer ${accessToken}`);
  const isOver = async (ended: Tokens) => {
    await whoIs(app, ended.accessToken).expect(401);
    await refresh(app, ended.refreshToken).expect(401);
  };
  const goesOn = async (alive: Tokens) => {
    await whoIs(app, alive.accessToken).expect(200);
    await refresh(app, alive.refreshToken).expect(200);
  };

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_WRITES: '2' });
    accounts = await openAccounts(app);
  });
  beforeEach(async () => {
    author = await accounts.make('author');
    tokens = await accounts.tokens(author.email);
    other = await accounts.tokens(author.email);
  });
  afterAll(() => app.close());

  it('ends the session of the refresh token in its body, and no other', async () => {
    const answer = await logout().send({ refreshToken: tokens.refreshToken }).expect(204);
    expect(answer.text).toBe('');
    await isOver(tokens);
    await goesOn(other);
  });

  it('ends the session of the access token where there is no refresh token', async () => {
    await withToken(tokens).expect(204);
    await isOver(tokens);
    await goesOn(other);
  });

  it('ends that of the refresh token where the access token is of another session', async () => {
    await withToken(other).send({ refreshToken: tokens.refreshToken }).expect(204);
    await isOver(tokens);
    await goesOn(other);
  });

  it('ends that of the access token where the refresh token was not made here', async () => {
    await withToken(tokens).send({ refreshToken: 'not.one.of-ours' }).expect(204);
    await isOver(tokens);
    await goesOn(other);
  });

  it('ends the session by a refresh token that was used already', async () => {
    const { body } = await refresh(app, tokens.refreshToken).expect(200);
    await logout().send({ refreshToken: tokens.refreshToken }).expect(204);
    await isOver(body);
  });

  it('ends nothing, and says nothing, without either', async () => {
    await logout().expect(204);
    await logout().send({}).expect(204);
    await logout().send({ refreshToken: 'not.one.of-ours' }).expect(204);
    await goesOn(tokens);
    await goesOn(other);
  });

  it.each(['Bearer garbage', 'Basic eDp5', 'Bearer', '', 'Bearer a b'])(
    'never fails because of the Authorization header %j',
    async (header) => {
      await logout().set('Authorization', header).expect(204);
      await logout().set('Authorization', header).send({ refreshToken: tokens.refreshToken }).expect(204);
      await isOver(tokens);
    },
  );

  it('answers 204 again and again, also of several at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => withToken(tokens).send({ refreshToken: tokens.refreshToken })),
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    await withToken(tokens).expect(204);
    const [row] = await app.sql('SELECT count(*)::int FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [
      author.id,
    ]);
    expect(row).toEqual({ count: 1 });
  });

  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense'])(
    'needs no body, whatever the type that was announced: %s',
    async (type) => {
      await withToken(tokens).set('Content-Type', type).expect(204);
      await isOver(tokens);
      await withToken(other).set('Content-Type', type).set('Content-Length', '0').expect(204);
      await isOver(other);
    },
  );

  it('refuses a body that it cannot read, and ends nothing', async () => {
    await withToken(tokens).send({ refreshToken: 5 }).expect(400);
    await withToken(tokens).send({ token: tokens.refreshToken }).expect(400);
    await withToken(tokens).type('text/plain').send(tokens.refreshToken).expect(415);
    await goesOn(tokens);
  });

  it('goes on when the account has used up its writes', async () => {
    const person = await app.person('author');
    const write = () =>
      app
        .request('post', '/v1/articles')
        .set(...bearer(person))
        .send({});
    for (const status of [400, 400, 429]) await write().expect(status);
    const answer = await logout()
      .set(...bearer(person))
      .expect(204);
    expect(answer.headers.ratelimit).toBeUndefined();
    await whoIs(app, person.token).expect(401);
  });

  it('is 204 for a machine too, even one that may only read, and ends nothing of it', async () => {
    const admin = await app.person('admin');
    const { body } = await app
      .request('post', '/v1/keys')
      .set(...bearer(admin))
      .send({ name: 'তারের যন্ত্র', role: 'viewer', readOnly: true })
      .expect(201);
    await logout().set('Authorization', `Bearer ${body.token}`).send({ refreshToken: tokens.refreshToken }).expect(204);
    await isOver(tokens);
    await logout().set('Authorization', `Bearer ${body.token}`).expect(204);
    await app.request('get', '/v1/articles').set('Authorization', `Bearer ${body.token}`).expect(200);
    await whoIs(app, admin.token).expect(200);
  });

  it('does not say that a session is over while the database cannot be reached', async () => {
    const cramped = await startApp({ DATABASE_POOL_MAX: '1' }, { databaseUrl: app.databaseUrl });
    const held = await cramped.deps.db.pool.connect();
    try {
      const sent = cramped.request('post', '/v1/auth/logout').set('Authorization', `Bearer ${tokens.accessToken}`);
      expect((await sent.expect(503)).headers['retry-after']).toBe('2');
    } finally {
      held.release();
      await cramped.close();
    }
    await goesOn(tokens);
  });
});
