import { admin } from '../program.mjs';
import { follow } from './articles.mjs';

const secret = 'পালতোলা-নৌকা-ভাসে-দূরে';

export async function accounts(scenery) {
  await users(scenery);
  await sessions(scenery);
  await keys(scenery);
}

async function users({ call, make, users: known }) {
  const person = (more) => ({
    email: 'notun@khobor.example',
    name: 'নতুন জন',
    role: 'author',
    password: secret,
    ...more,
  });
  const create = (body, as = 'admin') => call('POST', '/v1/users', { as, body });
  const { body: made } = await create(person({ initials: 'নজ' }));
  for (const more of [
    {},
    { email: 'NOTUN@khobor.example' },
    { email: 'x' },
    { email: 'b@khobor.example', password: 'short' },
    { email: 'b@khobor.example', password: '123456789012' },
    { email: 'b@khobor.example', role: 'owner' },
    { name: '' },
  ])
    await create(person(more));
  for (const as of ['editor', 'key', 'nobody']) await create(person({ email: 'c@khobor.example' }), as);
  const send = (method, body, more = {}) =>
    call(method, `/v1/users/${made.id}`, { as: 'admin', body, match: '*', ...more });
  for (const as of ['nobody', 'author', 'editor', 'admin', 'key']) await call('GET', `/v1/users/${made.id}`, { as });
  for (const body of [
    { name: 'নাম বদল' },
    { initials: null },
    { role: 'editor' },
    { role: 'x' },
    { email: known.get('author').email },
    { email: 'onno@khobor.example' },
    { password: `${secret}-২` },
    { disabled: true },
    {},
    { x: 1 },
  ])
    await send('PATCH', body);
  await send('PATCH', { name: 'শর্ত' }, { match: '"1"' });
  await send('PATCH', { name: 'শর্ত' }, { as: 'editor' });
  await call('POST', '/v1/auth/login', { body: { email: 'onno@khobor.example', password: `${secret}-২` } });
  await send('PATCH', { disabled: false });
  const login = { body: { email: 'onno@khobor.example', password: `${secret}-২` } };
  const { accessToken } = await make('POST', '/v1/auth/login', login);
  await call('POST', '/v1/articles', { as: `Bearer ${accessToken}`, body: { title: 'তার লেখা' } });
  for (const body of [{ sessions: true }, { keys: true, previews: true }, {}, { sessions: 'x' }])
    await call('POST', `/v1/users/${made.id}/revoke`, { as: 'admin', body });
  await call('GET', '/v1/auth/me', { as: `Bearer ${accessToken}` });
  await follow(call, '/v1/users?limit=3', 'admin');
  await send('DELETE', undefined, { as: 'editor' });
  await send('DELETE', undefined, { match: '"1"' });
  await send('DELETE');
  await send('GET', undefined, { match: undefined });
  const { body: me } = await call('GET', '/v1/auth/me', { as: 'admin' });
  for (const body of [{ role: 'viewer' }, { disabled: true }])
    await call('PATCH', `/v1/users/${me.id}`, { as: 'admin', body, match: '*' });
  await call('DELETE', `/v1/users/${me.id}`, { as: 'admin', match: '*' });
}

async function sessions({ call, password }) {
  const logIn = (body, more = {}) => call('POST', '/v1/auth/login', { body, ...more });
  const mine = { email: 'viewer@khobor.example', password };
  const { body: first } = await logIn(mine);
  await logIn({ ...mine, password: 'ভুল' });
  await logIn({ email: 'nobody@khobor.example', password });
  await logIn({ email: admin.email.toUpperCase(), password: admin.password });
  const refresh = (refreshToken) => call('POST', '/v1/auth/refresh', { body: { refreshToken } });
  const { body: second } = await refresh(first.refreshToken);
  await refresh(first.refreshToken);
  await refresh('nonsense');
  for (const as of ['nobody', 'viewer', 'author', 'editor', 'admin', 'key', 'narrow', 'reader'])
    await call('GET', '/v1/auth/me', { as });
  const { body: third } = await logIn(mine);
  const as = `Bearer ${third.accessToken}`;
  const change = (currentPassword, newPassword) =>
    call('PATCH', '/v1/auth/me/password', { as, body: { currentPassword, newPassword } });
  await change('ভুল', secret);
  await change(password, 'short');
  await change(password, '১২৩৪৫৬৭৮৯০১২');
  await change(password, secret);
  await call('GET', '/v1/auth/me', { as: `Bearer ${second.accessToken}` });
  await logIn(mine);
  const { body: fourth } = await logIn({ ...mine, password: secret });
  await call('POST', '/v1/auth/logout', { body: { refreshToken: 'nonsense' } });
  await call('POST', '/v1/auth/logout', { body: { refreshToken: fourth.refreshToken } });
  await refresh(fourth.refreshToken);
  const { body: fifth } = await logIn({ ...mine, password: secret });
  await call('POST', '/v1/auth/logout', { as: `Bearer ${fifth.accessToken}`, body: {} });
  await call('GET', '/v1/auth/me', { as: `Bearer ${fifth.accessToken}` });
  await call('PATCH', '/v1/auth/me/password', { as: 'key', body: { currentPassword: 'x', newPassword: secret } });
}

async function keys({ call, story, pathOf, sources, tags }) {
  const create = (body, as = 'admin') => call('POST', '/v1/keys', { as, body });
  const made = [];
  for (const body of [
    { name: 'যন্ত্র', role: 'author', sources: [sources[0].slug], tags: [tags[0].id], expiresAt: '2199-01-01T00:00:00Z' },
    { name: 'যন্ত্র', role: 'viewer', readOnly: true },
    { name: 'যন্ত্র', role: 'admin' },
    { name: 'যন্ত্র', role: 'x' },
    { name: '', role: 'viewer' },
    { name: 'যন্ত্র', role: 'viewer', sources: [] },
    { name: 'যন্ত্র', role: 'viewer', tags: ['none'] },
    { name: 'যন্ত্র', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' },
  ])
    made.push(await create(body));
  for (const as of ['editor', 'key', 'nobody']) await create({ name: 'যন্ত্র', role: 'viewer' }, as);
  const [{ body: first }] = made;
  for (const as of ['admin', 'editor', 'key']) await call('GET', `/v1/keys/${first.id}`, { as });
  await follow(call, '/v1/keys?limit=2', 'admin');
  const as = `Bearer ${first.token}`;
  const inside = { tags: [tags[0].slug], source: sources[0].slug };
  const { id } = await story({ title: 'সীমার ভেতরে', ...inside });
  const { id: outside } = await story({ title: 'সীমার বাইরে' });
  for (const body of [{ title: 'ভেতরে', ...inside }, { title: 'বাইরে' }, { title: 'বাইরে', tags: inside.tags }])
    await call('POST', '/v1/articles', { as, body });
  for (const one of [id, outside])
    for (const body of [{ kicker: 'ক' }, { tags: [] }, { source: null }])
      await call('PATCH', pathOf(one), { as: 'narrow', body, match: '*' });
  for (const one of [id, outside]) await call('GET', pathOf(one), { as });
  await call('DELETE', `/v1/keys/${first.id}`, { as: 'admin', match: '"9"' });
  await call('DELETE', `/v1/keys/${first.id}`, { as: 'editor', match: '*' });
  await call('DELETE', `/v1/keys/${first.id}`, { as: 'admin', match: '*' });
  await call('DELETE', `/v1/keys/${first.id}`, { as: 'admin', match: '*' });
  await call('GET', pathOf(id), { as });
}

/** What operators and strangers ask. */
export async function operators({ call }) {
  for (const path of [
    '/',
    '/livez',
    '/readyz',
    '/metrics',
    '/.well-known/jwks.json',
    '/docs',
    '/openapi.json',
    '/openapi.yaml',
  ])
    for (const method of ['GET', 'HEAD']) await call(method, path);
  await call('GET', '/', { headers: { accept: 'text/html' } });
  await call('GET', '/openapi.json', { headers: { 'accept-encoding': 'gzip' } });
}

export async function events({ call, users: known, tags }) {
  for (const as of ['nobody', 'viewer', 'editor', 'key', 'admin']) await call('GET', '/v1/events?limit=2', { as });
  const { body } = await call('GET', '/v1/events?limit=1', { as: 'admin' });
  const [last] = body.data;
  for (const query of [
    ...['type=article.created', 'type=article.*', 'type=tag.merged,tag.created', 'type=none', `subject=${tags[0].id}`],
    ...[`actor=${known.get('author').id}`, `key=${last.id}`, `request=${last.requestId}`, 'request=x', 'actor=x'],
    ...['from=2020-01-01', 'to=2020-01-01', 'from=x', 'limit=0', 'after=x', 'nonsense=1'],
  ])
    await call('GET', `/v1/events?limit=3&${query}`, { as: 'admin' });
  let cursor = '';
  do {
    const { body: page } = await call('GET', `/v1/events?limit=100${cursor}`, { as: 'admin' });
    cursor = page.page.nextCursor && `&after=${encodeURIComponent(page.page.nextCursor)}`;
  } while (cursor);
}
