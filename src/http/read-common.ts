import type { Made } from '../cache/cache.ts';
import { cacheKeys, type KeysHeader } from '../core/cache-keys.ts';
import { Failure } from '../core/errors.ts';
import { bytesOf, type Common, commonAnswer, knownOr } from './common-answer.ts';
import { render } from './render.ts';
import type { RoadCall } from './road-match.ts';

/** What a failure takes that is kept. */
const failureBytes = 2_000;

const inMs = (seconds: number | undefined) => (seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1_000);

/** An answer with a list in it is another after each instant at which an article appears or ends. */
const isOfLists = (key: string) => key.startsWith(cacheKeys.latest);

const keptAs = (keys: readonly string[] | undefined, bytes: number): Made<Common>['kept'] =>
  keys === undefined || keys.length === 0
    ? undefined
    : { keys: keys.some(isOfLists) ? [...keys, cacheKeys.due] : keys, bytes };

/**
 * Reads the answer for everybody; throws what is not to be kept. `known`: what is kept of it, though it may be another by
 * now.
 */
export async function readCommon(
  { endpoint, params, query, target }: RoadCall,
  { publicUrl, keysHeader }: { publicUrl: string; keysHeader: KeysHeader },
  known: () => Common | undefined,
): Promise<Made<Common>> {
  const call = {
    requestId: '',
    address: '',
    accept: '',
    lastEventId: '',
    origin: '',
    keyed: false,
    report: () => undefined,
  };
  try {
    const given = await endpoint.handle({
      params,
      query,
      body: undefined,
      actor: null,
      ifMatch: { kind: 'none' },
      call,
    });
    const rendered = render(endpoint, { target, signedIn: false, publicUrl, keysHeader }, given);
    const keys = given.unkept ? [] : (given.keys ?? []);
    const value = knownOr(commonAnswer(rendered, keys.length > 0), known());
    const endsInMs = given.endsInS === undefined ? undefined : given.endsInS * 1_000;
    return {
      value,
      lastsMs: inMs(given.maxAgeS),
      endsInMs,
      kept: keptAs(keys, bytesOf(value)),
    };
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.kind !== 'Gone') throw thrown;
    const { keys, lastsS } = thrown.extras;
    return { value: { kind: 'failure', failure: thrown }, lastsMs: inMs(lastsS), kept: keptAs(keys, failureBytes) };
  }
}
