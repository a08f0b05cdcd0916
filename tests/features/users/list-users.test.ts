import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { withCharacterChanged } from '../../support/tampering.ts';

describe('GET /v1/users', () => {
  let app: TestApp;
  let admin: Person;
  const list = (query = '', person = admin) => app.request('get', `/v1/users${query}`).set(...bearer(person));

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
    for (const role of ['viewer', 'author', 'editor'] as const) await app.person(role);
  });
  afterAll(() => app.close());

  it('lists users in order of their addresses, each once, however it is paged', async () => {
    const whole = await list('?limit=100').expect(200);
    const addresses: string[] = whole.body.data.map((user: { email: string }) => user.email);
    expect(addresses).toEqual([...addresses].sort());
    expect(addresses.length).toBeGreaterThanOrEqual(4);
    expect(whole.body.page.nextCursor).toBeNull();
    expect(whole.headers.link).toBeUndefined();

    const paged: string[] = [];
    for (let after = ''; ; ) {
      const page = await list(`?limit=1${after}`).expect(200);
      paged.push(...page.body.data.map((user: { email: string }) => user.email));
      if (page.body.page.nextCursor === null) break;
      expect(page.headers.link).toContain('rel="next"');
      after = `&after=${page.body.page.nextCursor}`;
    }
    expect(paged).toEqual(addresses);
  });

  it('goes on after a user who was deleted since', async () => {
    const one = await app.person('viewer');
    await app.sql(`UPDATE users SET email = 'aa@khobor.example' WHERE id = $1`, [one.id]);
    const first = await list('?limit=1').expect(200);
    expect(first.body.data[0].id).toBe(one.id);
    await app.sql('DELETE FROM users WHERE id = $1', [one.id]);
    const next = await list(`?limit=1&after=${first.body.page.nextCursor}`).expect(200);
    const all = await list('?limit=100').expect(200);
    expect(next.body.data).toEqual(all.body.data.slice(0, 1));
  });

  it('shows no hash of a password and no epoch of tokens', async () => {
    const { text, body } = await list('?limit=100').expect(200);
    expect(text).not.toMatch(/hash|scrypt|epoch|password/i);
    expect(Object.keys(body.data[0])).toEqual([
      'id',
      'email',
      'name',
      'initials',
      'role',
      'disabledAt',
      'version',
      'createdAt',
      'updatedAt',
    ]);
  });

  it.each([
    'q=scrypt',
    'q=@khobor.example',
    'filter[passwordHash]=a',
    'filter[passwordHash][contains]=a',
    'passwordHash=a',
    'where[passwordHash][startsWith]=a',
    'select=passwordHash',
    'fields=passwordHash',
    'sort=passwordHash',
    'limit=0',
    'limit=101',
    'limit=1&limit=2',
    'after=',
  ])('refuses the query %s', async (query) => {
    const answer = await list(`?${query}`).expect(400);
    expect(answer.body.code).toBe('invalid-input');
    expect(answer.body.errors[0].in).toBe('query');
  });

  it('refuses a cursor that was edited or made elsewhere', async () => {
    const { body } = await list('?limit=1').expect(200);
    const cursor: string = body.page.nextCursor;
    const edited = withCharacterChanged(cursor, -1);
    const foreign = app.deps.cursors.seal('latest', ['a@khobor.example', admin.id]);
    const forged = Buffer.from(JSON.stringify({ passwordHash: '$2' })).toString('base64url');
    for (const after of [edited, foreign, forged]) {
      expect((await list(`?after=${after}`).expect(400)).body.code).toBe('invalid-cursor');
    }
  });

  it('is for admins only', async () => {
    for (const role of ['viewer', 'author', 'editor'] as const) await list('', await app.person(role)).expect(403);
    await app.request('get', '/v1/users').expect(401);
  });

  it('is never kept by a cache', async () => {
    expect((await list().expect(200)).headers['cache-control']).toMatch(/private, no-store/);
  });
});
