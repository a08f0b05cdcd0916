import type { ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from '../core/errors.ts';

/** Counts one write of an account, sets the headers that say what is left, and throws 429 if nothing is. */
export type WriteLimit = (account: string, res: ServerResponse) => Promise<void>;

const windowS = 60;

/** Headers as in draft-ietf-httpapi-ratelimit-headers: the policy, and what is left. Each process counts for itself. */
export function openWriteLimit(writesPerMinute: number): WriteLimit {
  const limiter = new RateLimiterMemory({ points: writesPerMinute, duration: windowS });
  const tell = (res: ServerResponse, state: RateLimiterRes) => {
    res.setHeader('RateLimit-Policy', `"writes";q=${writesPerMinute};w=${windowS}`);
    res.setHeader('RateLimit', `"writes";r=${state.remainingPoints};t=${Math.ceil(state.msBeforeNext / 1000)}`);
  };
  return async (account, res) => {
    try {
      tell(res, await limiter.consume(account));
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown;
      tell(res, thrown);
      throw tooMany(
        `An account may write ${writesPerMinute} times a minute; wait and repeat the call.`,
        thrown.msBeforeNext / 1000,
      );
    }
  };
}
