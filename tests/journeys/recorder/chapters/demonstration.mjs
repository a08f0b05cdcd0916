import { admin, publicUrl } from '../program.mjs';
import { follow } from './articles.mjs';

/** What a newcomer finds. */
export async function demonstration({ call, make, tokens }) {
  const { accessToken } = await make('POST', '/v1/auth/login', {
    body: { email: admin.email, password: admin.password },
  });
  tokens.set('admin', accessToken);
  for (const path of ['/v1/latest', '/v1/tags', '/v1/sources', '/v1/redirects']) await follow(call, path, 'nobody');
  for (const path of ['/v1/users', '/v1/events', '/v1/keys', '/v1/articles/counts'])
    await call('GET', path, { as: 'admin' });
  const { body } = await call('GET', '/v1/articles?limit=100&sort=title', { as: 'admin' });
  const covers = new Set();
  for (const { id, slug, cover } of body.data) {
    await call('GET', `/v1/articles/${encodeURIComponent(slug)}`);
    await call('GET', `/v1/articles/${id}`, { as: 'admin' });
    await call('GET', `/v1/articles/${id}/draft`, { as: 'admin' });
    await call('GET', `/v1/articles/${id}/revisions`, { as: 'admin' });
    if (cover) covers.add(cover.url.replace(publicUrl, ''));
  }
  for (const path of [...covers].sort()) await call('GET', path);
}

/** The settings under which the limits are near, and what lies beyond them. */
export const nearLimits = { RATE_LIMIT_WRITES: '6', RATE_LIMIT_LOGIN_ACCOUNT: '3', BODY_BYTES_MAX: '20000' };

export async function limits({ call }) {
  const long = { title: 'লম্বা', body: 'ক'.repeat(9_000) };
  for (const as of ['nobody', 'admin']) await call('POST', '/v1/articles', { as, body: long });
  for (const headers of [{ 'content-encoding': 'gzip' }, { expect: '200-ok' }])
    await call('POST', '/v1/articles', { as: 'admin', body: { title: 'ক' }, headers });
  for (let time = 0; time < 7; time += 1) await call('POST', '/v1/tags', { as: 'admin', body: {} });
  await call('PATCH', '/v1/tags/none', { as: 'admin', body: {}, match: '*' });
  await call('GET', '/v1/tags?limit=1', { as: 'admin' });
  for (let time = 0; time < 5; time += 1)
    await call('POST', '/v1/auth/login', { body: { email: 'lost@khobor.example', password: 'ভুল' } });
}
