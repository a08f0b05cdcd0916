/** Who calls. Roles are ordered by the calls that they may make, and not by what they see: authors see less than viewers. */
export const roles = ['viewer', 'author', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The role of a stored word; the tables admit no other. */
export function roleNamed(word: string): Role {
  const role = roles.find((known) => known === word);
  if (role === undefined) throw new Error('a stored role that is none');
  return role;
}

/** The access key with which a machine came, and what it may do less than its role. Empty lists limit nothing. */
export type KeyUse = {
  readonly id: string;
  readonly readOnly: boolean;
  /** It has limits, and all the sources or all the tags of them are gone: it can write nothing. */
  readonly dead: boolean;
  readonly sourceIds: readonly string[];
  readonly tagIds: readonly string[];
};

export type Actor = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  /** The log-in; null for an access key, which acts for the user who made it. */
  readonly sessionId: string | null;
  readonly key: KeyUse | null;
};

/** Who caused a change, by which call and with which access key: what every event says. */
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

/** The least that a route asks of its caller. */
export type Access = 'public' | Role;

const rank: Readonly<Record<Role, number>> = { viewer: 1, author: 2, editor: 3, admin: 4 };

/** The one of two roles that may do less. */
export const lowerRole = (a: Role, b: Role): Role => (rank[a] < rank[b] ? a : b);

export const hasRole = (actor: Actor, least: Role): boolean => rank[actor.role] >= rank[least];
