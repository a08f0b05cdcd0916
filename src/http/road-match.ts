import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { hasBody } from './body.ts';
import { canonicalTarget } from './canonical-query.ts';
import { type Endpoint, isKeepable } from './endpoint.ts';
import type { LoggedAddress } from './exchange.ts';
import { loggedAddress } from './known-line.ts';
import { parseInput, querySchemaOf } from './parse.ts';
import { noQuery, readQuery, searchOf } from './query.ts';
import { loggedPath } from './request-log.ts';
import { requestFault, targetFault } from './server/well-formed.ts';

/** A call that the road serves: what it asks for, and the one name of that. */
export type RoadCall = {
  readonly endpoint: Endpoint;
  /** Whether a token was sent. */
  readonly signedIn: boolean;
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  /** The address with its query in the one spelling. */
  readonly target: string;
  readonly logged: LoggedAddress;
};

/** How much of what was read of addresses is remembered, in bytes: of those without a token, and of those with one. */
const readBytesMax = { open: 4_000_000, signed: 1_000_000 };
const readBytesEach = 10_000;

/** Whether a call with a token needs nothing but to be admitted before it is handled. */
const isPlain = ({ spec, prepare }: Endpoint) => spec.token === undefined && !spec.costly && prepare === undefined;

type Place = { endpoint: Endpoint; params: Record<string, string> };

/** Finds the endpoint of a path as Express does: literally, fixed paths first, one parameter at the end. */
function openPlaces(endpoints: readonly Endpoint[]): (path: string) => Place | null {
  const fixed = new Map<string, Endpoint | null>(endpoints.map(({ path }) => [path, null]));
  const open = new Map<string, { endpoint: Endpoint; name: string }>();
  for (const endpoint of endpoints.filter(isKeepable)) {
    const [, prefix, name] = /^([^{}]*\/)\{(\w+)\}$/.exec(endpoint.path) ?? [];
    if (prefix !== undefined && name !== undefined) open.set(prefix, { endpoint, name });
    else if (!endpoint.path.includes('{')) fixed.set(endpoint.path, endpoint);
  }
  return (path) => {
    const known = fixed.get(path);
    if (known !== undefined) return known && { endpoint: known, params: {} };
    const end = path.lastIndexOf('/') + 1;
    const found = open.get(path.slice(0, end));
    const segment = path.slice(end);
    if (found === undefined || segment === '') return null;
    try {
      return { endpoint: found.endpoint, params: { [found.name]: decodeURIComponent(segment) } };
    } catch {
      return null;
    }
  };
}

/** Reads the target of a call with a token or without; null if it is not on the road, or if its query has a fault. */
function openReading(placeOf: (path: string) => Place | null, signedIn: boolean): (target: string) => RoadCall | null {
  return (target) => {
    if (targetFault(target) !== undefined) return null;
    const place = placeOf(target.split('?', 1)[0] ?? '');
    if (place === null || (signedIn && !isPlain(place.endpoint))) return null;
    const { endpoint, params } = place;
    const { spec } = endpoint;
    const search = searchOf(target);
    const sent = search === '' ? noQuery : readQuery(search);
    try {
      const { query } = parseInput(spec, signedIn, sent, undefined);
      const canonical = canonicalTarget(target, querySchemaOf(spec, signedIn), query, sent);
      const name = `${spec.id} ${Object.values(params).join('/')} ${searchOf(canonical)}`;
      const logged = loggedAddress(loggedPath(target), endpoint.path);
      return { endpoint, signedIn, name, params, query, target: canonical, logged };
    } catch {
      return null;
    }
  };
}

/** What was read of targets lately is remembered. */
function openKnown(read: (target: string) => RoadCall | null, bytesMax: number): (target: string) => RoadCall | null {
  const known = new LRUCache<string, { call: RoadCall | null }>({
    maxSize: bytesMax,
    maxEntrySize: readBytesEach,
    sizeCalculation: (_, target) => 700 + 10 * target.length,
  });
  return (target) => {
    const before = known.get(target);
    if (before !== undefined) return before.call;
    const call = read(target);
    known.set(target, { call });
    return call;
  };
}

/**
 * Tells the calls that the road serves: GET and HEAD of public routes whose answers caches may keep, without a body or a
 * fault. Everything else is for Express.
 */
export function openRoadMatch(endpoints: readonly Endpoint[]): (req: IncomingMessage) => RoadCall | null {
  const placeOf = openPlaces(endpoints);
  const open = openKnown(openReading(placeOf, false), readBytesMax.open);
  const signed = openKnown(openReading(placeOf, true), readBytesMax.signed);
  return (req) => {
    const { method, url = '', headers } = req;
    if (method !== 'GET' && method !== 'HEAD') return null;
    if (hasBody(req) || !url.startsWith('/v1/')) return null;
    // An empty header counts as one.
    const call = headers.authorization === undefined ? open(url) : signed(url);
    return call !== null && requestFault(req) === undefined ? call : null;
  };
}
