import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { type Account, openAccounts, refresh, type Tokens, whoIs } from '../../support/accounts.ts';
import { startApp, type TestApp, testSecret } from '../../support/app.ts';
import { forgeToken, hmac, readToken } from '../../support/forged-token.ts';

const nextSecret = 'the-next-secret-for-tests-that-is-long-enough-987';
type Pair = { privateKey: KeyObject; publicKey: KeyObject };

describe('the keys of access tokens', () => {
  let base: TestApp;
  let folder: string;
  let editor: Account;
  let tokens: Tokens;
  const running: TestApp[] = [];
  const start = async (env: Record<string, string>): Promise<TestApp> => {
    const app = await startApp(env, { databaseUrl: base.databaseUrl });
    running.push(app);
    return app;
  };
  const keyFile = async (name: string, text: string | Buffer) => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const privateFile = (name: string, { privateKey }: Pair) =>
    keyFile(name, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicFile = (name: string, { publicKey }: Pair) =>
    keyFile(name, publicKey.export({ type: 'spki', format: 'pem' }));
  const loginAt = async (app: TestApp): Promise<Tokens> => (await openAccounts(app)).tokens(editor.email);
  const accepts = (app: TestApp, { accessToken }: Tokens) => whoIs(app, accessToken).expect(200);
  const refuses = (app: TestApp, { accessToken }: Tokens) => whoIs(app, accessToken).expect(401);

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  beforeAll(async () => {
    base = await startApp();
    folder = await mkdtemp(join(tmpdir(), 'khobor-keys-'));
    editor = await (await openAccounts(base)).make('editor');
    tokens = await loginAt(base);
  });
  afterAll(async () => {
    for (const app of running) await app.close();
    await base.close();
    await rm(folder, { recursive: true });
  });

  it('publish nothing while tokens are signed with a secret', async () => {
    const answer = await base.request('get', '/.well-known/jwks.json').expect(200);
    expect(answer.body).toEqual({ keys: [] });
  });

  it.each([
    ['ES256', ec],
    ['RS256', rsa],
  ] as const)('sign with %s from a file, and anybody can verify the token by the published key', async (alg, pair) => {
    const app = await start({ JWT_PRIVATE_KEY_FILE: await privateFile(`${alg}.pem`, pair) });
    const { accessToken } = await loginAt(app);
    const published = await app.request('get', '/.well-known/jwks.json').expect(200);
    expect(published.headers['cache-control']).toBe('public, max-age=300');
    const { kid } = readToken(accessToken).header;
    const jwk = published.body.keys.find((key: { kid: string }) => key.kid === kid);
    expect(jwk).toMatchObject({ alg, use: 'sig', kty: alg === 'ES256' ? 'EC' : 'RSA' });
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(secret);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const claims = jwt.verify(accessToken, key, { algorithms: [alg], issuer: 'khobor', audience: 'khobor-api' });
    expect(claims.sub).toBe(editor.id);
    await whoIs(app, accessToken).expect(200);
    await refuses(base, { accessToken, refreshToken: '' });
  });

  it('have their algorithm: HS256 signed with the public key is refused (CVE-2022-23540)', async () => {
    const app = await start({ JWT_PRIVATE_KEY_FILE: await privateFile('confused.pem', rsa) });
    const { header, payload } = readToken((await loginAt(app)).accessToken);
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const spki = rsa.publicKey.export({ type: 'spki', format: 'der' });
    for (const secret of [pem, pem.trimEnd(), spki, rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })]) {
      const accessToken = forgeToken({ ...header, alg: 'HS256' }, payload, hmac(secret));
      await refuses(app, { accessToken, refreshToken: '' });
    }
    const bySecret = forgeToken({ ...header, alg: 'HS256' }, payload, hmac(testSecret));
    await refuses(app, { accessToken: bySecret, refreshToken: '' });
  });

  it('rotate: what the previous secret signed is good, access and refresh token alike', async () => {
    const rotating = await start({ JWT_SECRET: nextSecret, JWT_SECRET_PREVIOUS: testSecret });
    const rotated = await start({ JWT_SECRET: nextSecret });
    const before = await loginAt(base);
    await accepts(rotating, before);
    await refuses(rotated, before);
    await refresh(rotated, before.refreshToken).expect(401);
    const after: Tokens = (await refresh(rotating, before.refreshToken).expect(200)).body;
    expect(readToken(after.accessToken).header.kid).not.toBe(readToken(before.accessToken).header.kid);
    await accepts(rotated, after);
    await refresh(rotated, after.refreshToken).expect(200);
    await refuses(base, after);
  });

  it('rotate: a second tab that comes after the change gets a successor that is good, as the first tab’s is', async () => {
    const rotating = await start({ JWT_SECRET: nextSecret, JWT_SECRET_PREVIOUS: testSecret });
    const first = await loginAt(base);
    const bySecretBefore: Tokens = (await refresh(base, first.refreshToken).expect(200)).body;
    const second: Tokens = (await refresh(rotating, first.refreshToken).expect(200)).body;
    await refresh(rotating, second.refreshToken).expect(200);
    await refresh(rotating, bySecretBefore.refreshToken).expect(200);
  });

  it('rotate: an access key ends with the secret that signed it, and looks as before', async () => {
    const admin = await base.person('admin');
    const bearer = `Bearer ${admin.token}`;
    const made = await base
      .request('post', '/v1/keys')
      .set('Authorization', bearer)
      .send({ name: 'তার', role: 'author' });
    const { token, ...key } = made.body;
    await whoIs(await start({ JWT_SECRET: nextSecret, JWT_SECRET_PREVIOUS: testSecret }), token).expect(200);
    await whoIs(await start({ JWT_SECRET: nextSecret }), token).expect(401);
    const shown = await base.request('get', `/v1/keys/${key.id}`).set('Authorization', bearer).expect(200);
    expect(shown.body).toEqual({ ...key, lastUsedAt: expect.any(String) });
  });

  it('rotate: older public keys are accepted and published beside the new one', async () => {
    const old = await start({ JWT_PRIVATE_KEY_FILE: await privateFile('old.pem', ec) });
    const before = await loginAt(old);
    const older = await publicFile('old.pub.pem', ec);
    const current = await publicFile('new.pub.pem', rsa);
    const privateKey = await privateFile('new.pem', rsa);
    const rotating = await start({ JWT_PRIVATE_KEY_FILE: privateKey, JWT_PUBLIC_KEY_FILES: `${older}, ${current}` });
    await accepts(rotating, before);
    const after: Tokens = (await refresh(rotating, before.refreshToken).expect(200)).body;
    expect(readToken(after.accessToken).header.alg).toBe('RS256');
    const { body } = await rotating.request('get', '/.well-known/jwks.json').expect(200);
    expect(body.keys.map(({ alg }: { alg: string }) => alg)).toEqual(['RS256', 'ES256']);
    await refuses(await start({ JWT_PRIVATE_KEY_FILE: privateKey }), before);
    await refuses(old, after);
  });

  it('rotate from a secret to a key and back, refresh tokens throughout', async () => {
    const toKey = await start({
      JWT_PRIVATE_KEY_FILE: await privateFile('first.pem', ec),
      JWT_SECRET_PREVIOUS: testSecret,
    });
    await accepts(toKey, tokens);
    const byKey = (await refresh(toKey, tokens.refreshToken).expect(200)).body;
    expect(readToken(byKey.accessToken).header.alg).toBe('ES256');
    await refuses(base, byKey);
    const bySecret = (await refresh(base, byKey.refreshToken).expect(200)).body;
    expect(readToken(bySecret.accessToken).header.alg).toBe('HS256');
  });

  it('are refused at the start where they are weak or of another kind', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const bits = 'an RSA key for tokens must have 2048 bits or more';
    await expect(start({ JWT_PRIVATE_KEY_FILE: await privateFile('weak.pem', weak) })).rejects.toThrow(bits);
    const strong = await privateFile('strong.pem', rsa);
    const env = { JWT_PRIVATE_KEY_FILE: strong, JWT_PUBLIC_KEY_FILES: await publicFile('weak.pub.pem', weak) };
    await expect(start(env)).rejects.toThrow(bits);
    const kinds = [generateKeyPairSync('ec', { namedCurve: 'P-384' }), generateKeyPairSync('ed25519')];
    for (const pair of kinds)
      await expect(start({ JWT_PRIVATE_KEY_FILE: await privateFile('other.pem', pair) })).rejects.toThrow('ES256');
  });

  it('are refused at the start where the file holds none, with its name and nothing of what is in it', async () => {
    const file = await keyFile('garbage.pem', 'গোপন কথা');
    await expect(start({ JWT_PRIVATE_KEY_FILE: file })).rejects.toThrow(/garbage\.pem holds no key for tokens/);
    await expect(start({ JWT_PRIVATE_KEY_FILE: join(folder, 'missing.pem') })).rejects.toThrow(/missing\.pem/);
  });
});
