/** Ordered by the calls that a role may make, not by what it sees: an author sees less than a viewer. */
export const roles = ['viewer', 'author', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Reads a stored role. Throws for any other word, which the tables do not allow. */
export function roleNamed(word: string): Role {
  const role = roles.find((known) => known === word);
  if (role === undefined) throw new Error('a stored role that is none');
  return role;
}

/** The access key that a machine calls with, and its limits in addition to its role. Empty lists limit nothing. */
export type KeyUse = {
  readonly id: string;
  readonly readOnly: boolean;
  /** True if all sources, or all tags, that the key was limited to are gone: it can no longer write anything. */
  readonly dead: boolean;
  readonly sourceIds: readonly string[];
  readonly tagIds: readonly string[];
};

/** What the caller's token rests on. A long answer ends when that does. */
export type TokenUse = {
  /** The user's count of revocations when the token was made; null for an access key. */
  readonly epoch: number | null;
  /** When the token itself ends, in milliseconds; null if that is asked of the database. */
  readonly endsAt: number | null;
};

export type Actor = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  /** The session of the log-in. Null for an access key, which acts for the user who made it. */
  readonly sessionId: string | null;
  readonly key: KeyUse | null;
  /** Null without a token, as in the first run. */
  readonly token: TokenUse | null;
};

/** Who caused a change, in which call and with which access key. Every event records this. */
export type Cause = {
  readonly actorId: string | null;
  readonly requestId: string | null;
  readonly keyId: string | null;
};

/** A change that nobody asked for over HTTP: the first account, the command line. */
export const noCause: Cause = { actorId: null, requestId: null, keyId: null };

export const causeOf = (actor: Actor, call: { readonly requestId: string }): Cause => ({
  actorId: actor.userId,
  requestId: call.requestId,
  keyId: actor.key?.id ?? null,
});

/** The lowest role that a route requires. */
export type Access = 'public' | Role;

const rank: Readonly<Record<Role, number>> = { viewer: 1, author: 2, editor: 3, admin: 4 };

export const lowerRole = (a: Role, b: Role): Role => (rank[a] < rank[b] ? a : b);

export const hasRole = (actor: Actor, least: Role): boolean => rank[actor.role] >= rank[least];
