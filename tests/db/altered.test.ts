import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tx } from '../../src/db/tx.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { directly } from '../support/directly.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const alter = (type: string) =>
  directly(app.databaseUrl, `ALTER TABLE articles ALTER COLUMN byline TYPE ${type} USING byline::${type}`);
const stale = () => app.deps.db.stats().retries.stalePlan;
/** What a statement that is prepared once on each connection gives on all of them. */
const onAll = <T>(read: () => Promise<T>) => Promise.all([...Array(12)].map(read));

describe('a table that is altered while the program runs', () => {
  it('is read on at once, on every connection', async () => {
    const statement = { name: 'every-column', text: 'SELECT a.* FROM @articles a LIMIT 1' };
    const read = () => app.deps.db.read(statement);
    await onAll(read);
    for (const type of ['varchar(400)', 'varchar(300)', 'text']) {
      const before = stale();
      await alter(type);
      await onAll(read);
      expect(stale()).toBeGreaterThan(before);
    }
    await onAll(() => app.request('get', '/v1/latest').expect(200));
  });

  it('lets a session that lost what it had prepared go, and reads on', async () => {
    const statement = { name: 'counted', text: 'SELECT count(*)::int AS n FROM @articles a' };
    const read = () => app.deps.db.read(statement);
    await onAll(read);
    await onAll(() => app.sql('DEALLOCATE ALL'));
    expect(await onAll(read)).toEqual(Array(12).fill([{ n: 0 }]));
  });

  const raise = (tx: Tx) => tx.models.$executeRawUnsafe(`DO $$ BEGIN RAISE SQLSTATE '0A000'; END $$`);

  it('lets a whole transaction that meets it begin anew, and keeps nothing of the first try', async () => {
    let tries = 0;
    await app.deps.db.transaction(async (tx) => {
      tries += 1;
      await tx.models.rateLimit.create({ data: { key: `try-${tries}` } });
      if (tries === 1) await app.deps.db.transaction(raise);
    });
    expect(await app.sql(`SELECT key FROM rate_limits WHERE key LIKE 'try-%'`)).toEqual([{ key: 'try-2' }]);
  });

  it('is a 503 with a sentence of its own where the second try meets it too', async () => {
    let tries = 0;
    const refused = app.deps.db.transaction(async (tx) => {
      tries += 1;
      await raise(tx);
    });
    await expect(refused).rejects.toMatchObject({
      kind: 'Unavailable',
      message: 'The database is being altered; nothing was changed by this call.',
      extras: { outage: 'altered' },
    });
    expect(tries).toBe(2);
  });
});
