import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cache, Made, Shown } from '../cache/cache.ts';
import { cacheKeys, type KeysHeader } from '../core/cache-keys.ts';
import { Failure } from '../core/errors.ts';
import { cacheControl } from './caching.ts';
import { readIfMatch } from './conditional.ts';
import type { Exchange } from './exchange.ts';
import { sendProblem } from './problem.ts';
import { type RenderedAnswer, render } from './render.ts';
import type { RoadCall } from './road-match.ts';
import { send } from './send.ts';

/** An answer that serves everybody: what is of one call alone is added when it is sent. */
export type Common =
  | {
      readonly kind: 'answer';
      readonly rendered: RenderedAnswer;
      /** Its headers but `Cache-Control`, as flat lists of names and values, for a 200 and for a 304. */
      readonly whole: readonly string[];
      readonly unchanged: readonly string[];
    }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type RoadParts = {
  /** Null: nothing is kept. */
  cache: Cache<Common> | null;
  publicUrl: string;
  keysHeader: KeysHeader;
  /** The headers of every answer, as a flat list of names and values. */
  fixedHeaders: readonly string[];
  corsFor(origin: string | undefined): readonly string[];
};

/** Serves what `openRoadMatch` has found, without Express. */
export type Road = (call: RoadCall, req: IncomingMessage, res: ServerResponse, exchange: Exchange) => void;

/** What a failure takes that is kept. */
const failureBytes = 2_000;

const flat = (headers: Readonly<Record<string, string>>, without: readonly string[]): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (without.includes(name) ? [] : [name, value]));

function commonOf(rendered: RenderedAnswer): Common {
  const unchanged = flat(rendered.headers, ['Cache-Control', 'Content-Type']);
  const length = Buffer.byteLength(rendered.body ?? '');
  const whole = [...flat(rendered.headers, ['Cache-Control']), 'Content-Length', String(length)];
  return { kind: 'answer', rendered, whole, unchanged };
}

const inMs = (seconds: number | undefined) => (seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1_000);

/** An answer with a list in it is another after each instant at which an article appears or ends. */
const isOfLists = (key: string) => key.startsWith(cacheKeys.latest);

const keptAs = (keys: readonly string[] | undefined, bytes: number): Made<Common>['kept'] =>
  keys === undefined || keys.length === 0
    ? undefined
    : { keys: keys.some(isOfLists) ? [...keys, cacheKeys.due] : keys, bytes };

/** Reads the answer for everybody; throws what is not to be kept. */
async function read(
  { endpoint, params, query, target }: RoadCall,
  { publicUrl, keysHeader }: RoadParts,
): Promise<Made<Common>> {
  const call = { requestId: '', address: '', accept: '', origin: '', keyed: false, report: () => undefined };
  try {
    const given = await endpoint.handle({
      params,
      query,
      body: undefined,
      actor: null,
      ifMatch: { kind: 'none' },
      call,
    });
    const value = commonOf(render(endpoint, { target, signedIn: false, publicUrl, keysHeader }, given));
    const bytes =
      value.kind === 'answer' ? Buffer.byteLength(value.rendered.body ?? '') + 4 * value.whole.join().length : 0;
    return { value, lastsMs: inMs(given.maxAgeS), kept: given.unkept ? undefined : keptAs(given.keys, bytes) };
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.kind !== 'Gone') throw thrown;
    const { keys, lastsS } = thrown.extras;
    return { value: { kind: 'failure', failure: thrown }, lastsMs: inMs(lastsS), kept: keptAs(keys, failureBytes) };
  }
}

export function openRoad(parts: RoadParts): Road {
  const { cache, keysHeader, fixedHeaders, corsFor } = parts;

  const headersOf = (req: IncomingMessage, { requestId }: Exchange): string[] => [
    'X-Request-Id',
    requestId,
    ...fixedHeaders,
    ...corsFor(req.headers.origin),
  ];

  /** Never past the moment at which time alone may change the answer. */
  const cachingOf = ({ endpoint }: RoadCall, { endsAt }: Shown<Common>) =>
    cacheControl(endpoint.spec.cache ?? 'never', false, (endsAt - performance.now()) / 1_000);

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
    if (value.kind === 'failure' || value.rendered.status !== 200 || condition !== undefined) return false;
    const { headers, body } = value.rendered;
    if (known !== undefined && known !== headers.ETag) return false;
    const first = headersOf(req, exchange);
    const caching = cachingOf(call, shown);
    if (known === undefined) {
      res.writeHead(200, [...first, 'Cache-Control', caching, ...value.whole]);
      res.end(body);
    } else {
      res.writeHead(304, [...first, 'Cache-Control', caching, ...value.unchanged]);
      res.end();
    }
    return true;
  };

  const sendInSteps = (call: RoadCall, shown: Shown<Common>, req: IncomingMessage, res: ServerResponse) => {
    if (shown.value.kind === 'failure') throw shown.value.failure;
    const { rendered } = shown.value;
    send(req, res, { ...rendered, headers: { ...rendered.headers, 'Cache-Control': cachingOf(call, shown) } });
  };

  const make = async (call: RoadCall): Promise<Shown<Common>> => {
    if (cache !== null) return cache.make(call.name, () => read(call, parts));
    const began = performance.now();
    const { value, lastsMs } = await read(call, parts);
    return { value, endsAt: began + lastsMs };
  };

  const fail = (res: ServerResponse, exchange: Exchange, thrown: unknown) => {
    exchange.error = thrown;
    if (!res.headersSent) sendProblem(res, thrown, exchange.requestId, keysHeader);
    else res.destroy();
  };

  const serve = async (call: RoadCall, kept: Shown<Common> | undefined, req: IncomingMessage, res: ServerResponse) => {
    // A header that is at fault is told before anything is read.
    readIfMatch(req.headers['if-match']);
    sendInSteps(call, kept ?? (await make(call)), req, res);
  };

  return (call, req, res, exchange) => {
    exchange.route = call.endpoint.path;
    const kept = cache?.find(call.name);
    if (kept !== undefined && sendAtOnce(call, kept, req, res, exchange)) return;
    const headers = headersOf(req, exchange);
    for (let at = 0; at < headers.length; at += 2) res.setHeader(headers[at] ?? '', headers[at + 1] ?? '');
    serve(call, kept, req, res).catch((thrown: unknown) => fail(res, exchange, thrown));
  };
}
