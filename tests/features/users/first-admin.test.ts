import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Db } from '../../../src/db/client.ts';
import { cloneDatabase } from '../../support/database.ts';
import { outside } from '../../support/outside.ts';

const { ensureFirstAdmin, openDb, openPasswords } = outside;

const credentials = { email: 'Admin@Khobor.Example', password: 'কুয়াশার ভোরে খেজুরের রস', name: 'প্রধান' };
const passwords = openPasswords({ N: 1_024, r: 8, p: 1 });

describe('ensureFirstAdmin', () => {
  let database: { url: string; drop(): Promise<void> };
  let instances: Db[];
  const ensure = (db: Db, given = credentials) => ensureFirstAdmin({ db, passwords }, given);
  const db = (): Db => {
    const [one] = instances;
    if (one === undefined) throw new Error('there is no instance');
    return one;
  };
  const users = () =>
    db().read<Record<string, unknown>>({ text: 'SELECT email, name, role, disabled_at, password_hash FROM @users' });

  beforeAll(async () => {
    database = await cloneDatabase();
    instances = Array.from({ length: 5 }, () =>
      openDb({ url: database.url, poolMax: 2, prepare: true }, () => undefined),
    );
  });
  beforeEach(async () => {
    await db().read({ text: 'DELETE FROM @users' });
    await db().read({ text: 'DELETE FROM @events' });
  });
  afterAll(async () => {
    for (const one of instances) await one.close();
    await database.drop();
  });

  it('makes an enabled admin whose password works while there is nobody', async () => {
    expect(await ensure(db())).toBe('created');
    const [user, ...others] = await users();
    expect(others).toEqual([]);
    expect(user).toMatchObject({ email: 'admin@khobor.example', name: 'প্রধান', role: 'admin', disabled_at: null });
    expect((await passwords.verify(credentials.password, String(user?.password_hash), 'tests')).right).toBe(true);
    expect(await db().read({ text: 'SELECT type, actor_id FROM @events' })).toEqual([
      { type: 'user.created', actor_id: null },
    ]);
  });

  it('leaves everything alone once there is anybody, an admin or not', async () => {
    await ensure(db());
    await db().read({ text: `UPDATE @users SET role = 'viewer', email = 'other@khobor.example'` });
    expect(await ensure(db())).toBe('present');
    expect(await ensure(db(), { ...credentials, password: 'x' })).toBe('present');
    expect(await users()).toHaveLength(1);
  });

  it('makes one admin and one event when five instances start at once', async () => {
    const results = await Promise.all(instances.map((one) => ensure(one)));
    expect(results.sort()).toEqual(['created', 'present', 'present', 'present', 'present']);
    expect(await users()).toHaveLength(1);
    expect(await db().read({ text: 'SELECT seq FROM @events' })).toHaveLength(1);
  });

  it.each([
    ['password: Use at least 12 characters.', { ...credentials, password: 'short-of-it' }],
    ['email: Use an e-mail address.', { ...credentials, email: 'admin' }],
  ])('refuses credentials that no user may have, without showing them: %s', async (sentence, given) => {
    await expect(ensure(db(), given)).rejects.toThrow(sentence);
    await expect(ensure(db(), given)).rejects.not.toThrow('short-of-it');
    expect(await users()).toEqual([]);
  });
});
