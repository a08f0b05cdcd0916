import { type Actor, lowerRole, type Role, roleNamed } from '../core/actor.ts';
import type { Clock } from '../core/clock.ts';
import type { Read } from '../db/tx.ts';

/** Watches whether callers of long answers may still have them: their token, session or access key, and account. */
export type Standing = {
  /** Whether the token has ended. Clocks differ, so other calls accept it a while longer; long answers do not begin then. */
  isOver(actor: Actor): boolean;
  /**
   * Calls `ended` once the token has ended, or within a second after its session, key or account has, or after a role that
   * `mayStay` refuses. Returns the function that ends the watch.
   */
  watch(actor: Actor, mayStay: (role: Role) => boolean, ended: () => void): () => void;
};

type Watched = { readonly actor: Actor; readonly mayStay: (role: Role) => boolean; readonly ended: () => void };

type Row = { id: string; epoch: number; role: string; key_role: string | null };

/** The sessions and keys among these that stand, with what their users may do now. */
const statement = {
  name: 'standing',
  timeoutMs: 2_000,
  text: `SELECT s.id::text AS id, u.token_epoch AS epoch, u.role, NULL AS key_role FROM @sessions s JOIN @users u ON u.id = s.user_id
      WHERE s.id = ANY($1::uuid[]) AND s.revoked_at IS NULL AND u.disabled_at IS NULL
    UNION ALL SELECT k.id::text, 0, u.role, k.role FROM @access_keys k JOIN @users u ON u.id = k.user_id
      WHERE k.id = ANY($2::uuid[]) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.disabled_at IS NULL`,
};

/** Less than a second by the time that the statement itself takes. */
const lookEveryMs = 900;

const idOf = ({ sessionId, key }: Actor): string => key?.id ?? sessionId ?? '';

function stands({ actor, mayStay }: Watched, row: Row | undefined): boolean {
  if (row === undefined) return false;
  const role = roleNamed(row.role);
  if (row.key_role !== null) return mayStay(lowerRole(roleNamed(row.key_role), role));
  return row.epoch === actor.token?.epoch && mayStay(role);
}

/** One statement for all who are watched, and none where nobody is. */
export function openStanding({ read, clock }: { read: Read; clock: Clock }): Standing {
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking = false;

  const drop = (one: Watched) => {
    if (watched.delete(one)) one.ended();
  };
  const ofTokens = () => [...watched].flatMap(({ actor }) => actor.token?.endsAt ?? []);

  const look = async () => {
    lookedAt = performance.now();
    if (looking) return;
    looking = true;
    const asked = [...watched];
    const keys = asked.flatMap(({ actor }) => actor.key?.id ?? []);
    const sessions = asked.flatMap(({ actor }) => (actor.key === null ? (actor.sessionId ?? []) : []));
    // Where the database cannot be asked nothing can be read either, and the next look asks again.
    const rows = await read<Row>(statement, [[...new Set(sessions)], [...new Set(keys)]]).catch(() => null);
    looking = false;
    const found = new Map(rows?.map((row) => [row.id, row]));
    for (const one of asked) if (rows !== null && !stands(one, found.get(idOf(one.actor)))) drop(one);
  };

  /** The next look, or an earlier end of a token. */
  const plan = () => {
    clearTimeout(timer);
    if (watched.size === 0) return;
    const nextLookMs = Math.max(0, lookedAt + lookEveryMs - performance.now());
    const nextEndMs = Math.max(0, Math.min(...ofTokens()) - clock());
    timer = setTimeout(tick, Math.min(nextLookMs, nextEndMs)).unref();
  };
  const tick = () => {
    const now = clock();
    for (const one of watched) if ((one.actor.token?.endsAt ?? Number.POSITIVE_INFINITY) <= now) drop(one);
    if (watched.size > 0 && performance.now() - lookedAt >= lookEveryMs) void look();
    plan();
  };

  return {
    isOver: ({ token }) => (token?.endsAt ?? Number.POSITIVE_INFINITY) <= clock(),
    watch(actor, mayStay, ended) {
      const one: Watched = { actor, mayStay, ended };
      watched.add(one);
      plan();
      return () => {
        watched.delete(one);
      };
    },
  };
}
