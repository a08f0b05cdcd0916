import { endLinksOfKeys } from '../../access/revocations.ts';
import { type Actor, causeOf, hasRole, lowerRole, roleNamed } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { bodyFault, forbidden, invalidInput, invalidToken, notFound } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { LabelRef } from '../../core/label-ref.ts';
import type { Cursors } from '../../core/page.ts';
import { checkPrecondition, type Precondition } from '../../core/precondition.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { holdNamed, idsNamed } from '../../labels/references.ts';
import type { EventType } from '../../outbox/event-types.ts';
import { recordEvent } from '../../outbox/record.ts';
import type { KeyTokens } from './key-tokens.ts';
import * as repository from './keys.repository.ts';
import type { KeyCreate, KeyListQuery } from './keys.schema.ts';

export type MadeKey = repository.KeyRow & { token: string };

export type KeyService = {
  list(query: KeyListQuery): Promise<{ rows: repository.KeyRow[]; nextCursor: string | null }>;
  get(id: string): Promise<repository.KeyRow>;
  /** Makes a key that acts for its maker. The token is returned only here. */
  create(actor: Actor, body: KeyCreate, call: Call): Promise<MadeKey>;
  /** Ends a key at once, on every instance, and the preview links made with it. Idempotent. */
  revoke(of: { actor: Actor; id: string; ifMatch: Precondition; call: Call }): Promise<void>;
  /**
   * The actor of a key's token; undefined for a token of another kind. Throws `invalid-token` if the key is no longer
   * valid.
   */
  authenticate(token: string): Promise<Actor | undefined>;
};

const listName = 'keys';

const bornExpired = () => invalidInput([bodyFault('/expiresAt', 'Use a time that is still ahead, or leave it out.')]);

const eventOf = (type: EventType, id: string, version: number) =>
  ({ type, subjectType: 'key', subjectId: id, version, keys: [] }) as const;

export function keyService({ db, cursors, keyTokens }: { db: Db; cursors: Cursors; keyTokens: KeyTokens }): KeyService {
  const limitsOf = async (tx: Tx, member: 'sources' | 'tags', refs: readonly LabelRef[] = []) =>
    idsNamed(member, refs, await holdNamed(tx, member, refs));

  return {
    async list({ limit, after }) {
      const from = after === undefined ? null : (cursors.open(listName, after)[0] ?? null);
      const found = await repository.listKeys(db.read, from, limit + 1);
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return {
        rows,
        nextCursor: found.length > limit && last !== undefined ? cursors.seal(listName, [last.id]) : null,
      };
    },

    async get(id) {
      const row = isId(id) ? await repository.findKey(db.read, id) : null;
      if (row === null) throw notFound();
      return row;
    },

    create(actor, body, call) {
      if (!hasRole(actor, body.role)) throw forbidden('A key may not do more than who makes it.');
      const id = newId();
      const expiresAt = body.expiresAt ?? null;
      return db.transaction(async (tx) => {
        if (expiresAt !== null && !(await repository.isAhead(tx, expiresAt.toISOString()))) throw bornExpired();
        const sourceIds = await limitsOf(tx, 'sources', body.sources);
        const tagIds = await limitsOf(tx, 'tags', body.tags);
        const { name, role, readOnly = false } = body;
        await repository.insertKey(tx, {
          id,
          userId: actor.userId,
          name,
          role,
          readOnly,
          sourceIds,
          tagIds,
          expiresAt: expiresAt?.toISOString() ?? null,
        });
        await recordEvent(tx, { ...eventOf('key.created', id, 1), ...causeOf(actor, call), data: { name, role } });
        const row = await repository.findKey(tx.read, id);
        if (row === null) throw new Error('a key that was just made is gone');
        return { ...row, token: keyTokens.sign({ id, userId: actor.userId, expiresAt }) };
      });
    },

    async revoke({ actor, id, ifMatch, call }) {
      if (!isId(id)) throw notFound();
      await db.transaction(async (tx) => {
        const key = await repository.lockKey(tx, id);
        if (key === null) throw notFound();
        checkPrecondition(ifMatch, key.version);
        if (key.revoked) return;
        await repository.revokeKey(tx, id);
        const previews = await endLinksOfKeys(tx, [id]);
        await recordEvent(tx, {
          ...eventOf('key.revoked', id, key.version + 1),
          ...causeOf(actor, call),
          data: { previews },
        });
      });
    },

    async authenticate(token) {
      const id = keyTokens.verify(token);
      if (id === undefined) return undefined;
      const row = await repository.findKeyActor(db.read, id);
      if (row === null) throw invalidToken();
      const role = lowerRole(roleNamed(row.key_role), roleNamed(row.user_role));
      const key = { id, readOnly: row.read_only, dead: row.dead, sourceIds: row.source_ids, tagIds: row.tag_ids };
      return { userId: row.user_id, name: row.name, role, sessionId: null, key, token: { epoch: null, endsAt: null } };
    },
  };
}
