import { endKeys, endLinksOfKeys, endLinksOfPerson, endSessions } from '../../access/revocations.ts';
import type { Cause } from '../../core/actor.ts';
import { bodyFault, conflict, invalidInput, notFound } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Cursors } from '../../core/page.ts';
import { checkCondition, checkPrecondition, type Precondition } from '../../core/precondition.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import type { EventType } from '../../outbox/event-types.ts';
import { recordEvent } from '../../outbox/record.ts';
import { checkNotAddress } from '../auth/auth.schema.ts';
import type { LoginLimit } from '../auth/login-limit.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { LockedUser, UserRow, UserState } from './users.repository.ts';
import * as repository from './users.repository.ts';
import type { UserCreate, UserListQuery, UserPatch, UserRevoke, UserRevoked } from './users.schema.ts';

export type UserRows = { users: UserRow[]; nextCursor: string | null };

/** Which user a change is for, and which version of it the caller has read. */
export type UserChangeOf = Cause & { id: string; ifMatch: Precondition };

export type UserService = {
  list(query: UserListQuery): Promise<UserRows>;
  get(id: string): Promise<UserRow>;
  getByEmail(email: string): Promise<UserRow>;
  create(body: UserCreate, origin: Cause): Promise<UserRow>;
  update(of: UserChangeOf, patch: UserPatch): Promise<UserRow>;
  remove(of: UserChangeOf): Promise<void>;
  /** Ends what is named, in one transaction. Returns how many of each. */
  revoke(of: UserChangeOf, what: UserRevoke): Promise<UserRevoked>;
};

export type UserParts = { db: Db; cursors: Cursors; passwords: Passwords; loginLimit: LoginLimit };

const listName = 'users';

const isEnabledAdmin = (user: { role: string; disabled: boolean }) => user.role === 'admin' && !user.disabled;

function checkAdminRemains(locked: readonly LockedUser[], id: string): void {
  if (locked.some((user) => user.id !== id && isEnabledAdmin(user))) return;
  throw conflict('last-admin', 'This is the last admin who can log in; make or enable another one first.');
}

const patched = (before: UserState, patch: UserPatch): UserState => ({
  email: patch.email ?? before.email,
  name: patch.name ?? before.name,
  initials: patch.initials === undefined ? before.initials : patch.initials,
  role: patch.role ?? before.role,
  disabled: patch.disabled ?? before.disabled,
});

const members = ['email', 'name', 'initials', 'role', 'disabled'] as const;

/** Records a change. The event's data names members, never their values. */
const record = (
  tx: Tx,
  type: EventType,
  user: { id: string; version: number },
  { actorId, requestId, keyId }: Cause,
  changed: string[] = [],
) =>
  recordEvent(tx, {
    type,
    subjectType: 'user',
    subjectId: user.id,
    version: user.version,
    actorId,
    requestId,
    keyId,
    keys: [],
    data: { changed },
  });

/** Stores a new user and its event, in the caller's transaction. */
export async function storeNewUser(tx: Tx, user: UserCreate, passwordHash: string, origin: Cause): Promise<UserRow> {
  const { email, name, initials = null, role } = user;
  const row = await repository.insertUser(tx, { id: newId(), email, name, initials, role, passwordHash });
  await record(tx, 'user.created', row, origin);
  return row;
}

const nothingNamed = () => invalidInput([bodyFault('', 'Name at least one of sessions, keys and previews as true.')]);

/** Ends the ways in which this user can get in. Each key has an event of its own. */
async function endAll(tx: Tx, id: string, what: UserRevoke, origin: Cause): Promise<UserRevoked> {
  const sessions = what.sessions ? await endSessions(tx, id) : 0;
  const keys = what.keys ? await endKeys(tx, id) : [];
  const ofKeys =
    keys.length === 0
      ? 0
      : await endLinksOfKeys(
          tx,
          keys.map((key) => key.id),
        );
  const ofPerson = what.previews ? await endLinksOfPerson(tx, id) : 0;
  for (const key of keys) {
    const { actorId, requestId, keyId } = origin;
    const event = { type: 'key.revoked', subjectType: 'key', subjectId: key.id, version: key.version } as const;
    await recordEvent(tx, { ...event, actorId, requestId, keyId, keys: [] });
  }
  return { sessions, keys: keys.length, previews: ofKeys + ofPerson };
}

/** The user to change, from the locked rows. Throws 404, or 412 or 428 if it is not the version that was read. */
function target(locked: readonly LockedUser[], { id, ifMatch }: UserChangeOf): LockedUser {
  const found = locked.find((user) => user.id === id);
  if (found === undefined) throw notFound();
  checkPrecondition(ifMatch, found.version);
  return found;
}

export function userService({ db, cursors, passwords, loginLimit }: UserParts): UserService {
  const get = async (read: Db['read'], id: string): Promise<UserRow> => {
    const row = isId(id) ? await repository.findUser(read, id) : null;
    if (row === null) throw notFound();
    return row;
  };

  return {
    async list({ limit, after }) {
      const rows = await repository.listUsers(
        db.read,
        after === undefined ? null : cursors.open(listName, after),
        limit + 1,
      );
      const users = rows.slice(0, limit);
      const last = rows.length > limit ? users.at(-1) : undefined;
      return { users, nextCursor: last === undefined ? null : cursors.seal(listName, [last.email, last.id]) };
    },

    get: (id) => get(db.read, id),

    async getByEmail(email) {
      const row = await repository.findUserByEmail(db.read, email);
      if (row === null) throw notFound('No user has this e-mail address.');
      return row;
    },

    async create(body, origin) {
      const passwordHash = await passwords.hash(body.password, origin.actorId ?? 'console');
      return db.transaction(async (tx) => {
        const row = await storeNewUser(tx, body, passwordHash, origin);
        await loginLimit.forgive(row.email);
        return row;
      });
    },

    async update(of, patch) {
      const { id } = of;
      if (!isId(id)) throw notFound();
      const passwordHash =
        patch.password === undefined ? null : await passwords.hash(patch.password, of.actorId ?? 'console');
      return db.transaction(async (tx) => {
        const locked = await repository.lockWithAdmins(tx, id);
        const before = target(locked, of);
        const after = patched(before, patch);
        if (patch.password !== undefined) checkNotAddress(patch.password, after.email, '/password');
        if (isEnabledAdmin(before) && !isEnabledAdmin(after)) checkAdminRemains(locked, id);
        const changed = [
          ...members.filter((name) => before[name] !== after[name]),
          ...(passwordHash === null ? [] : ['password']),
        ];
        if (changed.length === 0) return get(tx.read, id);
        const endsSessions = passwordHash !== null || (after.disabled && !before.disabled);
        const row = await repository.updateUser(tx, {
          id,
          after,
          passwordHash,
          endsTokens: endsSessions || before.role !== after.role,
        });
        if (endsSessions) await endSessions(tx, id);
        if (passwordHash !== null) await loginLimit.forgive(row.email);
        await record(tx, 'user.updated', row, of, changed);
        return row;
      });
    },

    async remove(of) {
      const { id } = of;
      if (!isId(id)) throw notFound();
      await db.transaction(async (tx) => {
        const locked = await repository.lockWithAdmins(tx, id);
        const before = target(locked, of);
        if (isEnabledAdmin(before)) checkAdminRemains(locked, id);
        await repository.removeUser(tx, id);
        await record(tx, 'user.deleted', { id, version: before.version + 1 }, of);
      });
    },

    async revoke(of, what) {
      const { id, ifMatch, actorId, requestId, keyId } = of;
      if (!what.sessions && !what.keys && !what.previews) throw nothingNamed();
      if (!isId(id)) throw notFound();
      return db.transaction(async (tx) => {
        const user = await repository.lockUser(tx, id);
        if (user === null) throw notFound();
        checkCondition(ifMatch, user.version);
        const ended = await endAll(tx, id, what, of);
        if (Object.values(ended).every((number) => number === 0)) return ended;
        const event = { type: 'user.revoked', subjectType: 'user', subjectId: id, version: user.version } as const;
        await recordEvent(tx, { ...event, actorId, requestId, keyId, keys: [], data: { ...ended } });
        return ended;
      });
    },
  };
}
