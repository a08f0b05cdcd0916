import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roles } from '../../../src/core/actor.ts';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';

describe('GET /v1/auth/me', () => {
  let app: TestApp;
  const own = (person: Person, method: 'get' | 'head' = 'get') =>
    app.request(method, '/v1/auth/me').set(...bearer(person));

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each(roles)('shows a caller of the role %s the own account and nothing secret', async (role) => {
    const person = await app.person(role);
    const answer = await own(person).expect(200);
    expect(answer.body).toEqual({
      ...{ id: person.id, email: person.email, name: 'রিনা আখতার', initials: null, role },
      key: null,
    });
    expect(answer.headers['cache-control']).toBe('private, no-store, no-transform');
  });

  it('has an ETag that begins with the version of the user and answers 304', async () => {
    const person = await app.person('editor');
    const answer = await own(person).expect(200);
    expect(answer.headers.etag).toMatch(/^"1-[\w-]{22}"$/);
    await own(person)
      .set('If-None-Match', answer.headers.etag ?? '')
      .expect(304);
    await app.sql("UPDATE users SET name = 'নাজমা বেগম', initials = 'নব', version = 2 WHERE id = $1", [person.id]);
    const changed = await own(person)
      .set('If-None-Match', answer.headers.etag ?? '')
      .expect(200);
    expect(changed.body).toMatchObject({ name: 'নাজমা বেগম', initials: 'নব' });
    expect(changed.headers.etag).toMatch(/^"2-/);
  });

  it('answers HEAD with the headers of GET', async () => {
    const person = await app.person('viewer');
    const [head, got] = [await own(person, 'head').expect(200), await own(person).expect(200)];
    expect(head.headers.etag).toBe(got.headers.etag);
    expect(head.headers['content-length']).toBe(got.headers['content-length']);
    expect(head.text ?? '').toBe('');
  });

  it('asks strangers to log in, in the words of RFC 6750', async () => {
    const answer = await app.request('get', '/v1/auth/me').expect(401);
    expect(answer.body.code).toBe('unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="khobor"');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is over as soon as user, session or epoch are not what the token says', async () => {
    const changes = [
      'UPDATE users SET disabled_at = now() WHERE id = $1',
      'UPDATE users SET token_epoch = token_epoch + 1 WHERE id = $1',
      'UPDATE sessions SET revoked_at = now() WHERE user_id = $1',
      'DELETE FROM sessions WHERE user_id = $1',
      'DELETE FROM users WHERE id = $1',
    ];
    for (const change of changes) {
      const person = await app.person('admin');
      await own(person).expect(200);
      await app.sql(change, [person.id]);
      const answer = await own(person).expect(401);
      expect(answer.body.code).toBe('invalid-token');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="khobor", error="invalid_token"');
    }
  });

  it('takes no parameters', async () => {
    const person = await app.person('viewer');
    const answer = await app
      .request('get', '/v1/auth/me?fields=passwordHash')
      .set(...bearer(person))
      .expect(400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ in: 'query', pointer: '/fields' })]);
  });
});
