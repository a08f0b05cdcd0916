import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';

describe('the limit of writes', () => {
  let app: TestApp;
  let editor: Person;
  const write = (person: Person, name = `বিষয় ${randomUUID()}`) =>
    app
      .request('post', '/v1/tags')
      .set(...bearer(person))
      .send({ name });
  const useUp = async (person: Person) => {
    for (let turn = 0; turn < 3; turn += 1) await write(person).expect(201);
  };

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_WRITES: '3' });
  });
  beforeEach(async () => {
    editor = await app.person('editor');
  });
  afterAll(() => app.close());

  it('tells with each write what is left of it', async () => {
    for (const left of [2, 1, 0]) {
      const { headers } = await write(editor).expect(201);
      expect(headers['ratelimit-policy']).toBe('"writes";q=3;w=60');
      expect(headers.ratelimit).toMatch(new RegExp(`^"writes";r=${left};t=([1-9]|[1-5][0-9]|60)$`));
      expect(headers['retry-after']).toBeUndefined();
    }
  });

  it('refuses the write after the last with 429 and Retry-After, and writes nothing', async () => {
    await useUp(editor);
    const { headers, body } = await write(editor, 'চতুর্থ বিষয়').expect(429);
    expect(body.code).toBe('too-many');
    expect(headers.ratelimit).toMatch(/^"writes";r=0;t=\d+$/);
    expect(headers['ratelimit-policy']).toBe('"writes";q=3;w=60');
    const seconds = Number(headers['retry-after']);
    expect(seconds).toBe(Number(/t=(\d+)/.exec(headers.ratelimit ?? '')?.[1]));
    expect([seconds > 0, seconds <= 60]).toEqual([true, true]);
    expect(await app.sql("SELECT id FROM tags WHERE name = 'চতুর্থ বিষয়'")).toEqual([]);
    expect(await app.sql('SELECT id FROM events WHERE actor_id = $1', [editor.id])).toHaveLength(3);
  });

  it('is of the account, whatever the session, and of no other account', async () => {
    const { token } = await app.person('editor').then((other) => ({ token: other.token }));
    await useUp(editor);
    await write(editor).expect(429);
    const [session] = await app.sql<{ id: string }>(
      "INSERT INTO sessions (id, user_id, token_hash, expires_at) VALUES (gen_random_uuid(), $1, 'x', now() + interval '1 day') RETURNING id::text",
      [editor.id],
    );
    const another = app.deps.accessTokens.sign({ userId: editor.id, sessionId: session?.id ?? '', epoch: 1 });
    await write({ ...editor, token: another }).expect(429);
    await write({ ...editor, token }).expect(201);
  });

  it('leaves reads alone, which neither count nor tell', async () => {
    await useUp(editor);
    await write(editor).expect(429);
    for (const path of ['/v1/latest', '/v1/articles', '/v1/auth/me', '/v1/tags']) {
      const { headers } = await app
        .request('get', path)
        .set(...bearer(editor))
        .expect(200);
      expect(headers.ratelimit).toBeUndefined();
    }
  });

  it('counts writes that fail, but not those of callers who may not write', async () => {
    const author = await app.person('author');
    for (let turn = 0; turn < 4; turn += 1) {
      const refused = await write(author).expect(403);
      expect(refused.headers.ratelimit).toBeUndefined();
    }
    const create = (body: object) =>
      app
        .request('post', '/v1/articles')
        .set(...bearer(author))
        .send(body);
    for (let turn = 0; turn < 3; turn += 1) await create({}).expect(400);
    await create({ title: 'চতুর্থ' }).expect(429);
  });

  it('does not stand in the way of log-in, refresh and logout', async () => {
    await useUp(editor);
    await write(editor).expect(429);
    const send = (path: string, body: object) =>
      app
        .request('post', path)
        .set(...bearer(editor))
        .send(body);
    await send('/v1/auth/login', { email: editor.email, password: 'যা নয় তা' }).expect(401);
    await send('/v1/auth/refresh', { refreshToken: 'x' }).expect(401);
    await send('/v1/auth/logout', {}).expect(204);
  });
});
