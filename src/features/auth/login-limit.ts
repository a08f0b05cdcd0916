import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { tooMany } from '../../core/errors.ts';
import type { Db } from '../../db/client.ts';

export type LoginLimit = {
  /** Counts a try before its password is looked at, so that no crowd of parallel guesses slips through. */
  begin(email: string, address: string): Promise<void>;
  /** Takes a right try out of the count again. */
  succeed(email: string, address: string): Promise<void>;
};

const windowS = 15 * 60;

/** Failed log-ins, counted in the database for all instances: by account from one address, and by address. */
export function openLoginLimit(db: Db, limits: { account: number; address: number }): LoginLimit {
  const query = async ({ text, values }: { text: string; values: (string | number)[] }) => ({
    rows: await db.read(
      { text },
      values.map((value) => value),
    ),
  });
  const store = {
    storeClient: { query },
    storeType: 'client',
    tableName: 'rate_limits',
    schemaName: db.schema,
    tableCreated: true,
    duration: windowS,
  };
  const byAccount = new RateLimiterPostgres({ ...store, keyPrefix: 'login-account', points: limits.account });
  const byAddress = new RateLimiterPostgres({ ...store, keyPrefix: 'login-address', points: limits.address });
  const accountKey = (email: string, address: string) =>
    createHash('sha256').update(`${email}\n${address}`).digest('base64url');
  return {
    async begin(email, address) {
      try {
        await byAddress.consume(address);
        await byAccount.consume(accountKey(email, address));
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        throw tooMany('Too many failed log-ins; wait and try again.', thrown.msBeforeNext / 1000);
      }
    },
    async succeed(email, address) {
      await Promise.all([byAddress.reward(address), byAccount.reward(accountKey(email, address))]);
    },
  };
}
