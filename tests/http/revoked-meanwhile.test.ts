import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { whileHeld } from '../support/held.ts';
import { outside } from '../support/outside.ts';
import { openRaw } from '../support/raw-http.ts';

const { startOutbox } = outside;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Longer than an admission is relied on. */
const longMs = 700;

describe('a right that ends while a call is under way', () => {
  let app: TestApp;
  let admin: Person;

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
  });
  afterAll(() => app.close());

  const disable = (person: Person) =>
    app
      .request('patch', `/v1/users/${person.id}`)
      .set(...bearer(admin))
      .set('If-Match', '"1"')
      .send({ disabled: true })
      .expect(200);

  const key = async () => {
    const { body } = await app
      .request('post', '/v1/keys')
      .set(...bearer(admin))
      .send({ name: 'উপকূল বার্তার তার', role: 'editor' })
      .expect(201);
    return { token: String(body.token), end: () => app.sql('UPDATE access_keys SET revoked_at = now()') };
  };

  const person = async () => {
    const editor = await app.person('editor');
    return { token: editor.token, end: () => disable(editor) };
  };

  /** Sends the head of a create, and is slow to send the body. */
  const beginCreate = async (token: string, body: Buffer) => {
    const connection = await openRaw(app.url);
    const head = ['POST /v1/articles HTTP/1.1', 'Host: x', 'Content-Type: application/json'];
    head.push(`Content-Length: ${body.length}`, `Authorization: Bearer ${token}`);
    connection.send(`${head.join('\r\n')}\r\n\r\n`);
    await pause(longMs);
    return connection;
  };

  const titled = (title: string) => app.sql('SELECT FROM articles WHERE title = $1', [title]);

  it.each([
    ['an account', 'জোয়ারের আগে ঘাট বন্ধ', person],
    ['an access key', 'জোয়ারের পরে ঘাট খোলা', key],
  ] as const)('%s counts no more for a body that comes after', async (_what, title, caller) => {
    const { token, end } = await caller();
    const body = Buffer.from(JSON.stringify({ title, status: 'published' }));
    const connection = await beginCreate(token, body);
    await end();
    connection.send(body);
    const answer = await connection.answer();
    expect({ status: answer.status, code: JSON.parse(answer.body).code }).toEqual({
      status: 401,
      code: 'invalid-token',
    });
    expect(await titled(title)).toEqual([]);
    connection.destroy();
  });

  it('an account counts no more for calls that wait behind long ones of its own', async () => {
    const editor = await app.person('editor');
    const { body: held } = await app
      .request('post', '/v1/articles')
      .set(...bearer(editor))
      .send({ title: 'চরের স্কুলে ঘণ্টা' })
      .expect(201);
    const bulk = (operation: object) =>
      app
        .request('post', '/v1/articles/bulk')
        .set(...bearer(editor))
        .send({ operations: [operation] });
    const long = { op: 'update', id: held.id, ifMatch: '"1"', body: { kicker: 'চর' } };
    const title = 'চরের স্কুলে ছুটি';
    await whileHeld(app, held.id, async (holder) => {
      const before = [bulk(long), bulk(long)].map((call) => call.then(({ status }) => status));
      await pause(100);
      const last = bulk({ op: 'create', body: { title, status: 'published' } }).then(({ status }) => status);
      await pause(longMs);
      await disable(editor);
      await holder.query('ROLLBACK');
      expect(await last).toBe(401);
      await Promise.all(before);
    });
    expect(await titled(title)).toEqual([]);
  });

  const demoted = async () => {
    const owner = await app.person('admin');
    const { body } = await app
      .request('post', '/v1/keys')
      .set(...bearer(owner))
      .send({ name: 'মোহনা বার্তার তার', role: 'editor' })
      .expect(201);
    return {
      token: String(body.token),
      end: () => app.sql("UPDATE users SET role = 'author' WHERE id = $1", [owner.id]),
    };
  };

  it.each([
    ['an account', person, 401],
    ['an access key', key, 401],
    ['a key whose maker is an author now', demoted, 403],
  ] as const)('%s is told nothing of staff by a call that waits for it', async (_what, caller, status) => {
    const stopOutbox = startOutbox(app);
    const { token, end } = await caller();
    const follow = (query: string) =>
      app.request('get', `/v1/changes?audience=staff${query}`).set('Authorization', `Bearer ${token}`);
    let after = '';
    for (let more = true; more; ) {
      const { body } = await follow(after).expect(200);
      after = `&after=${body.page.nextCursor}`;
      more = body.page.more;
    }
    const waits = follow(`${after}&wait=20`).then((answer) => answer);
    await pause(longMs);
    await end();
    await app
      .request('post', '/v1/articles')
      .set(...bearer(admin))
      .send({ title: 'মোহনার খসড়া' })
      .expect(201);
    expect((await waits).status).toBe(status);
    await stopOutbox();
  });

  it('a call that is slow goes on where the right stands', async () => {
    const { token } = await person();
    const body = Buffer.from(JSON.stringify({ title: 'ভাটার টানে নৌকা' }));
    const connection = await beginCreate(token, body);
    connection.send(body);
    expect((await connection.answer()).status).toBe(201);
    connection.destroy();
  });
});
