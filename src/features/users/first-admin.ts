import { type Config, ConfigError } from '../../config.ts';
import { noCause } from '../../core/actor.ts';
import { invalidInput } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';
import type { Passwords } from '../auth/passwords.ts';
import { hasUsers, lockAllUsers } from './users.repository.ts';
import { readNewUser } from './users.schema.ts';
import { storeNewUser } from './users.service.ts';

/** Throws a ConfigError that names the setting if no user may have the e-mail address or the password of the first account. */
export function checkFirstAdmin(config: Pick<Config, 'ADMIN_EMAIL' | 'ADMIN_PASSWORD'>): void {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  if (email === undefined || password === undefined) return;
  const read = readNewUser({ email, password, name: 'admin', role: 'admin' });
  if (!('faults' in read)) return;
  const faults = read.faults.map((fault) => fault.replace(/^\w+/, (member) => `ADMIN_${member.toUpperCase()}`));
  throw new ConfigError(faults.join(' '));
}

/**
 * Makes an admin if there are no users at all, so that somebody can log in to a new installation. Instances that start
 * together make only one. The credentials are looked at only if they are needed. Throws `invalid-input`, with a sentence for
 * the operator, if no user may have them.
 */
export async function ensureFirstAdmin(
  { db, passwords }: { db: Db; passwords: Passwords },
  credentials: { email: string; password: string; name: string },
): Promise<'created' | 'present'> {
  if (await hasUsers(db.read)) return 'present';
  const read = readNewUser({ ...credentials, role: 'admin' });
  if ('faults' in read) throw invalidInput([], `The first admin cannot be made. ${read.faults.join(' ')}`);
  const passwordHash = await passwords.hash(read.value.password, 'console');
  return db.transaction(async (tx) => {
    await lockAllUsers(tx);
    if (await hasUsers(tx.read)) return 'present';
    await storeNewUser(tx, read.value, passwordHash, noCause);
    return 'created';
  });
}
