import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, startApp, type TestApp, testSecret } from '../../support/app.ts';
import { forgeToken, hmac, readToken, unsigned } from '../../support/forged-token.ts';
import { outside } from '../../support/outside.ts';
import { withCharacterChanged } from '../../support/tampering.ts';

const { newId } = outside;

type Claims = Record<string, unknown>;
type Good = { header: Claims; payload: Claims; token: string };

const now = () => Math.floor(Date.now() / 1000);
const ours = hmac(testSecret);
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirJwk = theirs.publicKey.export({ format: 'jwk' });
const theirRs256 = (signed: string) => signWith('sha256', Buffer.from(signed), theirs.privateKey).toString('base64url');
const without = (claims: Claims, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

/** A token of ours with other claims, another header or another signature. */
const claims = (change: Claims) => (good: Good) => forgeToken(good.header, { ...good.payload, ...change }, ours);
const header =
  (change: Claims, signature = ours) =>
  (good: Good) =>
    forgeToken({ ...good.header, ...change }, good.payload, signature);

const forged: Record<string, (good: Good) => string> = {
  'alg none': header({ alg: 'none' }, unsigned),
  'alg None': header({ alg: 'None' }, unsigned),
  'alg NONE with a signature': header({ alg: 'NONE' }),
  'alg nOnE with the signature of the good token': (good) =>
    header({ alg: 'nOnE' }, () => good.token.split('.')[2] ?? '')(good),
  'an empty alg': header({ alg: '' }, unsigned),
  'no alg': (good) => forgeToken(without(good.header, 'alg'), good.payload, unsigned),
  'alg as a list': header({ alg: ['HS256', 'none'] }),
  'alg twice': ({ header: { kid }, payload }) =>
    forgeToken(`{"alg":"HS256","typ":"at+jwt","kid":"${kid}","alg":"none"}`, payload, unsigned),
  'an empty signature': header({}, unsigned),
  'no signature': (good) => good.token.split('.').slice(0, 2).join('.'),
  'a signature with one character changed': (good) =>
    header({}, () => withCharacterChanged(good.token.split('.')[2] ?? '', -2))(good),
  'the signature of another token': (good) =>
    header({}, () => claims({ sub: 'another' })(good).split('.')[2] ?? '')(good),
  'another secret': header({}, hmac('another-secret-that-is-long-enough-0123456789')),
  'an empty secret': header({}, hmac('')),
  'HS512 with our secret': header({ alg: 'HS512' }, hmac(testSecret, 'sha512')),
  'HS384 with our secret': header({ alg: 'HS384' }, hmac(testSecret, 'sha384')),
  'RS256 with a key of their own and our kid': header({ alg: 'RS256' }, theirRs256),
  'a kid that is a path': header({ kid: '../../../../dev/null' }, hmac('')),
  'a kid that is SQL': header({ kid: "' or 1=1 --" }),
  'another kid, signed with our secret': header({ kid: 'another' }),
  'no kid, signed with our secret': (good) => forgeToken(without(good.header, 'kid'), good.payload, ours),
  'kid as an object': header({ kid: { not: '' } }),
  'a jwk of their own': header({ alg: 'RS256', jwk: theirJwk }, theirRs256),
  'a jwk beside our signature': header({ jwk: theirJwk }),
  'a jku': header({ alg: 'RS256', jku: 'https://evil.example/jwks.json' }, theirRs256),
  'an x5u beside our signature': header({ x5u: 'https://evil.example/cert.pem' }),
  'an extension that must be understood': header({ crit: ['b64'], b64: false }),
  'no exp': (good) => forgeToken(good.header, without(good.payload, 'exp'), ours),
  'exp as text': claims({ exp: String(now() + 600) }),
  'exp in the far future': claims({ exp: 253_402_300_799 }),
  'exp in the past': claims({ iat: now() - 1_000, exp: now() - 100 }),
  'nbf ahead': claims({ nbf: now() + 300 }),
  'nbf as text': claims({ nbf: 'now' }),
  'iat ahead': claims({ iat: now() + 300, exp: now() + 1_200 }),
  'no iat': (good) => forgeToken(good.header, without(good.payload, 'iat'), ours),
  'sub as a list': (good) => claims({ sub: [good.payload.sub] })(good),
  'sub as a number': claims({ sub: 1 }),
  'sub as an operator': claims({ sub: { not: '' } }),
  'sub of nobody': claims({ sub: newId() }),
  'no sub': (good) => forgeToken(good.header, without(good.payload, 'sub'), ours),
  'no sid': (good) => forgeToken(good.header, without(good.payload, 'sid'), ours),
  'sid of no session': claims({ sid: newId() }),
  'an older epoch': claims({ ver: 0 }),
  'an epoch that no account can have': claims({ ver: 2 ** 40 }),
  'an epoch as text': claims({ ver: '1' }),
  'no jti': (good) => forgeToken(good.header, without(good.payload, 'jti'), ours),
  'typ JWT': header({ typ: 'JWT' }),
  'no typ': (good) => forgeToken(without(good.header, 'typ'), good.payload, ours),
  'another issuer': claims({ iss: 'elsewhere' }),
  'another audience': claims({ aud: 'another-api' }),
  'no audience': (good) => forgeToken(good.header, without(good.payload, 'aud'), ours),
  'a payload that was changed': (good) =>
    forgeToken(good.header, { ...good.payload, role: 'admin' }, () => good.token.split('.')[2] ?? ''),
  'a payload that is no JSON': (good) => forgeToken(good.header, 'রোদ', ours),
  'a payload that is a word': (good) => forgeToken(good.header, '"admin"', ours),
  'a payload that is null': (good) => forgeToken(good.header, 'null', ours),
  'four parts': (good) => `${good.token}.AA`,
  'a dot more': (good) => `${good.token}.`,
  'no part at all': () => '..',
  '9 KB': (good) => claims({ more: 'x'.repeat(6_800) })(good),
};

describe('an access token that is not ours', () => {
  let app: TestApp;
  let admin: Person;
  let other: Person;
  let good: Good;
  const refused = async (authorization: string, path: string) => {
    const answer = await app.request('get', path).set('Authorization', authorization).expect(401);
    expect(answer.body.code).toBe('invalid-token');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="khobor", error="invalid_token"');
    expect(answer.headers['cache-control']).toBe('no-store');
  };
  const refusedEverywhere = async (authorization: string) => {
    await refused(authorization, '/v1/auth/me');
    await refused(authorization, '/v1/latest');
  };

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
    other = await app.person('viewer');
    good = { ...readToken(admin.token), token: admin.token };
  });
  afterAll(() => app.close());

  it('is told from one that is: the same parts, put together rightly, are accepted', async () => {
    const token = forgeToken(good.header, good.payload, ours);
    expect(token).toBe(admin.token);
    await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${token}`).expect(200);
    const again = claims({ nbf: now() + 30, iat: now() + 30, exp: now() + 900 })(good);
    await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${again}`).expect(200);
  });

  it.each(Object.keys(forged))('is refused, on public routes too: %s', async (name) => {
    await refusedEverywhere(`Bearer ${forged[name]?.(good)}`);
  });

  it('is refused with the session or the person of another user', async () => {
    await refusedEverywhere(`Bearer ${claims({ sid: other.sessionId })(good)}`);
    await refusedEverywhere(`Bearer ${claims({ sub: other.id })(good)}`);
  });

  it('is refused on every method of a public route, before anything else is looked at', async () => {
    const token = `Bearer ${header({ alg: 'none' }, unsigned)(good)}`;
    const head = await app.request('head', '/v1/articles').set('Authorization', token).expect(401);
    expect(head.headers['www-authenticate']).toContain('invalid_token');
    await refused(token, '/v1/latest?limit=nonsense');
    await refused(token, '/v1/articles/nothing-here');
    const post = await app.request('post', '/v1/tags').set('Authorization', token).send({ name: 'নদী' }).expect(401);
    expect(post.body.code).toBe('invalid-token');
    expect(await app.sql('SELECT id FROM tags')).toEqual([]);
  });

  it('is refused for another scheme, for none, and with a comma or a word more', async () => {
    const basic = Buffer.from(`${admin.email}:password`).toString('base64');
    for (const authorization of [
      `Basic ${basic}`,
      `Digest ${admin.token}`,
      `Token ${admin.token}`,
      admin.token,
      'Bearer',
      'Bearer ',
      'Bearer  ',
      '',
      `Bearer ${admin.token} ${admin.token}`,
      `Bearer ${admin.token}, Bearer ${admin.token}`,
      `Bearer "${admin.token}"`,
      `Bearer:${admin.token}`,
    ])
      await refusedEverywhere(authorization);
  });

  it('is what two Authorization headers are, though both were good', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { Authorization: [`Bearer ${admin.token}`, `Bearer ${admin.token}`] };
      request(`${app.url}/v1/latest`, { headers }, (res) => resolve(res.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(401);
  });

  it('is not what a good one is with the scheme in another case (RFC 9110, 11.1)', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR', 'Bearer   ']) {
      await app.request('get', '/v1/auth/me').set('Authorization', `${scheme} ${admin.token}`).expect(200);
    }
  });

  it('is a token in the query or in a cookie too: only the header counts', async () => {
    await app.request('get', `/v1/auth/me?access_token=${admin.token}`).expect(401);
    await app.request('get', '/v1/auth/me').set('Cookie', `access_token=${admin.token}`).expect(401);
    await app.request('get', '/v1/auth/me').set('X-Access-Token', admin.token).expect(401);
  });

  it('does not help its maker by the signature that our own secret makes of another purpose', async () => {
    const signed = good.token.split('.').slice(0, 2).join('.');
    for (const purpose of ['refresh', 'cursors']) {
      const key = createHmac('sha256', testSecret).update(`khobor ${purpose}`).digest('base64url');
      await refused(`Bearer ${signed}.${hmac(key)(signed)}`, '/v1/auth/me');
    }
  });
});
