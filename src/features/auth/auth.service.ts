import { type Actor, causeOf, type Role, roleNamed } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { bodyFault, Failure, invalidToken, unprocessable } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { checkCondition, type Precondition } from '../../core/precondition.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { recordEvent } from '../../outbox/record.ts';
import type { KeyService } from '../keys/keys.service.ts';
import type { AccessTokens } from './access-tokens.ts';
import * as repository from './auth.repository.ts';
import { checkChange } from './auth.schema.ts';
import type { LoginLimit } from './login-limit.ts';
import type { Passwords } from './passwords.ts';
import type { RefreshTokens } from './refresh-tokens.ts';

/** The caller's account, what the caller may do now, and the access key if the caller is a machine. */
export type CallerAccount = {
  row: repository.AccountRow;
  role: Role;
  key: { json: string; version: number } | null;
};

/** The result of logging in and of refreshing, and whose it is. */
export type IssuedTokens = {
  row: repository.AccountRow;
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
};

export type AuthService = {
  authenticate(token: string): Promise<Actor>;
  login(credentials: { email: string; password: string }, call: Call): Promise<IssuedTokens>;
  refresh(token: string): Promise<IssuedTokens>;
  /**
   * Ends the session of the refresh token, or else the caller's session, if there is one. The precondition is about the
   * caller's account.
   */
  logout(token: string | undefined, actor: Actor | null, ifMatch: Precondition): Promise<void>;
  getAccount(actor: Actor): Promise<CallerAccount>;
  /** Ends every session of the account and begins a new one for the caller. */
  changePassword(
    of: { actor: Actor; ifMatch: Precondition; call: Call },
    change: { currentPassword: string; newPassword: string },
  ): Promise<IssuedTokens>;
};

export type AuthParts = {
  db: Db;
  passwords: Passwords;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  loginLimit: LoginLimit;
  keys: Pick<KeyService, 'get'>;
};

const invalidCredentials = () =>
  new Failure('Unauthenticated', 'invalid-credentials', 'This e-mail address and password do not belong together.');

const invalidRefreshToken = () =>
  new Failure('Unauthenticated', 'invalid-refresh-token', 'The refresh token is not good any more; log in.');

export function authService({ db, passwords, accessTokens, refreshTokens, loginLimit, keys }: AuthParts): AuthService {
  const tokensFor = (row: repository.AccountRow, sessionId: string, generation: number): IssuedTokens => ({
    row,
    accessToken: accessTokens.sign({ userId: row.id, sessionId, epoch: row.token_epoch }),
    refreshToken: refreshTokens.make({ sessionId, generation }),
    expiresIn: accessTokens.lifetimeS,
  });

  const beginSession = async (tx: Tx, row: repository.AccountRow): Promise<IssuedTokens> => {
    const sessionId = newId();
    const tokens = tokensFor(row, sessionId, 1);
    const begun = await repository.insertSession(tx, {
      id: sessionId,
      userId: row.id,
      tokenHash: refreshTokens.hash(tokens.refreshToken),
      epoch: row.token_epoch,
    });
    if (!begun) throw invalidCredentials();
    return tokens;
  };

  return {
    async authenticate(token) {
      const claims = accessTokens.verify(token);
      const row = await repository.findActor(db.read, claims);
      if (row === null) throw invalidToken();
      const { sessionId, epoch, endsAt } = claims;
      const role = roleNamed(row.role);
      return { userId: row.id, name: row.name, role, sessionId, key: null, token: { epoch, endsAt } };
    },

    async login({ email, password }, call) {
      const row = await loginLimit.attempt(email, call.address, async () => {
        const found = await repository.findLogin(db.read, email);
        const { right, renewed } = await passwords.verify(password, found?.password_hash ?? null, call.address);
        return right && found !== null ? { ...found, renewed } : null;
      });
      if (row === null) throw invalidCredentials();
      return db.transaction(async (tx) => {
        if (row.renewed !== null) await repository.renewHash(tx, row.id, row.renewed, row.password_hash);
        return beginSession(tx, row);
      });
    },

    async refresh(token) {
      const claims = refreshTokens.read(token);
      if (claims === undefined) throw invalidRefreshToken();
      const tokens = await db.transaction(async (tx) => {
        const family = await repository.lockFamily(tx, claims);
        if (!family?.alive) return undefined;
        if (claims.generation === family.generation && refreshTokens.hashes(claims).includes(family.token_hash)) {
          const next = tokensFor(family, claims.sessionId, family.generation + 1);
          await repository.rotateFamily(
            tx,
            claims.sessionId,
            family.generation + 1,
            refreshTokens.hash(next.refreshToken),
          );
          return next;
        }
        if (claims.generation < family.generation && family.recent)
          return tokensFor(family, claims.sessionId, claims.generation + 1);
        await repository.revokeSession(tx.read, claims.sessionId);
        return undefined;
      });
      if (tokens === undefined) throw invalidRefreshToken();
      return tokens;
    },

    async logout(token, actor, ifMatch) {
      const account = actor === null ? null : await repository.findAccount(db.read, actor.userId);
      checkCondition(ifMatch, account?.version ?? null);
      const sessionId = (token === undefined ? undefined : refreshTokens.read(token)?.sessionId) ?? actor?.sessionId;
      if (sessionId != null) await repository.revokeSession(db.read, sessionId);
    },

    async getAccount(actor) {
      const row = await repository.findAccount(db.read, actor.userId);
      if (row === null) throw invalidToken();
      return { row, role: actor.role, key: actor.key === null ? null : await keys.get(actor.key.id) };
    },

    async changePassword({ actor, ifMatch, call }, change) {
      const { currentPassword, newPassword } = change;
      const before = await repository.findAccount(db.read, actor.userId);
      if (before === null) throw invalidToken();
      checkCondition(ifMatch, before.version);
      checkChange(change, before.email);
      const right = await loginLimit.attempt(before.email, call.address, async () =>
        (await passwords.verify(currentPassword, before.password_hash, call.address)).right ? true : null,
      );
      if (right === null) {
        throw unprocessable('wrong-password', 'currentPassword is not the password of this account.', [
          bodyFault('/currentPassword', 'Send the password that the account has now.'),
        ]);
      }
      const passwordHash = await passwords.hash(newPassword, actor.userId);
      return db.transaction(async (tx) => {
        const row = await repository.replacePassword(tx, actor.userId, passwordHash, before.password_hash);
        if (row === null) throw invalidToken();
        // Checked again, since somebody may have changed the account before this locked its row.
        checkCondition(ifMatch, row.version - 1);
        await loginLimit.forgive(row.email);
        await recordEvent(tx, {
          type: 'user.password-changed',
          subjectType: 'user',
          subjectId: row.id,
          version: row.version,
          ...causeOf(actor, call),
          keys: [],
        });
        return beginSession(tx, row);
      });
    },
  };
}
