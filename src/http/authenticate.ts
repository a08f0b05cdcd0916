import type { IncomingMessage } from 'node:http';
import { type Access, type Actor, hasRole } from '../core/actor.ts';
import { deadKey, forbidden, invalidToken, lacksRole, unauthenticated } from '../core/errors.ts';

/** Gives the actor of an access token, or throws `invalid-token`. */
export type Authenticate = (token: string) => Promise<Actor>;

const bearer = /^bearer +([\w.~+/-]+=*)$/i;
const tokenBytesMax = 8_000;

/** The bearer token of a request; undefined without an Authorization header. Throws 401 for anything but one bearer token. */
export function bearerToken(req: IncomingMessage): string | undefined {
  const { authorization } = req.headers;
  if (authorization === undefined) return undefined;
  const sent = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization');
  const token =
    sent.length === 1 && authorization.length <= tokenBytesMax ? bearer.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw invalidToken('Send one access token, as `Authorization: Bearer …`, or none.');
  return token;
}

/** Throws 401 or 403 if this caller may not make this call at all. */
export function admit(
  actor: Actor | null,
  { access, keys }: { access: Access; keys?: false | 'unlimited' },
  method: string,
): void {
  if (actor?.key && keys === false) throw forbidden('This call cannot be made with an access key; log in.');
  if (actor?.key?.readOnly && method !== 'get' && access !== 'public')
    throw forbidden('This access key may only read.');
  if (actor?.key?.dead && method !== 'get' && access !== 'public') throw deadKey();
  if (actor?.key && keys === 'unlimited' && actor.key.sourceIds.length + actor.key.tagIds.length > 0) {
    throw forbidden('This access key may only write articles of its own sources and tags.');
  }
  if (access === 'public') return;
  if (actor === null) throw unauthenticated();
  if (!hasRole(actor, access)) throw lacksRole(access, actor.role);
}
