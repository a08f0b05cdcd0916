import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';
import { forgetFailures } from './auth.repository.ts';
import { crowded, ofOneMax } from './hashing.ts';

export type LoginLimit = {
  /**
   * Looks at a password, which gives null for a wrong one, while fewer than the limit were wrong. A try is counted before
   * it is looked at, so that no crowd of parallel guesses slips through, and taken out again unless it was found wrong.
   */
  attempt<Found>(email: string, address: string, look: () => Promise<Found | null>): Promise<Found | null>;
  /** Forgets what was wrong for one account, from every address: its password is another now. */
  forgive(email: string): Promise<void>;
};

type Counter = { limiter: RateLimiterPostgres; key: string };

const windowS = 15 * 60;

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Failed log-ins, counted in the database for all instances: by account from one address, and by address. */
export function openLoginLimit(db: Db, limits: { account: number; address: number }): LoginLimit {
  const query = async ({ text, values }: { text: string; values: (string | number)[] }) => ({
    rows: await db.read({ text }, values),
  });
  const store = {
    storeClient: { query },
    storeType: 'client',
    tableName: 'rate_limits',
    schemaName: db.schema,
    tableCreated: true,
    // Housekeeping removes what has expired.
    clearExpiredByTimeout: false,
    duration: windowS,
  };
  const byAccount = new RateLimiterPostgres({ ...store, keyPrefix: 'login-account', points: limits.account });
  const byAddress = new RateLimiterPostgres({ ...store, keyPrefix: 'login-address', points: limits.address });
  const accountKey = (email: string, address: string) => `${hashOf(email)}.${hashOf(address)}`;

  /** Log-ins that are not decided yet, by the key of each counter. */
  const underWay = new Map<string, number>();

  const takeBack = async (counters: readonly Counter[]) => {
    await Promise.all(counters.map(({ limiter, key }) => limiter.reward(key)));
  };
  /** Counts in each; where one is full, in none. */
  const count = async (counters: readonly Counter[]) => {
    for (const [index, { limiter, key }] of counters.entries()) {
      try {
        await limiter.consume(key);
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        await takeBack(counters.slice(0, index + 1));
        // Of those that are counted, the ones under way may all be right.
        const wrong = thrown.consumedPoints - (underWay.get(key) ?? 0);
        if (wrong < limiter.points) throw crowded();
        throw tooMany('Too many failed log-ins; wait and try again.', thrown.msBeforeNext / 1000);
      }
    }
  };

  /** Before anything is counted: a flood must not wait for its own row in the database on everybody's connections. */
  const admitting = async <Result>(
    { address, account }: { address: string; account: string },
    work: () => Promise<Result>,
  ): Promise<Result> => {
    if ((underWay.get(address) ?? 0) >= ofOneMax) throw crowded();
    for (const key of [address, account]) underWay.set(key, (underWay.get(key) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const key of [address, account]) {
        const left = (underWay.get(key) ?? 1) - 1;
        if (left > 0) underWay.set(key, left);
        else underWay.delete(key);
      }
    }
  };

  return {
    attempt: (email, address, look) => {
      const account = accountKey(email, address);
      return admitting({ address, account }, async () => {
        const counters = [
          { limiter: byAccount, key: account },
          { limiter: byAddress, key: address },
        ];
        await count(counters);
        let wrong = false;
        try {
          const found = await look();
          wrong = found === null;
          return found;
        } finally {
          if (!wrong) await takeBack(counters);
        }
      });
    },

    async forgive(email) {
      await forgetFailures(db.read, `login-account:${hashOf(email)}.`);
    },
  };
}
