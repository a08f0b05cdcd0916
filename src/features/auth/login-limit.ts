import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from '../../core/errors.ts';
import { mailAddressForm } from '../../core/mail-address.ts';
import type { Db } from '../../db/client.ts';
import { forgetFailures } from './auth.repository.ts';
import { crowded, ofOneMax } from './hashing.ts';

export type LoginLimit = {
  /**
   * Checks a password while fewer than the limit were wrong; `look` returns null for a wrong one. A try is counted before
   * it is checked, so that parallel guesses cannot exceed the limit. The count is taken back unless the password was wrong.
   */
  attempt<Found>(email: string, address: string, look: () => Promise<Found | null>): Promise<Found | null>;
  /** Forgets the failures of one account from every address, because its password has changed. */
  forgive(email: string): Promise<void>;
};

type Counter = { limiter: RateLimiterPostgres; key: string };

const windowS = 15 * 60;

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/**
 * Limits failed log-ins, by account from one address and by address. The counts are in the database, so that all instances
 * share them.
 */
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
  const accountKey = (email: string, address: string) => `${hashOf(mailAddressForm(email))}.${hashOf(address)}`;

  /** Log-ins in progress, by the key of each counter. */
  const underWay = new Map<string, number>();

  const takeBack = async (counters: readonly Counter[]) => {
    await Promise.all(counters.map(({ limiter, key }) => limiter.reward(key)));
  };
  /** Counts in all counters, or in none if one is full. */
  const count = async (counters: readonly Counter[]) => {
    for (const [index, { limiter, key }] of counters.entries()) {
      try {
        await limiter.consume(key);
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        await takeBack(counters.slice(0, index + 1));
        // The log-ins in progress are counted too, but may turn out to be right.
        const wrong = thrown.consumedPoints - (underWay.get(key) ?? 0);
        if (wrong < limiter.points) throw crowded();
        throw tooMany('Too many failed log-ins; wait and try again.', thrown.msBeforeNext / 1000);
      }
    }
  };

  /** Comes before counting: a flood must not occupy all connections while it waits for its own row in the database. */
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
      await forgetFailures(db.read, `login-account:${hashOf(mailAddressForm(email))}.`);
    },
  };
}
