import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { outside } from '../support/outside.ts';

const { recordSettingsChange } = outside;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** What a start with these settings records. */
async function start(env: Record<string, string> = {}): Promise<string[]> {
  const instance = await startApp(env, { databaseUrl: app.databaseUrl });
  const changed = await recordSettingsChange(instance.deps).finally(() => instance.close());
  return changed.sort();
}

const recorded = () => app.sql('SELECT type, keys, is_public, data FROM events ORDER BY seq');

describe('settings on which every answer depends', () => {
  it('are only noted by the first start, and by one that has the same', async () => {
    expect(await start()).toEqual([]);
    expect(await start()).toEqual([]);
    expect(await recorded()).toEqual([]);
  });

  it('make every answer stale where the last start had others, whichever they are', async () => {
    expect(await start({ TIME_ZONE: 'UTC', PUBLIC_URL: 'https://other.example' })).toEqual(['PUBLIC_URL', 'TIME_ZONE']);
    expect(await start({ JWT_SECRET: 'another-secret-that-is-long-enough-for-tests' })).toEqual([
      'PUBLIC_URL',
      'TIME_ZONE',
      'signing keys',
    ]);
    expect(await start({ LOG_LEVEL: 'silent', PAGE_ITEMS_MAX: '50' })).toEqual(['PAGE_ITEMS_MAX', 'signing keys']);
    const [first, ...others] = await recorded();
    expect(first).toEqual({
      type: 'settings.changed',
      keys: ['all'],
      is_public: false,
      data: { changed: expect.arrayContaining(['PUBLIC_URL', 'TIME_ZONE']) },
    });
    expect(others).toHaveLength(2);
  });

  it('are recorded once by instances that start together', async () => {
    const before = (await recorded()).length;
    await Promise.all([1, 2, 3].map(() => start({ TIME_ZONE: 'Asia/Kolkata' })));
    expect(await recorded()).toHaveLength(before + 1);
  });

  it('keep no secret in the database', async () => {
    const values = await app.sql<{ value: string }>('SELECT value FROM settings');
    expect(values.some(({ value }) => value.includes(app.deps.config.JWT_SECRET))).toBe(false);
    expect(values.length).toBeGreaterThan(3);
  });
});
