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
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  /** The address with its query in the one spelling. */
  readonly target: string;
  readonly logged: LoggedAddress;
};

/** How much of what was read of addresses is remembered, in bytes. */
const readBytesMax = 4_000_000;
const readBytesEach = 10_000;

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

/** Reads a target; null if it is not on the road, or if its query has a fault. */
function openReading(endpoints: readonly Endpoint[]): (target: string) => RoadCall | null {
  const placeOf = openPlaces(endpoints);
  return (target) => {
    if (targetFault(target) !== undefined) return null;
    const place = placeOf(target.split('?', 1)[0] ?? '');
    if (place === null) return null;
    const { endpoint, params } = place;
    const { spec } = endpoint;
    const search = searchOf(target);
    const sent = search === '' ? noQuery : readQuery(search);
    try {
      const { query } = parseInput(spec, null, sent, undefined);
      const canonical = canonicalTarget(target, querySchemaOf(spec, null), query, sent);
      const name = `${spec.id} ${Object.values(params).join('/')} ${searchOf(canonical)}`;
      const logged = loggedAddress(loggedPath(target), endpoint.path);
      return { endpoint, name, params, query, target: canonical, logged };
    } catch {
      return null;
    }
  };
}

/**
 * Tells the calls that the road serves: GET and HEAD of public routes whose answers caches may keep, without a token, a body
 * or a fault. Everything else is for Express.
 */
export function openRoadMatch(endpoints: readonly Endpoint[]): (req: IncomingMessage) => RoadCall | null {
  const read = openReading(endpoints);
  const known = new LRUCache<string, { call: RoadCall | null }>({
    maxSize: readBytesMax,
    maxEntrySize: readBytesEach,
    sizeCalculation: (_, target) => 700 + 10 * target.length,
  });
  return (req) => {
    const { method, url = '', headers } = req;
    if (method !== 'GET' && method !== 'HEAD') return null;
    // An empty header counts as one.
    if (headers.authorization !== undefined || hasBody(req) || !url.startsWith('/v1/')) return null;
    let before = known.get(url);
    if (before === undefined) {
      before = { call: read(url) };
      known.set(url, before);
    }
    return before.call !== null && requestFault(req) === undefined ? before.call : null;
  };
}
