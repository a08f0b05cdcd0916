import type { ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from '../core/errors.ts';

/** Counts one write of an account, tells the caller what is left, and throws when nothing is. */
export type WriteLimit = (account: string, res: ServerResponse) => Promise<void>;

const windowS = 60;

/** draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it. Counted for each process. */
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
