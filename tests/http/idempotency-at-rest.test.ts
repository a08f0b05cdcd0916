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
  it('holds no token of an access key or a preview and no secret of a webhook, and a repeat gives it all the same', async () => {
    const { body: article } = await ask('rest-1', '/v1/articles', { title: 'গোপন খসড়া' }).expect(201);
    for (const [key, path, body] of [
      ['rest-2', '/v1/keys', { name: 'তার', role: 'viewer' }],
      ['rest-webhook', '/v1/webhooks', { name: 'সহযোগী', url: 'https://paper.example/' }],
      ['rest-3', `/v1/articles/${article.id}/previews`, {}],
    ] as const) {
      const first = await ask(key, path, body).expect(201);
      const secret = String(first.body.token ?? first.body.secret ?? first.body.url.split('/').at(-1));
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

  it('is replayed under the other secret, from either side, while secrets change', async () => {
    const [before, after] = [app.deps.config.JWT_SECRET, 'another-secret-for-tests-that-is-long-enough-98765'];
    const beside = async (env: Record<string, string>) => startApp(env, { databaseUrl: app.databaseUrl });
    const rotated = await beside({ JWT_SECRET: after, JWT_SECRET_PREVIOUS: before });
    const returned = await beside({ JWT_SECRET: before, JWT_SECRET_PREVIOUS: after });
    const [old, fresh] = [
      ['rest-5', { name: 'পুরোনো তার', role: 'viewer' }],
      ['rest-6', { name: 'নতুন তার', role: 'viewer' }],
    ] as const;
    for (const [[key, body], first, second] of [
      [old, app, rotated],
      [fresh, rotated, returned],
    ] as const) {
      const made = await ask(key, '/v1/keys', body, first).expect(201);
      const again = await ask(key, '/v1/keys', body, second).expect(201);
      expect(again.text).toBe(made.text);
      expect(again.headers['idempotency-replayed']).toBe('true');
      await ask(key, '/v1/keys', { ...body, name: 'অন্য তার' }, second).expect(422);
    }
    await Promise.all([rotated.close(), returned.close()]);
  });
});
