import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
let admin: Person;

/** A request with a token: that of a person or of a key. */
const by = (token: string, ...request: Parameters<TestApp['request']>) =>
  app.request(...request).set('Authorization', `Bearer ${token}`);

const ask = (body: Record<string, unknown>, maker = admin) =>
  by(maker.token, 'post', '/v1/keys').send({ name: 'তারের যন্ত্র', role: 'editor', ...body });

const make = async (body: Record<string, unknown>, maker = admin) => {
  const { body: key, headers } = await ask(body, maker).expect(201);
  return { id: String(key.id), token: String(key.token), etag: String(headers.etag) };
};

const write = (token: string, body: Record<string, unknown>) =>
  by(token, 'post', '/v1/articles').send({ title: 'যন্ত্রের পাঠানো খবর', ...body });

beforeAll(async () => {
  app = await startApp();
  admin = await app.person('admin');
  for (const [path, name] of [
    ['sources', 'বাসস'],
    ['sources', 'এএফপি'],
    ['tags', 'খেলা'],
    ['tags', 'কৃষি'],
  ])
    await by(admin.token, 'post', `/v1/${path}`).send({ name }).expect(201);
});
afterAll(() => app.close());

describe('an access key', () => {
  it('shows its token once, and never in a list, a read, an event or a row', async () => {
    const { id, token } = await make({});
    const list = await by(admin.token, 'get', '/v1/keys').expect(200);
    const read = await by(admin.token, 'get', `/v1/keys/${id}`).expect(200);
    const rows = await app.sql(
      'SELECT to_jsonb(k)::text AS text FROM access_keys k UNION ALL SELECT to_jsonb(e)::text FROM events e',
    );
    for (const text of [list.text, read.text, JSON.stringify(rows)]) expect(text).not.toContain(token.split('.')[2]);
    expect(list.body.data[0]).toMatchObject({ id, role: 'editor', readOnly: false, user: admin.id, lastUsedAt: null });
  });

  it('writes for its maker and is named in the events of what it did', async () => {
    const { id, token } = await make({});
    const { body } = await write(token, { status: 'published' }).expect(201);
    expect(body.createdBy.id).toBe(admin.id);
    const events = await app.sql('SELECT actor_id, key_id FROM events WHERE subject_id = $1', [body.id]);
    expect(events).toEqual([
      { actor_id: admin.id, key_id: id },
      { actor_id: admin.id, key_id: id },
    ]);
    const [row] = await app.sql('SELECT last_used_at IS NOT NULL AS used FROM access_keys WHERE id = $1', [id]);
    expect(row).toEqual({ used: true });
  });

  it('asks who it is: for whom it acts, with which role, within what limits and until when', async () => {
    const maker = await app.person('admin', 'সুলতানা পারভীন');
    const sent = { sources: ['বাসস'], tags: ['খেলা'], readOnly: true, expiresAt: '2099-01-01T00:00:00Z' };
    const { id, token } = await make(sent, maker);
    const me = () => by(token, 'get', '/v1/auth/me');
    const answer = await me().expect(200);
    const { body: key } = await by(maker.token, 'get', `/v1/keys/${id}`).expect(200);
    expect(answer.body).toEqual({
      ...{ id: maker.id, name: 'সুলতানা পারভীন', initials: null, email: null, role: 'editor' },
      key: { ...key, lastUsedAt: answer.body.key.lastUsedAt },
    });
    expect(answer.body.key).toMatchObject({
      ...{ id, name: 'তারের যন্ত্র', role: 'editor', readOnly: true, expiresAt: '2099-01-01T00:00:00.000Z' },
      ...{ sources: [expect.any(String)], tags: [expect.any(String)] },
    });
    expect(answer.text).not.toContain(maker.email);
    expect(answer.text).not.toContain(token.split('.')[2]);
    expect(answer.headers.etag).toMatch(/^"1-/);
    await app.sql(`UPDATE users SET role = 'viewer' WHERE id = $1`, [maker.id]);
    expect((await me().expect(200)).body).toMatchObject({ role: 'viewer', key: { role: 'editor' } });
    await app.sql('UPDATE access_keys SET revoked_at = now() WHERE id = $1', [id]);
    await me().expect(401);
  });

  it('reaches neither users nor keys', async () => {
    const { token } = await make({ role: 'admin' });
    for (const path of ['/v1/users', `/v1/users/${admin.id}`, '/v1/keys']) await by(token, 'get', path).expect(403);
    await by(token, 'post', '/v1/keys').send({ name: 'আরেকটি', role: 'viewer' }).expect(403);
    await by(token, 'patch', '/v1/auth/me/password')
      .send({ currentPassword: 'যে কোনো কিছু', newPassword: 'একটি লম্বা নতুন শব্দ' })
      .expect(403);
  });

  it('that may only read reads drafts and writes nothing', async () => {
    const { body } = await write(admin.token, {}).expect(201);
    const { token } = await make({ readOnly: true });
    await by(token, 'get', `/v1/articles/${body.id}`).expect(200);
    await write(token, {}).expect(403);
    await by(token, 'post', '/v1/tags').send({ name: 'নতুন' }).expect(403);
  });

  it('with limits writes only articles of its sources and tags, before and after', async () => {
    const { token } = await make({ sources: ['বাসস'], tags: ['খেলা'] });
    await write(token, {}).expect(403);
    await write(token, { source: 'বাসস', tags: ['কৃষি'] }).expect(403);
    await write(token, { source: 'এএফপি', tags: ['খেলা'] }).expect(403);
    const own = await write(token, { source: 'বাসস', tags: ['কৃষি', 'খেলা'] }).expect(201);
    const patch = ({ body, headers }: typeof own, fields: Record<string, unknown>) =>
      by(token, 'patch', `/v1/articles/${body.id}`).set('If-Match', String(headers.etag)).send(fields);
    await patch(own, { source: 'এএফপি' }).expect(403);
    await patch(own, { tags: ['কৃষি'] }).expect(403);
    await patch(own, { title: 'নতুন শিরোনাম' }).expect(200);
    const foreign = await write(admin.token, { source: 'এএফপি' }).expect(201);
    await patch(foreign, { source: 'বাসস', tags: ['খেলা'] }).expect(403);
    expect(await app.sql('SELECT version FROM articles WHERE id = $1', [foreign.body.id])).toEqual([{ version: 1 }]);
  });

  it("with limits changes no source and no tag, as those are everybody's", async () => {
    const { token } = await make({ sources: ['বাসস'] });
    await by(token, 'post', '/v1/tags').send({ name: 'সীমিত' }).expect(403);
    await by(token, 'post', '/v1/sources').send({ name: 'সীমিত' }).expect(403);
  });

  it('names limits that do not exist and is then not made', async () => {
    const { body } = await ask({ name: 'ভুল', tags: ['খেলা', 'নেই'] }).expect(422);
    expect(body.errors).toEqual([{ in: 'body', pointer: '/tags/1', detail: expect.any(String) }]);
    expect(await app.sql(`SELECT 1 FROM access_keys WHERE name = 'ভুল'`)).toEqual([]);
  });

  it('is for admins to make', async () => {
    for (const role of ['viewer', 'author', 'editor'] as const) {
      await ask({ role: 'viewer' }, await app.person(role)).expect(403);
    }
    await app.request('post', '/v1/keys').send({ name: 'ক', role: 'viewer' }).expect(401);
  });
});

describe('an access key ends', () => {
  const uses = (token: string) => by(token, 'get', '/v1/latest');

  it('when it is revoked, at the next request; with the ETag of what was read', async () => {
    const { id, token, etag } = await make({});
    await uses(token).expect(200);
    await by(admin.token, 'delete', `/v1/keys/${id}`).expect(428);
    await by(admin.token, 'delete', `/v1/keys/${id}`).set('If-Match', '"7"').expect(412);
    await by(admin.token, 'delete', `/v1/keys/${id}`).set('If-Match', etag).expect(204);
    await uses(token).expect(401);
  });

  it('once, however often it is revoked', async () => {
    const { id } = await make({});
    for (const _ of ['first', 'again'])
      await by(admin.token, 'delete', `/v1/keys/${id}`).set('If-Match', '*').expect(204);
    const events = await app.sql('SELECT type, version FROM events WHERE subject_id = $1 ORDER BY seq', [id]);
    expect(events).toEqual([
      { type: 'key.created', version: 1 },
      { type: 'key.revoked', version: 2 },
    ]);
  });

  it('when its time has come', async () => {
    const { id, token } = await make({ expiresAt: '2030-01-01T00:00:00Z' });
    await uses(token).expect(200);
    await app.sql(`UPDATE access_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    await uses(token).expect(401);
  });

  it('when its maker is disabled, and does less when he may do less', async () => {
    const maker = await app.person('admin');
    const { token } = await make({}, maker);
    await app.sql(`UPDATE users SET role = 'viewer' WHERE id = $1`, [maker.id]);
    await write(token, {}).expect(403);
    await app.sql('UPDATE users SET disabled_at = now() WHERE id = $1', [maker.id]);
    await uses(token).expect(401);
  });

  it('when it was signed for another, or passes itself off as a log-in', async () => {
    const { token } = await make({});
    const [header, payload, signature] = token.split('.');
    await uses(`${header}.${payload}.${signature?.split('').reverse().join('')}`).expect(401);
    const forged = app.deps.accessTokens.sign({ userId: admin.id, sessionId: admin.id, epoch: 1 });
    await uses(forged).expect(401);
  });

  it('is not made with an end that is behind', async () => {
    for (const expiresAt of ['2020-01-01T00:00:00Z', new Date(Date.now() - 1_000).toISOString()]) {
      const { body } = await ask({ name: 'পুরোনো যন্ত্র', expiresAt }).expect(400);
      expect(body.errors).toEqual([{ in: 'body', pointer: '/expiresAt', detail: expect.stringContaining('ahead') }]);
    }
    expect(await app.sql("SELECT 1 FROM access_keys WHERE name = 'পুরোনো যন্ত্র'")).toEqual([]);
  });
});
