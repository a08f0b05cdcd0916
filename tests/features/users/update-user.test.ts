import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { outside } from '../../support/outside.ts';

const { newId } = outside;

const password = 'কুয়াশার ভোরে খেজুরের রস';

describe('PATCH /v1/users/{id}', () => {
  let app: TestApp;
  let admin: Person;
  let author: Person;
  const patch = (id: string, sent: object, match = '"1"', person = admin) =>
    app
      .request('patch', `/v1/users/${id}`)
      .set(...bearer(person))
      .set('If-Match', match)
      .send(sent);
  const own = (person: Person) => app.request('get', '/v1/auth/me').set(...bearer(person));
  const eventsOf = (id: string) =>
    app.sql('SELECT type, version, actor_id, data FROM events WHERE subject_id = $1 ORDER BY seq', [id]);
  const login = (email: string, secret = password) =>
    app.request('post', '/v1/auth/login').send({ email, password: secret });
  const liveSessions = async (id: string) =>
    Number((await app.sql('SELECT count(*) FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [id]))[0]?.count);

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
  });
  beforeEach(async () => {
    author = await app.person('author', 'তানিয়া রহমান');
  });
  afterAll(() => app.close());

  it('changes what was sent and leaves alone what was not', async () => {
    const answer = await patch(author.id, { name: 'তানিয়া সুলতানা', initials: 'তস' }).expect(200);
    expect(answer.body).toMatchObject({
      name: 'তানিয়া সুলতানা',
      initials: 'তস',
      email: author.email,
      role: 'author',
      version: 2,
    });
    const cleared = await patch(author.id, { initials: null }, answer.headers.etag).expect(200);
    expect(cleared.body).toMatchObject({ name: 'তানিয়া সুলতানা', initials: null, version: 3 });
    expect(await eventsOf(author.id)).toEqual([
      { type: 'user.updated', version: 2, actor_id: admin.id, data: { changed: ['name', 'initials'] } },
      { type: 'user.updated', version: 3, actor_id: admin.id, data: { changed: ['initials'] } },
    ]);
  });

  it('leaves the tokens alone when only name, initials or address change', async () => {
    await patch(author.id, { name: 'তানিয়া সুলতানা', email: `new-${author.email}` }).expect(200);
    await own(author).expect(200);
  });

  it('keeps the version and makes no event when nothing changes', async () => {
    for (const sent of [
      {},
      { name: 'তানিয়া রহমান', initials: null, role: 'author', disabled: false },
      { email: author.email.toUpperCase() },
    ]) {
      const answer = await patch(author.id, sent).expect(200);
      expect(answer.body.version).toBe(1);
      expect(answer.headers.etag).toMatch(/^"1-/);
    }
    expect(await eventsOf(author.id)).toEqual([]);
    await own(author).expect(200);
  });

  it('refuses an address that another user has, in any case, and changes nothing', async () => {
    for (const email of [admin.email, admin.email.toUpperCase(), ` ${admin.email}`]) {
      const answer = await patch(author.id, { email, name: 'অন্য নাম' }).expect(409);
      expect(answer.body.code).toBe('email-taken');
    }
    expect((await own(author).expect(200)).body).toMatchObject({ email: author.email, name: 'তানিয়া রহমান' });
    expect(await eventsOf(author.id)).toEqual([]);
  });

  it('shows a new address in one case', async () => {
    const answer = await patch(author.id, { email: ` Desk.${author.id}@Example.COM` }).expect(200);
    expect(answer.body.email).toBe(`desk.${author.id}@example.com`);
  });

  it('ends the access tokens of a user whose role changes, at once, and keeps the session', async () => {
    const editor = await app.person('editor');
    await patch(editor.id, { role: 'viewer' }).expect(200);
    expect((await own(editor).expect(401)).body.code).toBe('invalid-token');
    expect(await liveSessions(editor.id)).toBe(1);
  });

  it('gives a user of a new role new tokens for the refresh token, with the new role', async () => {
    await patch(author.id, { password }).expect(200);
    const { refreshToken } = (await login(author.email).expect(200)).body;
    await patch(author.id, { role: 'editor' }, '"2"').expect(200);
    const next = await app.request('post', '/v1/auth/refresh').send({ refreshToken }).expect(200);
    expect(next.body.user.role).toBe('editor');
    await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${next.body.accessToken}`).expect(200);
  });

  it('disables a user: tokens and sessions end at once and no log-in works until enabled again', async () => {
    await patch(author.id, { password }).expect(200);
    const session = (await login(author.email).expect(200)).body;
    const disabled = await patch(author.id, { disabled: true }, '"2"').expect(200);
    expect(disabled.body.disabledAt).toMatch(/Z$/);
    await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${session.accessToken}`).expect(401);
    await app.request('post', '/v1/auth/refresh').send({ refreshToken: session.refreshToken }).expect(401);
    await login(author.email).expect(401);

    const again = await patch(author.id, { disabled: true }, '"3"').expect(200);
    expect(again.body).toEqual(disabled.body);

    const enabled = await patch(author.id, { disabled: false }, '"3"').expect(200);
    expect(enabled.body).toMatchObject({ disabledAt: null, version: 4 });
    await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${session.accessToken}`).expect(401);
    await app.request('post', '/v1/auth/refresh').send({ refreshToken: session.refreshToken }).expect(401);
    await login(author.email).expect(200);
  });

  it('keeps the moment of disabling when another member changes later', async () => {
    const disabled = await patch(author.id, { disabled: true }).expect(200);
    const renamed = await patch(author.id, { name: 'তানিয়া সুলতানা' }, '"2"').expect(200);
    expect(renamed.body.disabledAt).toBe(disabled.body.disabledAt);
  });

  it('sets a forgotten password: it works, the old one and every session do not', async () => {
    await patch(author.id, { password: 'পুরোনো পাসওয়ার্ড এটি' }).expect(200);
    const session = (await login(author.email, 'পুরোনো পাসওয়ার্ড এটি').expect(200)).body;
    const answer = await patch(author.id, { password }, '"2"').expect(200);
    expect(answer.text).not.toMatch(/scrypt|hash|password/i);
    await app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${session.accessToken}`).expect(401);
    await app.request('post', '/v1/auth/refresh').send({ refreshToken: session.refreshToken }).expect(401);
    expect(await liveSessions(author.id)).toBe(0);
    await login(author.email, 'পুরোনো পাসওয়ার্ড এটি').expect(401);
    await login(author.email).expect(200);
  });

  it('counts the same password again as a change, and names the member without its value', async () => {
    await patch(author.id, { password }).expect(200);
    expect((await patch(author.id, { password }, '"2"').expect(200)).body.version).toBe(3);
    const events = await eventsOf(author.id);
    expect(events.map(({ data }) => data)).toEqual([{ changed: ['password'] }, { changed: ['password'] }]);
  });

  it('wants the version that was read: 428 without, 412 with another, and changes nothing', async () => {
    const bare = await app
      .request('patch', `/v1/users/${author.id}`)
      .set(...bearer(admin))
      .send({ role: 'admin' })
      .expect(428);
    expect(bare.body.code).toBe('precondition-required');
    const stale = await patch(author.id, { role: 'admin' }, '"7"').expect(412);
    expect(stale.body.currentVersion).toBe(1);
    await patch(author.id, { email: admin.email }, '"7"').expect(412);
    expect((await own(author).expect(200)).body.role).toBe('author');
  });

  it('lets one of two changes of the same version through', async () => {
    const answers = await Promise.all([patch(author.id, { name: 'ক' }), patch(author.id, { name: 'খ' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('answers 404 for nobody before it asks for a version', async () => {
    for (const id of [newId(), author.id.toUpperCase(), 'me', author.email]) {
      await app
        .request('patch', `/v1/users/${id}`)
        .set(...bearer(admin))
        .send({ role: 'admin' })
        .expect(404);
    }
  });

  it.each(['id', 'version', 'createdAt', 'updatedAt', 'disabledAt', 'passwordHash', 'tokenEpoch'])(
    'refuses the member %s and changes nothing',
    async (member) => {
      const answer = await patch(author.id, { name: 'অন্য নাম', [member]: 1 }).expect(400);
      expect(answer.body.errors).toEqual([expect.objectContaining({ in: 'body', pointer: `/${member}` })]);
      const [row] = await app.sql('SELECT name, version FROM users WHERE id = $1', [author.id]);
      expect(row).toEqual({ name: 'তানিয়া রহমান', version: 1 });
    },
  );

  it('refuses null where a value is required', async () => {
    for (const member of ['email', 'name', 'role', 'password', 'disabled']) {
      const answer = await patch(author.id, { [member]: null }).expect(400);
      expect(answer.body.errors[0].pointer).toBe(`/${member}`);
    }
  });

  it('is for admins only: nobody gives himself a role', async () => {
    for (const role of ['viewer', 'author', 'editor'] as const) {
      const person = await app.person(role);
      await patch(person.id, { role: 'admin' }, '"1"', person).expect(403);
      expect((await own(person).expect(200)).body.role).toBe(role);
    }
    await app.request('patch', `/v1/users/${author.id}`).set('If-Match', '"1"').send({ role: 'admin' }).expect(401);
  });
});
