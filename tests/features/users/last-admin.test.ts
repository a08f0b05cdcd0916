import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';

/** C46: there is always an admin who can log in. */
describe('the last admin', () => {
  let app: TestApp;
  let first: Person;
  const demote = (id: string, by: Person) => patch(id, by, { role: 'editor' });
  const disable = (id: string, by: Person) => patch(id, by, { disabled: true });
  const patch = (id: string, by: Person, sent: object) =>
    app
      .request('patch', `/v1/users/${id}`)
      .set(...bearer(by))
      .set('If-Match', '*')
      .send(sent);
  const remove = (id: string, by: Person) =>
    app
      .request('delete', `/v1/users/${id}`)
      .set(...bearer(by))
      .set('If-Match', '*');
  const ways = { demote, disable, remove };
  const enabledAdmins = async () =>
    (await app.sql<{ id: string }>(`SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL`)).map(
      ({ id }) => id,
    );

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    await app.sql('DELETE FROM users');
    first = await app.person('admin');
  });
  afterAll(() => app.close());

  it.each(['demote', 'disable', 'remove'] as const)('cannot %s himself, and stays as he was', async (way) => {
    const answer = await ways[way](first.id, first).expect(409);
    expect(answer.body.code).toBe('last-admin');
    expect(await enabledAdmins()).toEqual([first.id]);
    expect(await app.sql('SELECT seq FROM events WHERE subject_id = $1', [first.id])).toEqual([]);
    await app
      .request('get', '/v1/users')
      .set(...bearer(first))
      .expect(200);
  });

  it.each(['demote', 'disable', 'remove'] as const)(
    'is the last one also beside admins who are disabled: no %s',
    async (way) => {
      const second = await app.person('admin');
      await disable(second.id, first).expect(200);
      expect((await ways[way](first.id, first).expect(409)).body.code).toBe('last-admin');
      expect(await enabledAdmins()).toEqual([first.id]);
    },
  );

  it.each(['demote', 'disable', 'remove'] as const)('may go, by %s, once there is another', async (way) => {
    const second = await app.person('admin');
    expect([200, 204]).toContain((await ways[way](first.id, first)).status);
    expect(await enabledAdmins()).toEqual([second.id]);
    expect((await ways[way](second.id, second).expect(409)).body.code).toBe('last-admin');
  });

  it('may be renamed, get a new password and be told what is so already', async () => {
    await patch(first.id, first, { name: 'নতুন নাম', role: 'admin', disabled: false }).expect(200);
    await patch(first.id, first, { password: 'কুয়াশার ভোরে খেজুরের রস' }).expect(200);
    expect(await enabledAdmins()).toEqual([first.id]);
  });

  it('does not keep an admin who is disabled from being demoted or removed', async () => {
    const second = await app.person('admin');
    const third = await app.person('admin');
    for (const one of [second, third]) await disable(one.id, first).expect(200);
    await demote(second.id, first).expect(200);
    await remove(third.id, first).expect(204);
  });

  it('hears of the version before he hears that he is the last', async () => {
    const call = () => app.request('delete', `/v1/users/${first.id}`).set(...bearer(first));
    await call().expect(428);
    await call().set('If-Match', '"9"').expect(412);
    await call().set('If-Match', '"1"').expect(409);
  });

  it.each([
    ['demote', 'demote'],
    ['disable', 'remove'],
    ['remove', 'remove'],
  ] as const)('is left when two admins %s and %s each other at once', async (one, other) => {
    for (let round = 0; round < 5; round += 1) {
      await app.sql('DELETE FROM users');
      const [a, b] = [await app.person('admin'), await app.person('admin')];
      const answers = await Promise.all([ways[one](b.id, a), ways[other](a.id, b)]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status < 300)).toHaveLength(1);
      // The slower of the two is refused as the last admin, or because its own token has ended by then.
      expect(statuses.every((status) => [200, 204, 401, 409].includes(status))).toBe(true);
      expect(await enabledAdmins()).toHaveLength(1);
    }
  });

  it('is left when three admins all step down at once', async () => {
    const all = [first, await app.person('admin'), await app.person('admin')];
    const answers = await Promise.all(all.map((one) => demote(one.id, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409]);
    expect(await enabledAdmins()).toHaveLength(1);
  });

  it('goes on writing while a change of another user waits with the rows of all admins locked', async () => {
    const viewer = await app.person('viewer');
    const client = await app.deps.db.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT id FROM users WHERE id = $1 FOR UPDATE', [viewer.id]);
      const change = patch(viewer.id, first, { name: 'নতুন নাম' }).then((answer) => answer.status);
      const isWaiting = async () => (await app.sql('SELECT FROM pg_locks WHERE NOT granted')).length > 0;
      while (!(await isWaiting()));
      const article = { title: 'শীতের পিঠা উৎসব' };
      await app
        .request('post', '/v1/articles')
        .set(...bearer(first))
        .send(article)
        .expect(201);
      await client.query('ROLLBACK');
      expect(await change).toBe(200);
    } finally {
      client.release();
    }
  });
});
