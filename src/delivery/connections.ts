import { lookup as lookUp } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { denied, judgeAddress, judgeTarget } from '../core/webhook-target.ts';

/** Connections to receivers. Who is connected to is judged by the address, when the connection is made. */

/** Thrown for an address to which nothing may be sent. Says nothing of which one it is. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

export type Resolved = { address: string; family: number };
export type Resolve = (host: string) => Promise<Resolved[]>;

const atOnceMax = 8;

/** Servers close idle connections after 5 s and more, so that ours are closed before. */
const idleMs = 4_000;
const forgottenMs = 60_000;

/** Those who ask for one host at once share a look-up: it takes a thread, of which a process has four. */
function joined(resolve: Resolve): Resolve {
  const asked = new Map<string, Promise<Resolved[]>>();
  return (host) => {
    const found = asked.get(host) ?? resolve(host).finally(() => asked.delete(host));
    asked.set(host, found);
    return found;
  };
}

/** Resolves a host for a connection, to nothing unless every address that it has may be sent to. */
function judgingLookup(resolve: Resolve, url: string, networks: readonly string[]): LookupFunction {
  return (host, { all }, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found;
        const wrong = found.some(({ address }) => isIP(address) === 0 || judgeAddress(url, address, networks) !== null);
        if (first === undefined || wrong) done(new NotAllowed('an address that nothing may be sent to'), '', 0);
        else if (all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(Object.assign(new Error('a host is not found'), { cause: error }), '', 0),
    );
  };
}

type AgentOptions = https.AgentOptions & { lookup: LookupFunction };

/**
 * Where no network is allowed, the package's agent looks at the address once more. Where some are, it could not: it takes no
 * list with networks of both families.
 */
function makeAgent({ protocol }: URL, options: AgentOptions, networks: readonly string[]): http.Agent {
  const filtering = { ...options, denyIPAddressList: [...denied] };
  if (protocol === 'https:')
    return networks.length === 0 ? new RequestFilteringHttpsAgent(filtering) : new https.Agent(options);
  return networks.length === 0 ? new RequestFilteringHttpAgent(filtering) : new http.Agent(options);
}

export type Connections = {
  /** The connections of one receiver to this URL. Throws `NotAllowed` where that is known without looking its host up. */
  to(receiver: string, url: string): http.Agent;
  close(): void;
};

export type ConnectionParts = { networks: readonly string[]; resolve?: Resolve | undefined };

const resolveHost: Resolve = (host) => lookUp(host, { all: true });

export function openConnections({ networks, resolve = resolveHost }: ConnectionParts): Connections {
  const agents = new Map<string, { agent: http.Agent; usedAt: number }>();
  const share = joined(resolve);

  const forgetUnused = (now: number) => {
    for (const [key, { agent, usedAt }] of agents)
      if (now - usedAt > forgottenMs) {
        agent.destroy();
        agents.delete(key);
      }
  };

  return {
    to(receiver, url) {
      if (judgeTarget(url, networks) !== null) throw new NotAllowed('an address that nothing may be sent to');
      const now = performance.now();
      const key = `${receiver} ${url}`;
      const known = agents.get(key);
      if (known !== undefined) {
        known.usedAt = now;
        return known.agent;
      }
      forgetUnused(now);
      const lookup = judgingLookup(share, url, networks);
      const options = { keepAlive: true, maxSockets: atOnceMax, maxFreeSockets: atOnceMax, timeout: idleMs, lookup };
      const agent = makeAgent(new URL(url), options, networks);
      agents.set(key, { agent, usedAt: now });
      return agent;
    },
    close() {
      for (const { agent } of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
