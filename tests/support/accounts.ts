import type supertest from 'supertest';
import type { Role } from '../../src/core/actor.ts';
import { bearer, type Person, type TestApp } from './app.ts';
import { outside } from './outside.ts';

const { newId } = outside;

/** A password that meets the rules, and a wrong one. */
export const password = 'নদীর ওপারে সন্ধ্যার আলো';
export const wrongPassword = 'নদীর এপারে সকালের রোদ';

export type Account = { id: string; email: string };
export type Tokens = { accessToken: string; refreshToken: string };

/** Makes users who can log in with `password`. Its hash is computed once for each app. */
export type Accounts = {
  make(role?: Role, email?: string): Promise<Account>;
  login(email: string, secret?: string): supertest.Test;
  /** The tokens of a log-in that must succeed. */
  tokens(email: string): Promise<Tokens>;
};

export async function openAccounts(app: TestApp, secret = password): Promise<Accounts> {
  const hash = await app.deps.passwords.hash(secret, 'tests');
  const login: Accounts['login'] = (email, given = secret) =>
    app.request('post', '/v1/auth/login').send({ email, password: given });
  return {
    login,
    async make(role = 'author', email = `${role}-${newId()}@khobor.example`) {
      const id = newId();
      const text = "INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $2, 'শামীমা নাসরিন', $3, $4)";
      await app.sql(text, [id, email, role, hash]);
      return { id, email };
    },
    async tokens(email) {
      const { body } = await login(email).expect(200);
      return { accessToken: body.accessToken, refreshToken: body.refreshToken };
    },
  };
}

/** Asks an app who the holder of an access token is. */
export const whoIs = (app: TestApp, accessToken: string): supertest.Test =>
  app.request('get', '/v1/auth/me').set('Authorization', `Bearer ${accessToken}`);

export const whoIsPerson = (app: TestApp, person: Person): supertest.Test =>
  app.request('get', '/v1/auth/me').set(...bearer(person));

export const refresh = (app: TestApp, refreshToken: string): supertest.Test =>
  app.request('post', '/v1/auth/refresh').send({ refreshToken });
