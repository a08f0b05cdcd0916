/** Who calls. Roles are ordered: each may do what the one before it may. */
export const roles = ['viewer', 'author', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

export type Actor = { readonly userId: string; readonly name: string; readonly role: Role; readonly sessionId: string };

/** The least that a route asks of its caller. */
export type Access = 'public' | Role;

const rank: Readonly<Record<Role, number>> = { viewer: 1, author: 2, editor: 3, admin: 4 };

export const hasRole = (actor: Actor, least: Role): boolean => rank[actor.role] >= rank[least];
