import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cache, Shown } from '../cache/cache.ts';
import type { Outage } from '../cache/outage.ts';
import type { KeysHeader } from '../core/cache-keys.ts';
import { isDatabaseAway } from '../core/errors.ts';
import { cacheControl, lastsItsAge, sharedCaching } from './caching.ts';
import { addHeaders, type Common, type CommonAnswer, isPackable, makeEncoding, type Variant } from './common-answer.ts';
import { notModified, readIfMatch } from './conditional.ts';
import { type Encoding, encodedTag, openEncoder, preferredEncoding } from './encodings.ts';
import type { Exchange } from './exchange.ts';
import type { PlainBodies } from './plain-bodies.ts';
import { sendProblem } from './problem.ts';
import { readCommon } from './read-common.ts';
import type { RoadCall } from './road-match.ts';
import { send, setHeaders } from './send.ts';

export type RoadParts = {
  /** Null: nothing is kept. */
  cache: Cache<Common> | null;
  plainBodies: PlainBodies;
  outage: Outage;
  /** How long an outage may be in which kept answers are shown. */
  staleMsMax: number;
  /** How long a CDN may keep answers that it forgets by their keys; 0 no longer than anybody. */
  sharedMaxAgeS: number;
  publicUrl: string;
  keysHeader: KeysHeader;
  ownHeaders: OwnHeaders;
};

/** The headers of every answer to a call, whatever it says, as a flat list of names and values. */
export type OwnHeaders = (req: IncomingMessage, exchange: Exchange) => string[];

/** Serves what `openRoadMatch` has found, without Express. */
export type Road = (call: RoadCall, req: IncomingMessage, res: ServerResponse, exchange: Exchange) => void;

type Served = { readonly shown: Shown<Common>; readonly isOld: boolean };

/** RFC 9111, 5.1, and RFC 9211. */
const oldHeaders = ({ readAt }: Shown<Common>): Record<string, string> => ({
  'Cache-Control': 'max-age=0',
  Age: String(Math.max(0, Math.floor((performance.now() - readAt) / 1_000))),
  'Cache-Status': 'khobor; hit; detail=database-away',
});

/** A flat list of names and values by name. */
const namedOf = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? '']] : [])));

/** The tag of the plain answer, or of the encoding that is yet to be made anew, if that is the one which the caller has. */
function tagFor(req: IncomingMessage, plain: string, wanted: Encoding): string {
  const tag = encodedTag(plain, wanted);
  const known = req.headers['if-none-match'];
  return known?.includes(tag) && notModified(known, tag) && !notModified(known, plain) ? tag : plain;
}

/** Callers send few different headers: what was read of one is remembered. */
function openPreferred(): (accepted: string) => Encoding | null {
  const known = new Map<string, Encoding | null>();
  return (accepted) => {
    const before = known.get(accepted);
    if (before !== undefined) return before;
    const read = preferredEncoding(accepted);
    if (known.size < acceptedMax) known.set(accepted, read);
    return read;
  };
}
const acceptedMax = 200;

export function openRoad(parts: RoadParts): Road {
  const { cache, plainBodies, outage, staleMsMax, sharedMaxAgeS, keysHeader, ownHeaders } = parts;

  const shared = sharedCaching(sharedMaxAgeS);
  const encode = openEncoder();
  const preferred = openPreferred();

  /**
   * Never past the moment at which time alone may change the answer. A CDN is told what it forgets by keys, unless the answer
   * may be another by the time it arrives, since it would then come after the purge.
   */
  const cachingOf = ({ endpoint }: RoadCall, { value, endsAt, isSure }: Shown<Common>): readonly string[] => {
    const policy = endpoint.spec.cache ?? 'never';
    const leftS = (endsAt - performance.now()) / 1_000;
    const own = ['Cache-Control', cacheControl(policy, false, leftS)];
    const isShared = isSure && value.kind === 'answer' && value.kept && lastsItsAge(policy, leftS);
    return isShared ? [...own, ...shared] : own;
  };

  /** The encoding that this caller likes, if the answer has or may get one. */
  const wantedOf = ({ encodable }: CommonAnswer, req: IncomingMessage): Encoding | null => {
    const accepted = req.headers['accept-encoding'];
    return encodable && typeof accepted === 'string' ? preferred(accepted) : null;
  };

  const encodeLater = (name: string, answer: CommonAnswer, encoding: Encoding) => {
    if (cache !== null) makeEncoding(answer, encoding, { encode, made: (bytes) => cache.grow(name, answer, bytes) });
  };

  /**
   * The answer in this encoding. The first who asks for it gets the answer as it is. What was found among those that are asked
   * for often is kept encoded even if nobody wants it so: several times as many fit. Encoding takes half as long as reading a
   * page does, so it waits until somebody has found it: most that are kept end before anybody does.
   */
  const variantOf = (name: string, answer: CommonAnswer, isOften: boolean, wanted: Encoding | null): Variant => {
    const known = wanted === null ? undefined : answer.encoded[wanted];
    if (known === undefined && (wanted !== null || (isOften && isPackable(answer))))
      encodeLater(name, answer, wanted ?? 'gzip');
    return known ?? answer.plain;
  };

  const bodyOf = (answer: CommonAnswer, variant: Variant): Buffer | null =>
    variant.body ?? (variant === answer.plain ? plainBodies.of(answer) : null);

  /** Sends what is kept in one step. Returns false if the call needs more than that. */
  const sendAtOnce = (
    call: RoadCall,
    shown: Shown<Common>,
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
  ) => {
    const { value } = shown;
    const { 'if-match': condition, 'if-none-match': known } = req.headers;
    if (value.kind === 'failure' || value.status !== 200 || condition !== undefined) return false;
    const variant = variantOf(call.name, value, shown.isOften, wantedOf(value, req));
    if (known !== undefined && known !== variant.tag) return false;
    const isKnown = known !== undefined;
    const headers = ownHeaders(req, exchange);
    headers.push(...cachingOf(call, shown));
    addHeaders(headers, value, variant, isKnown);
    if (isKnown) res.writeHead(304, headers).end();
    else {
      headers.push('Content-Length', variant.length);
      res.writeHead(200, headers).end(req.method === 'HEAD' ? undefined : bodyOf(value, variant));
    }
    return true;
  };

  const sendInSteps = (call: RoadCall, { shown, isOld }: Served, req: IncomingMessage, res: ServerResponse) => {
    const { value } = shown;
    if (value.kind === 'failure') throw value.failure;
    const wanted = wantedOf(value, req);
    const variant = variantOf(call.name, value, shown.isOften, wanted);
    const headers: Record<string, string> = {
      ...namedOf(addHeaders([], value, variant, false)),
      ...(isOld ? oldHeaders(shown) : namedOf(cachingOf(call, shown))),
    };
    if (wanted !== null && variant === value.plain) headers.ETag = tagFor(req, headers.ETag ?? '', wanted);
    send(req, res, { status: value.status, headers, body: bodyOf(value, variant), passing: false });
  };

  /** What is kept is shown in an outage if nothing in it has ended, and if all was known when the outage began. */
  const oldOf = ({ name }: RoadCall): Shown<Common> | undefined => {
    const away = outage.away();
    if (away === null || !away.heardAll || performance.now() - away.since > staleMsMax) return undefined;
    const old = cache?.findOld(name);
    if (old !== undefined) cache?.shownOld(old);
    return old;
  };

  const make = async (call: RoadCall): Promise<Shown<Common>> => {
    const known = () => cache?.findOld(call.name)?.value;
    const read = () => readCommon(call, parts, known);
    if (cache !== null) return cache.make(call.name, read);
    const readAt = performance.now();
    const { value, lastsMs } = await read();
    return { value, readAt, endsAt: readAt + lastsMs, isSure: true, isOften: false };
  };

  const makeOrOld = async (call: RoadCall): Promise<Served> => {
    const before = oldOf(call);
    if (before !== undefined) return { shown: before, isOld: true };
    const began = performance.now();
    try {
      return { shown: await make(call), isOld: false };
    } catch (thrown) {
      if (!isDatabaseAway(thrown)) throw thrown;
      const known = outage.found(began);
      // If nothing is kept for this call, the outcome of the second question does not help it.
      if (cache?.findOld(call.name) === undefined) throw thrown;
      await known;
      const old = oldOf(call);
      if (old === undefined) throw thrown;
      return { shown: old, isOld: true };
    }
  };

  const fail = (req: IncomingMessage, res: ServerResponse, exchange: Exchange, thrown: unknown) => {
    exchange.error = thrown;
    if (res.headersSent) return void res.destroy();
    setHeaders(res, ownHeaders(req, exchange));
    sendProblem(res, thrown, exchange.requestId, keysHeader);
  };

  const serve = async (
    call: RoadCall,
    kept: Shown<Common> | undefined,
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
  ) => {
    // A header that is at fault is told before anything is read.
    readIfMatch(req.headers['if-match']);
    const served = kept ? { shown: kept, isOld: false } : await makeOrOld(call);
    if (kept === undefined && !served.isOld && sendAtOnce(call, served.shown, req, res, exchange)) return;
    setHeaders(res, ownHeaders(req, exchange));
    sendInSteps(call, served, req, res);
  };

  return (call, req, res, exchange) => {
    exchange.route = call.endpoint.path;
    exchange.logged = call.logged;
    const kept = cache?.find(call.name);
    if (kept !== undefined && sendAtOnce(call, kept, req, res, exchange)) return;
    serve(call, kept, req, res, exchange).catch((thrown: unknown) => fail(req, res, exchange, thrown));
  };
}
