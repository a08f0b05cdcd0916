import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure } from '../../src/core/errors.ts';
import { translateDatabaseError } from '../../src/db/errors.ts';
import { translatedReferences } from '../../src/db/references.ts';
import type { Person } from '../support/app.ts';
import { bearer } from '../support/app.ts';
import { meanwhile } from '../support/held.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';

/** A foreign key that refuses a write: what a call refers to was removed after it was read. */

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

type Method = Parameters<typeof room.app.request>[0];
const gone = (id: string) => ['DELETE FROM users WHERE id = $1', [id]] as const;
const callBy = (person: Person, method: Method, path: string, body: object) => {
  const call = room.app.request(method, path).set(...bearer(person));
  return (/articles\/[^/]*-/.test(path) ? call.set('If-Match', '*') : call).send(body);
};

describe('the foreign keys of the schema', () => {
  it('have each an answer of their own, and none is named that does not exist', async () => {
    const rows = await room.app.sql(
      `SELECT constraint_name AS name FROM information_schema.table_constraints
      WHERE constraint_type = 'FOREIGN KEY' AND table_schema = 'public' ORDER BY 1`,
    );
    expect([...translatedReferences].sort()).toEqual(rows.map(({ name }) => name));
  });

  it.each(translatedReferences.map((name) => [name]))('%s is never told as something in use', (constraint) => {
    const failure = translateDatabaseError({ code: '23503', constraint, message: constraint });
    if (!(failure instanceof Failure)) throw new Error('not translated');
    expect(['invalid-token', 'not-found', 'conflict']).toContain(failure.code);
  });
});

describe('a caller whose account is removed during the call', () => {
  const calls: [string, Method, (id: string) => string, object][] = [
    ['a working draft', 'patch', (id) => pathOf(id, '/draft'), { kicker: 'নদীভাঙন' }],
    ['a preview', 'post', (id) => pathOf(id, '/previews'), {}],
    ['who has it open', 'put', (id) => pathOf(id, '/editing'), {}],
    ['a change', 'patch', (id) => pathOf(id), { kicker: 'নদীভাঙন' }],
    ['a step', 'post', (id) => pathOf(id, '/publish'), {}],
    ['a new article', 'post', () => '/v1/articles', { title: 'চরের নতুন স্কুল' }],
    [
      'an atomic bulk',
      'post',
      () => '/v1/articles/bulk',
      { atomic: true, operations: [{ op: 'create', body: { title: 'খেয়াঘাট' } }] },
    ],
    ['a bulk', 'post', () => '/v1/articles/bulk', { operations: [{ op: 'create', body: { title: 'খেয়াঘাট' } }] }],
    ['an access key', 'post', () => '/v1/keys', { name: 'ঘাটের যন্ত্র', role: 'author' }],
    ['a webhook', 'post', () => '/v1/webhooks', { name: 'ঘাট', url: 'https://hooks.example.com/ghat' }],
  ];

  it.each(calls)('is refused as a moment later: %s', async (_, method, path, body) => {
    const { id } = await room.story();
    const leaver = await room.app.person('admin');
    const call = () => callBy(leaver, method, path(id), body);
    await changesNothing(room, async () => {
      const refused = await meanwhile(room.app, ...gone(leaver.id), call);
      expect(refused.body).toMatchObject({ status: 401, code: 'invalid-token' });
      expect(refused.headers['www-authenticate']).toContain('invalid_token');
    });
    expect((await call()).body).toMatchObject({ status: 401, code: 'invalid-token' });
  });
});

describe('an article that is purged during the call', () => {
  it.each([
    ['put', '/editing'],
    ['post', '/previews'],
    ['patch', '/draft'],
    ['patch', ''],
  ] as const)('is not found by %s %s', async (method, suffix) => {
    const { id } = await room.story();
    const answer = await meanwhile(room.app, 'DELETE FROM articles WHERE id = $1', [id], () =>
      callBy(room.people.editor, method, pathOf(id, suffix), method === 'patch' ? { kicker: 'হাট' } : {}),
    );
    expect(answer.body).toMatchObject({ status: 404, code: 'not-found' });
  });
});
