import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, publicUrl, startApp, type TestApp } from '../../support/app.ts';

const password = 'কুয়াশার ভোরে খেজুরের রস';
const body = (email: string, rest: Record<string, unknown> = {}) => ({
  email,
  name: 'তানিয়া রহমান',
  role: 'author',
  password,
  ...rest,
});

describe('POST /v1/users', () => {
  let app: TestApp;
  let admin: Person;
  const create = (sent: object, person = admin) =>
    app
      .request('post', '/v1/users')
      .set(...bearer(person))
      .send(sent);
  const countOf = async (email: string) =>
    Number((await app.sql('SELECT count(*) FROM users WHERE email = $1', [email]))[0]?.count);
  const login = (email: string, secret = password) =>
    app.request('post', '/v1/auth/login').send({ email, password: secret });

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
  });
  afterAll(() => app.close());

  it('makes a user who can log in, and says where it is', async () => {
    const answer = await create(body('taniya@khobor.example', { initials: 'তর' })).expect(201);
    expect(answer.body).toMatchObject({
      email: 'taniya@khobor.example',
      name: 'তানিয়া রহমান',
      initials: 'তর',
      role: 'author',
      disabledAt: null,
      version: 1,
    });
    expect(answer.headers.location).toBe(`${publicUrl}/v1/users/${answer.body.id}`);
    expect(answer.text).not.toMatch(/scrypt|hash|password/i);
    const read = await app
      .request('get', `/v1/users/${answer.body.id}`)
      .set(...bearer(admin))
      .expect(200);
    expect(read.body).toEqual(answer.body);
    expect(read.headers.etag).toBe(answer.headers.etag);
    const session = await login('taniya@khobor.example').expect(200);
    expect(session.body.user.role).toBe('author');
  });

  it('forgets the log-ins that failed before the account was there', async () => {
    const email = 'notun@khobor.example';
    for (let turn = 0; turn < 10; turn += 1) await login(email, 'কাশবনের কান্না').expect(401);
    await login(email).expect(429);
    await create(body(email)).expect(201);
    await login(email).expect(200);
  });

  it('records user.created with the actor and without anything of the password', async () => {
    const answer = await create(body('event@khobor.example')).expect(201);
    const events = await app.sql('SELECT * FROM events WHERE subject_id = $1', [answer.body.id]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'user.created', subject_type: 'user', version: 1, actor_id: admin.id });
    expect(events[0]?.request_id).toBe(answer.headers['x-request-id']);
    expect(JSON.stringify(events[0])).not.toMatch(/scrypt|কুয়াশার/);
    expect(app.logLines.join('')).not.toMatch(/scrypt|কুয়াশার/);
  });

  it('takes the letters of a domain and its xn-- labels for one address, as browsers send either', async () => {
    const [shown, ascii] = ['রিনা@খবর.বাংলা', 'রিনা@XN--q5b8bm.xn--54b7fta0cc'];
    const { body: made } = await create(body(ascii)).expect(201);
    expect(made.email).toBe(shown);
    expect((await create(body(shown)).expect(409)).body.code).toBe('email-taken');
    for (const typed of [shown, ascii, 'রিনা@খবর.xn--54b7fta0cc']) await login(typed).expect(200);
    // As a program before this one may have stored it.
    await app.sql('UPDATE users SET email = $2 WHERE id = $1', [made.id, ascii.toLowerCase()]);
    for (const typed of [shown, ascii]) await login(typed).expect(200);
    expect((await create(body('x@xn--a.example')).expect(201)).body.email).toBe('x@xn--a.example');
  });

  it('keeps an address in one case, and logs in with any case and with spaces around', async () => {
    const answer = await create(body(' Desk.One@Example.COM ')).expect(201);
    expect(answer.body.email).toBe('desk.one@example.com');
    for (const typed of ['desk.one@example.com', 'DESK.ONE@EXAMPLE.COM', '  Desk.One@example.com ']) {
      expect((await login(typed).expect(200)).body.user.email).toBe('desk.one@example.com');
    }
  });

  it('refuses an address that another user has, in any case, and records nothing', async () => {
    await create(body('taken@khobor.example')).expect(201);
    const [before] = await app.sql('SELECT count(*) FROM events');
    for (const email of ['taken@khobor.example', 'Taken@Khobor.Example', ' TAKEN@khobor.example']) {
      expect((await create(body(email)).expect(409)).body.code).toBe('email-taken');
    }
    expect(await countOf('taken@khobor.example')).toBe(1);
    expect((await app.sql('SELECT count(*) FROM events'))[0]).toEqual(before);
  });

  it('lets exactly one of several at once have an address', async () => {
    const answers = await Promise.all(
      ['race@khobor.example', 'Race@khobor.example', 'RACE@khobor.example'].map((email) => create(body(email))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await countOf('race@khobor.example')).toBe(1);
  });

  it.each([
    'id',
    'version',
    'createdAt',
    'updatedAt',
    'disabledAt',
    'disabled',
    'passwordHash',
    'password_hash',
    'tokenEpoch',
    'isAdmin',
  ])('refuses the member %s and makes nobody', async (member) => {
    const answer = await create(body('mass@khobor.example', { [member]: 1 })).expect(400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ in: 'body', pointer: `/${member}` })]);
    expect(await countOf('mass@khobor.example')).toBe(0);
  });

  it('refuses a prototype in the body', async () => {
    const sent = JSON.stringify(body('proto@khobor.example')).replace('{', '{"__proto__":{"role":"admin"},');
    await app
      .request('post', '/v1/users')
      .set(...bearer(admin))
      .set('Content-Type', 'application/json')
      .send(sent)
      .expect(400);
    expect(await countOf('proto@khobor.example')).toBe(0);
  });

  it('names all faults of a body at once', async () => {
    const answer = await create({ email: 'nobody', name: ' ', role: 'owner', password: 'short' }).expect(400);
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer).sort()).toEqual([
      '/email',
      '/name',
      '/password',
      '/role',
    ]);
    expect(answer.text).not.toContain('short');
  });

  it('counts an empty text for initials as none', async () => {
    expect((await create(body('bare@khobor.example', { initials: ' ' })).expect(201)).body.initials).toBeNull();
  });

  it('is for admins only', async () => {
    for (const role of ['viewer', 'author', 'editor'] as const) {
      await create(body('sneaky@khobor.example', { role: 'admin' }), await app.person(role)).expect(403);
    }
    await app.request('post', '/v1/users').send(body('sneaky@khobor.example')).expect(401);
    expect(await countOf('sneaky@khobor.example')).toBe(0);
  });
});
