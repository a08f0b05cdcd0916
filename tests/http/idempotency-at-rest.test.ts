import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let admin: Person;

const ask = (key: string, path: string, body: object, instance = app) =>
  instance
    .request('post', path)
    .set(...bearer(admin))
    .set('Idempotency-Key', key)
    .send(body);
const rowOf = async (key: string) =>
  (
    await app.sql<{ row: string; fingerprint: string }>(
      'SELECT k::text AS row, fingerprint FROM idempotency_keys k WHERE key = $1',
      [key],
    )
  )[0];

beforeAll(async () => {
  app = await startApp();
  admin = await app.person('admin');
});
afterAll(() => app.close());

describe('what is kept for an Idempotency-Key', () => {
  it('holds no token of an access key or a preview, and a repeat gives it all the same', async () => {
    const { body: article } = await ask('rest-1', '/v1/articles', { title: 'গোপন খসড়া' }).expect(201);
    for (const [key, path, body] of [
      ['rest-2', '/v1/keys', { name: 'তার', role: 'viewer' }],
      ['rest-3', `/v1/articles/${article.id}/previews`, {}],
    ] as const) {
      const first = await ask(key, path, body).expect(201);
      const secret = String(first.body.token ?? first.body.url.split('/').at(-1));
      const row = await rowOf(key);
      expect(secret.length).toBeGreaterThan(30);
      expect(row?.row).not.toContain(secret);
      expect(row?.row).not.toContain(secret.slice(0, 20));
      expect((await ask(key, path, body).expect(201)).text).toBe(first.text);
    }
  });

  it('does not let a guess of a password be checked by who reads the table', async () => {
    const user = { email: 'moyna@khobor.example', name: 'ময়না', role: 'author', password: 'বৃষ্টির দিনে মুড়ি' };
    await ask('rest-4', '/v1/users', user).expect(201);
    const row = await rowOf('rest-4');
    const guessed = JSON.stringify(['post', '/v1/users', user]);
    for (const form of ['base64url', 'base64', 'hex'] as const)
      expect(row?.fingerprint).not.toBe(hash('sha256', guessed, form));
    expect(row?.row).not.toContain('মুড়ি');
  });

  it('is replayed under a new secret while the one before is accepted', async () => {
    const first = await ask('rest-5', '/v1/tags', { name: 'জোয়ার' }).expect(201);
    const fresh = { JWT_SECRET: 'another-secret-for-tests-that-is-long-enough-98765' };
    const rotated = await startApp(
      { ...fresh, JWT_SECRET_PREVIOUS: app.deps.config.JWT_SECRET },
      { databaseUrl: app.databaseUrl },
    );
    const again = await ask('rest-5', '/v1/tags', { name: 'জোয়ার' }, rotated).expect(201);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    await rotated.close();
  });
});
