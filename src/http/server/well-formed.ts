import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '../../core/errors.ts';
import { sendProblem } from '../problem.ts';

const hostCharacters = /^[\w.~!$&'()*+;=%:[\]-]*$/;

/**
 * Whether a Host names a server, so that an address can be made of it. Without commas, which stand where a proxy has joined
 * two. An empty one is allowed (RFC 9112, 3.2).
 */
const isHost = (host: string) => hostCharacters.test(host) && (host === '' || URL.canParse(`http://${host}`));

/** The last Host that was right: nearly all requests have the same. */
let lastHost = '';

function isKnownHost(host: string): boolean {
  if (host === lastHost) return true;
  if (!isHost(host)) return false;
  lastHost = host;
  return true;
}

function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}

/** What HTTP forbids in a target. */
export function targetFault(target: string): string | undefined {
  if (target.includes('#')) return 'Leave out # and what follows, or write # as %23 where it belongs to the address.';
  return target.split('?', 1)[0]?.includes('\\') ? 'Write \\ in the path as %5C.' : undefined;
}

/** What it forbids in the rest of a request. */
export function requestFault(req: IncomingMessage): string | undefined {
  if (req.httpVersionMajor !== 1) return 'Speak HTTP/1.1.';
  const hosts = hostsOf(req);
  if (hosts.length > 1 || (hosts.length === 0 && req.httpVersionMinor > 0) || !isKnownHost(hosts[0] ?? ''))
    return 'Send one Host header, with the name of the server.';
  const coding = req.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return 'Send the body chunked or as it is; no other transfer coding is known here.';
  return undefined;
}

/**
 * Refuses what HTTP forbids and Node lets through (RFC 9112, 3.2 and 6.1), and closes the connection: a proxy in front of
 * this server could have read such a request differently. Returns whether it was refused.
 */
export function refuseMalformed(req: IncomingMessage, res: ServerResponse, requestId: string): boolean {
  const fault = requestFault(req) ?? targetFault(req.url ?? '');
  if (fault === undefined) return false;
  res.setHeader('Connection', 'close');
  sendProblem(res, new Failure('InvalidInput', 'malformed-request', fault), requestId);
  return true;
}
