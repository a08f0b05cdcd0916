import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, type Accounts, openAccounts, refresh, type Tokens, whoIs } from '../../support/accounts.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { readToken } from '../../support/forged-token.ts';

const sessionOf = (tokens: Tokens) => tokens.refreshToken.split('.')[0] ?? '';

describe('POST /v1/auth/refresh', () => {
  let app: TestApp;
  let accounts: Accounts;
  let author: Account;
  const next = async (tokens: Tokens): Promise<Tokens> => (await refresh(app, tokens.refreshToken).expect(200)).body;
  const refuse = async (token: string) =>
    expect((await refresh(app, token).expect(401)).body.code).toBe('invalid-refresh-token');
  const state = async (tokens: Tokens) =>
    (
      await app.sql('SELECT generation, revoked_at IS NOT NULL AS revoked FROM sessions WHERE id = $1', [
        sessionOf(tokens),
      ])
    )[0];
  const age = (tokens: Tokens, interval: string) =>
    app.sql(
      'UPDATE sessions SET recent_uses = ARRAY(SELECT u - $2::interval FROM unnest(recent_uses) WITH ORDINALITY x(u, n) ORDER BY n) WHERE id = $1',
      [sessionOf(tokens), interval],
    );

  beforeAll(async () => {
    app = await startApp({ DATABASE_POOL_MAX: '10' });
    accounts = await openAccounts(app);
    author = await accounts.make('author');
  });
  afterAll(() => app.close());

  it('gives new tokens of the same session; the access token before stays good', async () => {
    const first = await accounts.tokens(author.email);
    const answer = await refresh(app, first.refreshToken).expect(200);
    expect(answer.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 900, user: { id: author.id, role: 'author' } });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body.refreshToken).not.toBe(first.refreshToken);
    expect(answer.body.accessToken).not.toBe(first.accessToken);
    expect(readToken(answer.body.accessToken).payload.sid).toBe(sessionOf(first));
    await whoIs(app, answer.body.accessToken).expect(200);
    await whoIs(app, first.accessToken).expect(200);
    expect(await state(first)).toEqual({ generation: 2, revoked: false });
  });

  it('makes the session last 30 days from the newest refresh', async () => {
    const first = await accounts.tokens(author.email);
    await app.sql("UPDATE sessions SET expires_at = now() + interval '1 hour' WHERE id = $1", [sessionOf(first)]);
    await next(first);
    const [row] = await app.sql(
      "SELECT expires_at BETWEEN now() + interval '29 days 23:59' AND now() + interval '30 days' AS long FROM sessions WHERE id = $1",
      [sessionOf(first)],
    );
    expect(row).toEqual({ long: true });
  });

  it('gives two tabs at once the same successor, however many', async () => {
    const first = await accounts.tokens(author.email);
    const tabs = await Promise.all(Array.from({ length: 6 }, () => next(first)));
    expect(new Set(tabs.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await state(first)).toEqual({ generation: 2, revoked: false });
    for (const { accessToken } of tabs.slice(0, 2)) await whoIs(app, accessToken).expect(200);
    const [after = first] = tabs;
    await next(after);
  });

  it('gives the same successor for 30 seconds', async () => {
    const first = await accounts.tokens(author.email);
    const second = await next(first);
    await age(first, '29 seconds');
    expect((await next(first)).refreshToken).toBe(second.refreshToken);
    expect(await state(first)).toEqual({ generation: 2, revoked: false });
    await next(second);
  });

  it('ends the family, and no other, when a token is used again after 30 seconds', async () => {
    const other = await accounts.tokens(author.email);
    const first = await accounts.tokens(author.email);
    const second = await next(first);
    await age(first, '31 seconds');
    await refuse(first.refreshToken);
    expect(await state(first)).toEqual({ generation: 2, revoked: true });
    await refuse(second.refreshToken);
    for (const { accessToken } of [first, second]) await whoIs(app, accessToken).expect(401);
    await whoIs(app, other.accessToken).expect(200);
    await next(other);
  });

  it('gives a late tab its successor, whose own successor is the newest, after the others have gone on', async () => {
    const first = await accounts.tokens(author.email);
    const second = await next(first);
    const third = await next(second);
    expect((await next(first)).refreshToken).toBe(second.refreshToken);
    expect((await next(second)).refreshToken).toBe(third.refreshToken);
    expect(await state(first)).toEqual({ generation: 3, revoked: false });
    await next(third);
  });

  it('judges each token by its own use', async () => {
    const first = await accounts.tokens(author.email);
    const second = await next(first);
    await age(first, '31 seconds');
    const third = await next(second);
    expect((await next(second)).refreshToken).toBe(third.refreshToken);
    await refuse(first.refreshToken);
    await refuse(third.refreshToken);
    await whoIs(app, third.accessToken).expect(401);
  });

  it('remembers a bounded number of uses', async () => {
    const first = await accounts.tokens(author.email);
    let tokens = first;
    for (let uses = 0; uses < 25; uses += 1) tokens = await next(tokens);
    const [row] = await app.sql('SELECT cardinality(recent_uses) AS n FROM sessions WHERE id = $1', [sessionOf(first)]);
    expect(row).toEqual({ n: 20 });
    await refuse(first.refreshToken);
  });

  it('refuses what was not made here, and ends nothing by it', async () => {
    const tokens = await accounts.tokens(author.email);
    const other = await accounts.tokens(author.email);
    const [session, generation, mac = ''] = tokens.refreshToken.split('.');
    const forged = [
      `${session}.2.${mac}`,
      `${session}.99.${mac}`,
      `${session}.01.${mac}`,
      `${session}.${generation}.${'A'.repeat(43)}`,
      `${session}.${generation}.`,
      `${session}.${generation}.${mac}.`,
      `${session}.${generation}.${mac}=`,
      `${session?.toUpperCase()}.${generation}.${mac}`,
      `${sessionOf(other)}.${generation}.${mac}`,
      `${session}.-1.${mac}`,
      `${session}.9999999999.${mac}`,
      tokens.accessToken.slice(0, 300),
      'অচেনা',
      'x',
    ];
    for (const token of forged) await refuse(token);
    expect(await state(tokens)).toEqual({ generation: 1, revoked: false });
    await next(tokens);
    await next(other);
  });

  it('refuses a session that is over its time', async () => {
    const tokens = await accounts.tokens(author.email);
    await app.sql('UPDATE sessions SET expires_at = now() WHERE id = $1', [sessionOf(tokens)]);
    await refuse(tokens.refreshToken);
  });

  it('refuses one that is signed by us and is not the one of its session, and ends the session', async () => {
    const tokens = await accounts.tokens(author.email);
    await app.sql(`UPDATE sessions SET token_hash = 'another' WHERE id = $1`, [sessionOf(tokens)]);
    await refuse(tokens.refreshToken);
    expect(await state(tokens)).toEqual({ generation: 1, revoked: true });
  });

  it('refuses a disabled user, and one who is gone', async () => {
    const someone = await accounts.make('editor');
    const tokens = await accounts.tokens(someone.email);
    await app.sql('UPDATE users SET disabled_at = now() WHERE id = $1', [someone.id]);
    await refuse(tokens.refreshToken);
    expect((await state(tokens))?.generation).toBe(1);
    await app.sql('DELETE FROM users WHERE id = $1', [someone.id]);
    await refuse(tokens.refreshToken);
  });

  it('gives the role that the user has now', async () => {
    const someone = await accounts.make('editor');
    const tokens = await accounts.tokens(someone.email);
    await app.sql("UPDATE users SET role = 'viewer', token_epoch = token_epoch + 1 WHERE id = $1", [someone.id]);
    await whoIs(app, tokens.accessToken).expect(401);
    const answer = await refresh(app, tokens.refreshToken).expect(200);
    expect(answer.body.user.role).toBe('viewer');
    expect((await whoIs(app, answer.body.accessToken).expect(200)).body.role).toBe('viewer');
  });

  it.each(['Bearer garbage', 'Basic eDp5', 'Bearer', ''])(
    'never fails because of the Authorization header %j',
    async (header) => {
      const { refreshToken } = await accounts.tokens(author.email);
      await refresh(app, refreshToken).set('Authorization', header).expect(200);
    },
  );

  it.each([
    {},
    { refreshToken: '' },
    { refreshToken: 7 },
    { refreshToken: { not: '' } },
    { refreshToken: null },
    { refreshToken: 'x'.repeat(301) },
    { refreshToken: 'x', userId: 'y' },
  ])('refuses the body %j', async (body) => {
    await app.request('post', '/v1/auth/refresh').send(body).expect(400);
  });
});
