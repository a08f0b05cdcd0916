import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { outside } from '../../support/outside.ts';

const { newId } = outside;

describe('GET /v1/users/{id}', () => {
  let app: TestApp;
  let admin: Person;
  let author: Person;
  const read = (id: string, person = admin) => app.request('get', `/v1/users/${id}`).set(...bearer(person));

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
    author = await app.person('author', 'তানিয়া রহমান');
  });
  afterAll(() => app.close());

  it('shows a user, with an ETag that serves for the next read and write', async () => {
    const { body, headers } = await read(author.id).expect(200);
    expect(body).toEqual({
      id: author.id,
      email: author.email,
      name: 'তানিয়া রহমান',
      initials: null,
      role: 'author',
      disabledAt: null,
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
    });
    expect(headers.etag).toMatch(/^"1-/);
    await read(author.id)
      .set('If-None-Match', headers.etag ?? '')
      .expect(304);
  });

  it('shows no hash of a password', async () => {
    expect((await read(author.id).expect(200)).text).not.toMatch(/scrypt|hash|password|epoch/i);
  });

  it('answers 404 for an id that nobody has, and for every other spelling of one', async () => {
    const id = author.id;
    const others = [
      newId(),
      id.toUpperCase(),
      id.replaceAll('-', ''),
      `{${id}}`,
      `${id}%20`,
      'me',
      author.email,
      "'%20OR%201=1--",
    ];
    for (const other of others) expect((await read(other).expect(404)).body.code).toBe('not-found');
  });

  it('refuses query parameters', async () => {
    for (const query of ['fields=passwordHash', 'include=sessions']) await read(`${author.id}?${query}`).expect(400);
  });

  it('is for admins only, also for what is one’s own', async () => {
    await read(author.id, author).expect(403);
    await read(author.id, await app.person('editor')).expect(403);
    await read(newId(), author).expect(403);
    await app.request('get', `/v1/users/${author.id}`).expect(401);
  });
});
