import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp, testSecret } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { openRaw } from '../support/raw-http.ts';

const password = 'canary-password-শিউলি';
const canary = 'canary-word-7f3a';

describe('logs', () => {
  let app: TestApp;
  let admin: Person;
  const since = async <Result>(work: () => Promise<Result>) => {
    const before = app.logLines.length;
    const result = await work();
    const connection = await openRaw(app.url);
    connection.send('GET /livez HTTP/1.1\r\nHost: x\r\nX-Request-Id: the-end-of-it\r\nConnection: close\r\n\r\n');
    await connection.closed();
    const lines = app.logLines.slice(before).map((line) => JSON.parse(line));
    return { result, lines: lines.filter((line) => line.requestId !== 'the-end-of-it') };
  };

  beforeAll(async () => {
    app = await startApp({ LOG_LEVEL: 'debug' });
    admin = await app.person('admin');
  });
  afterAll(() => app.close());

  it('have one line of JSON for each request, with what finds it again', async () => {
    const { lines, result } = await since(() =>
      app
        .request('get', '/v1/articles/none?fields=title')
        .set(...bearer(admin))
        .expect(404),
    );
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        pid: expect.any(Number),
        hostname: expect.any(String),
        requestId: result.headers['x-request-id'],
        method: 'GET',
        path: '/v1/articles/none',
        route: '/v1/articles/{idOrSlug}',
        status: 404,
        ms: expect.any(Number),
        actorId: admin.id,
        msg: 'request',
      },
    ]);
  });

  it('have the same bytes for an address that is remembered as those that pino writes', async () => {
    const article = await app
      .request('post', '/v1/articles')
      .set(...bearer(admin))
      .send({ title: 'চরের হাটে ভোরের দরদাম', status: 'published' })
      .expect(201);
    const page = `/v1/articles/${encodeURIComponent(article.body.slug)}`;
    const before = app.logLines.length;
    const first = await app.request('get', page).expect(200);
    await app.request('get', `${page}?fields=title`).expect(200);
    await app.request('head', page).expect(200);
    await app
      .request('get', page)
      .set('If-None-Match', String(first.headers.etag))
      .set('X-Request-Id', 'of-the-reader:304')
      .expect(304);
    await app
      .request('get', page)
      .set(...bearer(admin))
      .expect(200);
    await eventually(async () => expect(app.logLines.length).toBe(before + 5));
    const written = app.logLines.slice(before);
    const lines = written.map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { requestId: first.headers['x-request-id'], method: 'GET', path: page, status: 200 },
      { method: 'GET', path: page, status: 200 },
      { method: 'HEAD', path: page, status: 200 },
      { requestId: 'of-the-reader:304', method: 'GET', path: page, route: '/v1/articles/{idOrSlug}', status: 304 },
      { method: 'GET', path: page, status: 200, actorId: admin.id },
    ]);
    const byPino: string[] = [];
    const pino = outside.pino({}, { write: (line: string) => void byPino.push(line) });
    for (const { level: _, time: __, pid: ___, hostname: ____, msg, ...line } of lines) pino.info(line, msg);
    const atOnce = (line: string) => line.replace(/"time":\d{13},/, '"time":0,');
    expect(written.map(atOnce)).toEqual(byPino.map(atOnce));
  });

  it('hold no password, token, secret, body, header or query, whatever was called and however it failed', async () => {
    const created = await app
      .request('post', '/v1/users')
      .set(...bearer(admin))
      .send({ email: 'canary@khobor.example', name: canary, role: 'editor', password })
      .expect(201);
    const login = await app
      .request('post', '/v1/auth/login')
      .send({ email: 'canary@khobor.example', password })
      .expect(200);
    const { accessToken, refreshToken } = login.body;
    const refreshed = await app.request('post', '/v1/auth/refresh').send({ refreshToken }).expect(200);
    const authorization = `Bearer ${accessToken}`;
    await app
      .request('patch', '/v1/auth/me/password')
      .set('Authorization', authorization)
      .send({ currentPassword: password, newPassword: `${password}-2` })
      .expect(200);
    await app
      .request('post', '/v1/auth/login')
      .send({ email: 'canary@khobor.example', password: `${password}-wrong` })
      .expect(401);
    await app.request('post', '/v1/auth/login').type('json').send(`{"password":"${password}`).expect(400);
    await app.request('get', `/v1/latest?access_token=${accessToken}`).expect(400);
    await app.request('get', `/v1/articles/${accessToken}`).expect(404);
    await app
      .request('get', `/v1/latest?tag=${canary}`)
      .set('X-Secret', canary)
      .set('Cookie', `s=${canary}`)
      .set('User-Agent', canary)
      .expect(200);
    await app.request('get', '/v1/latest').set('Authorization', `Basic ${canary}`).expect(401);
    await app.request('get', '/v1/latest').set('Authorization', `Bearer ${accessToken}x`).expect(401);
    await app
      .request('post', '/v1/tags')
      .set(...bearer(admin))
      .send({ name: canary, description: { canary } })
      .expect(400);
    await app
      .request('post', '/v1/articles')
      .set(...bearer(admin))
      .send({ title: canary, tags: [canary], body: canary })
      .expect(422);
    await app
      .request('post', '/v1/tags')
      .set(...bearer(admin))
      .send({ name: canary })
      .expect(201);
    await app
      .request('post', '/v1/tags')
      .set(...bearer(admin))
      .send({ name: canary })
      .expect(409);
    await app
      .request('post', '/v1/tags')
      .set(...bearer(admin))
      .set('Idempotency-Key', canary)
      .send({ name: `${canary} 2` })
      .expect(201);
    const connection = await openRaw(app.url);
    connection.send(`GET http://user:${canary}@x/livez?${canary} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await connection.answer();
    connection.send(`GET /v1/latest#${canary} HTTP/1.1\r\nHost: x\r\nX: ${canary}\r\n\r\n`);
    await connection.answer();
    await connection.closed();
    await app
      .request('delete', `/v1/users/${created.body.id}`)
      .set(...bearer(admin))
      .set('If-Match', '*')
      .expect(204);

    const all = app.logLines.join('\n');
    expect(app.logLines.length).toBeGreaterThan(15);
    const secrets = [
      password,
      canary,
      refreshToken,
      refreshed.body.refreshToken,
      refreshed.body.accessToken,
      accessToken,
      admin.token,
      testSecret,
      app.databaseUrl,
      'Bearer',
      'canary@khobor.example',
    ];
    for (const secret of secrets) expect(all).not.toContain(secret);
    expect(all).not.toContain(accessToken.split('.')[2]);
    expect(all).not.toMatch(/\$scrypt|scrypt\$/);
  });

  it('show of a fault of ours what finds it in the code, and nothing that was sent', async () => {
    await app.sql(`CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'broken by %', NEW USING ERRCODE = 'XX000', DETAIL = NEW::text, HINT = NEW.name; END $$`);
    await app.sql('CREATE TRIGGER break_it BEFORE INSERT ON sources FOR EACH ROW EXECUTE FUNCTION break_it()');
    await app.sql('CREATE TRIGGER break_it BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION break_it()');
    const post = (path: string, body: object) =>
      fetch(`${app.url}${path}`, {
        method: 'POST',
        headers: { ...Object.fromEntries([bearer(admin)]), 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { lines, result } = await since(async () => [
      await post('/v1/sources', { name: canary, creditLine: canary }),
      await post('/v1/users', { email: 'canary@khobor.example', name: canary, role: 'editor', password }),
    ]);
    expect(lines).toHaveLength(2);
    for (const [index, answer] of result.entries()) {
      expect(answer.status).toBe(500);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(await answer.json()).toEqual({
        type: 'urn:khobor:problem:internal',
        title: 'Internal Server Error',
        status: 500,
        code: 'internal',
        detail: expect.stringContaining('request id'),
        requestId: answer.headers.get('x-request-id'),
      });
      expect(lines[index]).toMatchObject({
        level: 50,
        requestId: answer.headers.get('x-request-id'),
        status: 500,
        err: { type: expect.any(String), sqlState: 'XX000' },
      });
      expect(lines[index].err.at.join()).toContain('/dist/');
      expect(JSON.stringify(lines[index])).not.toMatch(/canary|scrypt/);
    }
  });

  it('say from where a stranger was turned away, and of nobody else', async () => {
    const { lines } = await since(async () => {
      await app.request('post', '/v1/auth/login').send({ email: 'canary@nowhere.example', password }).expect(401);
      await app.request('get', '/v1/latest').expect(200);
    });
    expect(lines.map(({ status, address }) => [status, address])).toEqual([
      [401, '127.0.0.1'],
      [200, undefined],
    ]);
  });

  it('say of a call that its client left', async () => {
    const { lines } = await since(async () => {
      const connection = await openRaw(app.url);
      const token = bearer(admin).join(': ');
      connection.send(
        `POST /v1/tags HTTP/1.1\r\nHost: x\r\n${token}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"name":`,
      );
      await app.request('get', '/livez').expect(200);
      connection.destroy();
      await connection.closed();
    });
    expect(lines.filter((line) => line.path === '/v1/tags')).toMatchObject([{ aborted: true, level: 30 }]);
  });
});
