import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { outside } from '../../support/outside.ts';

const { newId } = outside;

describe('DELETE /v1/users/{id}', () => {
  let app: TestApp;
  let admin: Person;
  let editor: Person;
  const remove = (id: string, match = '"1"', person = admin) =>
    app
      .request('delete', `/v1/users/${id}`)
      .set(...bearer(person))
      .set('If-Match', match);
  const write = async (person: Person, sent: object) =>
    (
      await app
        .request('post', '/v1/articles')
        .set(...bearer(person))
        .send(sent)
        .expect(201)
    ).body;

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
  });
  beforeEach(async () => {
    editor = await app.person('editor', 'তানিয়া রহমান');
  });
  afterAll(() => app.close());

  it('keeps articles, trash and revisions, without the name', async () => {
    const shown = await write(editor, { title: 'হাওরে বোরো ধান কাটা শুরু', status: 'published' });
    const trashed = await write(editor, { title: 'বাতিল খসড়া' });
    await app
      .request('delete', `/v1/articles/${trashed.id}`)
      .set(...bearer(editor))
      .set('If-Match', '"1"')
      .expect(204);
    expect(shown.createdBy.id).toBe(editor.id);

    await remove(editor.id).expect(204);

    const staff = await app
      .request('get', `/v1/articles/${shown.id}`)
      .set(...bearer(admin))
      .expect(200);
    expect(staff.body).toMatchObject({
      title: shown.title,
      status: 'published',
      createdBy: null,
      updatedBy: null,
      version: 1,
    });
    await app.request('get', `/v1/articles/${shown.id}`).expect(200);
    const kept = await app.sql('SELECT id FROM articles WHERE id = ANY($1::uuid[])', [[shown.id, trashed.id]]);
    expect(kept).toHaveLength(2);
    const revisions = await app.sql('SELECT actor_id FROM revisions WHERE article_id = ANY($1::uuid[])', [
      [shown.id, trashed.id],
    ]);
    expect(revisions).toEqual([{ actor_id: null }, { actor_id: null }, { actor_id: null }]);
  });

  it('keeps who did it in the events, and records user.deleted', async () => {
    const article = await write(editor, { title: 'মেলায় মৃৎশিল্পের স্টল' });
    await remove(editor.id).expect(204);
    expect(await app.sql('SELECT actor_id FROM events WHERE subject_id = $1', [article.id])).toEqual([
      { actor_id: editor.id },
    ]);
    expect(await app.sql('SELECT type, actor_id FROM events WHERE subject_id = $1', [editor.id])).toEqual([
      { type: 'user.deleted', actor_id: admin.id },
    ]);
  });

  it('ends the tokens and sessions of the user at once', async () => {
    await app
      .request('get', '/v1/auth/me')
      .set(...bearer(editor))
      .expect(200);
    await remove(editor.id).expect(204);
    expect(
      (
        await app
          .request('get', '/v1/auth/me')
          .set(...bearer(editor))
          .expect(401)
      ).body.code,
    ).toBe('invalid-token');
    await app
      .request('get', '/v1/latest')
      .set(...bearer(editor))
      .expect(401);
    expect(await app.sql('SELECT id FROM sessions WHERE user_id = $1', [editor.id])).toEqual([]);
  });

  it('makes the address free again', async () => {
    await remove(editor.id).expect(204);
    const sent = { email: editor.email, name: 'নতুন জন', role: 'viewer', password: 'কুয়াশার ভোরে খেজুরের রস' };
    await app
      .request('post', '/v1/users')
      .set(...bearer(admin))
      .send(sent)
      .expect(201);
  });

  it('takes no body, and is 404 the second time', async () => {
    await remove(editor.id).expect(204);
    await remove(editor.id).expect(404);
    await app
      .request('get', `/v1/users/${editor.id}`)
      .set(...bearer(admin))
      .expect(404);
  });

  it('wants the version that was read, but answers 404 for nobody first', async () => {
    await app
      .request('delete', `/v1/users/${editor.id}`)
      .set(...bearer(admin))
      .expect(428);
    expect((await remove(editor.id, '"9"').expect(412)).body.currentVersion).toBe(1);
    for (const id of [newId(), editor.id.toUpperCase(), 'me']) {
      await app
        .request('delete', `/v1/users/${id}`)
        .set(...bearer(admin))
        .expect(404);
    }
    expect(await app.sql('SELECT id FROM users WHERE id = $1', [editor.id])).toHaveLength(1);
  });

  it('is for admins only', async () => {
    const author = await app.person('author');
    await remove(editor.id, '"1"', author).expect(403);
    await remove(author.id, '"1"', author).expect(403);
    await remove(author.id, '"1"', editor).expect(403);
    await app.request('delete', `/v1/users/${editor.id}`).set('If-Match', '"1"').expect(401);
    expect(await app.sql('SELECT id FROM users WHERE id = ANY($1::uuid[])', [[editor.id, author.id]])).toHaveLength(2);
  });
});
