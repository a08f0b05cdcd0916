import { expect, it } from '@jest/globals';
import { startApp } from '../support/app.ts';
import { plantStories } from '../support/stories.ts';

it('a cursor of the secret before is good while that is accepted, and refused afterwards', async () => {
  const app = await startApp();
  await plantStories(app, [{}, {}, {}]);
  const { body } = await app.request('get', '/v1/latest?limit=2').expect(200);
  const path = `/v1/latest?limit=2&after=${body.page.nextCursor}`;
  const fresh = { JWT_SECRET: 'another-secret-for-tests-that-is-long-enough-98765' };
  const same = { databaseUrl: app.databaseUrl };
  const rotated = await startApp({ ...fresh, JWT_SECRET_PREVIOUS: app.deps.config.JWT_SECRET }, same);
  const later = await startApp(fresh, same);
  try {
    expect((await rotated.request('get', path).expect(200)).body.data).toHaveLength(1);
    expect((await later.request('get', path).expect(400)).body.code).toBe('invalid-cursor');
  } finally {
    for (const each of [rotated, later, app]) await each.close();
  }
});
