import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { bearer, type Person } from '../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { routeGroups } = outside;

/** Of every operation: a condition that is false is 412 and nothing is done, a true one is let through. */

let room: Newsroom;
let endpoints: Endpoint[];
const withoutCondition = new Set(['login', 'refresh']);
const isCreation = ({ method, path }: Endpoint) => method === 'post' && !path.includes('{') && !/\/auth\//.test(path);

/** What stands in the place of the parameters of a path, of things that are there and at their first version. */
type Things = Record<
  'draft' | 'trashed' | 'preview' | 'token' | 'tag' | 'source' | 'user' | 'key' | 'webhook' | 'delivery',
  string
>;
let things: Things;
let caller: Person;

beforeAll(async () => {
  room = await openNewsroom({ RATE_LIMIT_WRITES: '100000', RATE_LIMIT_LOGIN_ACCOUNT: '1000' });
  endpoints = routeGroups(room.app.deps, room.app.services).flatMap((group) => group.endpoints);
  const { id: draft } = await room.story({});
  const { id: trashed } = await room.story({});
  await room.moveTo('trash', trashed);
  await room.as('editor', 'put', pathOf(draft, '/draft')).set('If-Match', '"1"').send({ kicker: 'হাট' }).expect(200);
  await room.app.sql('UPDATE drafts SET version = 1');
  const preview = await room.as('editor', 'post', pathOf(draft, '/previews')).send({}).expect(201);
  const tag = await room.label('tags', { name: 'হাওর' });
  await room.label('tags', { name: 'জাতীয়' });
  const source = await room.label('sources', { name: 'হাওর বার্তা' });
  await room
    .as('editor', 'put', `/v1/sources/${source.id}/items/item-1`)
    .send({ itemVersion: 1, title: 'হাওরে ঢেউ' })
    .expect(201);
  const key = await room.as('admin', 'post', '/v1/keys').send({ name: 'যন্ত্র', role: 'editor' }).expect(201);
  const hook = await room
    .as('admin', 'post', '/v1/webhooks')
    .send({ name: 'সহযোগী', url: 'https://paper.example/' })
    .expect(201);
  const ping = await room.as('admin', 'post', `/v1/webhooks/${hook.body.id}/ping`).expect(201);
  things = {
    draft,
    trashed,
    preview: preview.body.id,
    token: preview.body.token,
    tag: tag.id,
    source: source.id,
    user: room.people.viewer.id,
    key: key.body.id,
    webhook: hook.body.id,
    delivery: ping.body.id,
  };
  caller = room.people.admin;
});
afterAll(() => room.close());

function targetOf({ path, spec }: Endpoint): string {
  const first: Record<string, string> = {
    articles: /^(purge|restore)Article$/.test(spec.id) ? things.trashed : things.draft,
    tags: things.tag,
    sources: things.source,
    users: things.user,
    keys: things.key,
    webhooks: things.webhook,
  };
  const what = /^\/v1\/(\w+)/.exec(path)?.[1] ?? '';
  return path
    .replace(/\{(id|idOrSlug)\}/, first[what] ?? '')
    .replace('{previewId}', things.preview)
    .replace('{deliveryId}', things.delivery)
    .replace('{token}', things.token)
    .replace('{version}', '1')
    .replace('{sourceItemId}', 'item-1')
    .replace('{file}', path.startsWith('/docs') ? 'docs.css' : 'none')
    .replace(/search$/, 'search?q=ঘাট');
}

const bodies: Readonly<Record<string, object>> = {
  returnArticle: { note: 'আবার দেখুন' },
  changePassword: { currentPassword: 'ভুল', newPassword: 'নদীর ধারে সাদা কাশফুল' },
};

const call = (endpoint: Endpoint, conditions: Record<string, string>, who = caller) => {
  const request = room.app.request(endpoint.method, targetOf(endpoint)).set(...bearer(who));
  for (const [name, value] of Object.entries(conditions)) request.set(name, value);
  if (!endpoint.spec.body) return request;
  const compared = endpoint.spec.id === 'linkArticle' ? { with: things.draft } : undefined;
  return request.send(Object(bodies[endpoint.spec.id] ?? compared ?? endpoint.spec.bodyExample ?? {}));
};

const statuses = async (chosen: readonly Endpoint[], conditions: (endpoint: Endpoint) => Record<string, string>) => {
  const found: Record<string, number> = {};
  for (const endpoint of chosen)
    found[endpoint.spec.id] = (await changesNothing(room, () => call(endpoint, conditions(endpoint)))).status;
  return found;
};
const all412 = (chosen: readonly Endpoint[]) => Object.fromEntries(chosen.map(({ spec }) => [spec.id, 412]));

describe('a condition that is false', () => {
  it('is 412 for every write, whether it needs one or not, and nothing is done', async () => {
    const writes = endpoints.filter(({ method, spec }) => method !== 'get' && !withoutCondition.has(spec.id));
    expect(writes.length).toBeGreaterThan(30);
    expect(await statuses(writes, () => ({ 'If-Match': '"99"' }))).toEqual(all412(writes));
  });

  // A test for each tag: every write once is as much as a slow machine does within the time of one.
  it.each(['*', '"1"', 'W/"1-0123456789012345678901"', '"7", "1"'])(
    'is 412 for every write that names what is there, by If-None-Match: %s',
    async (tag) => {
      const about = endpoints.filter(
        (one) => one.method !== 'get' && !withoutCondition.has(one.spec.id) && !isCreation(one),
      );
      const conditions = ({ spec }: Endpoint) => ({
        'If-None-Match': tag,
        ...(spec.ifMatch ? { 'If-Match': '*' } : {}),
      });
      expect(await statuses(about, conditions)).toEqual(all412(about));
    },
  );

  it('is any If-Match where the path names nothing yet', async () => {
    const creations = endpoints.filter(isCreation);
    expect(creations.length).toBeGreaterThanOrEqual(6);
    expect(await statuses(creations, () => ({ 'If-Match': '*' }))).toEqual(all412(creations));
  });

  it('is 412 for every GET whose answer is another', async () => {
    const reads = endpoints.filter(({ method, spec }) => method === 'get' && spec.id !== 'getDemoCover');
    expect(await statuses(reads, () => ({ 'If-Match': '"99"' }))).toEqual(all412(reads));
    expect(await statuses(reads, () => ({ 'If-Match': 'W/"1"' }))).toEqual(all412(reads));
  });

  it('is looked at for each caller only after access and after what is there', async () => {
    const stale = { 'If-Match': '"99"' };
    const previews = pathOf(things.draft, '/previews');
    await room.app.request('post', previews).set(stale).send({}).expect(401);
    await room.as('viewer', 'post', previews).set(stale).send({}).expect(403);
    await room.as('other', 'post', previews).set(stale).send({}).expect(404);
    await room.as('editor', 'post', pathOf('নেই', '/previews')).set(stale).send({}).expect(404);
    await room.as('other', 'put', pathOf(things.draft, '/editing')).set(stale).send({}).expect(404);
    await room.app.request('get', pathOf(things.draft)).set(stale).expect(404);
    const item = `/v1/sources/${things.source}/items/item-1`;
    await room.as('viewer', 'put', item).set(stale).send({ itemVersion: 2 }).expect(403);
  });
});

describe('a condition that is true', () => {
  it('lets every GET through, with the tag that it gives and with the version alone', async () => {
    for (const endpoint of endpoints.filter(({ method, spec }) => method === 'get' && spec.id !== 'getDemoCover')) {
      const { headers, status } = await call(endpoint, { 'If-Match': '*' });
      expect([endpoint.spec.id, status]).toEqual([endpoint.spec.id, 200]);
      // The hash alone, of a list, may begin with digits and a hyphen too.
      const [, version] = /^"(\d+)-[\w-]{22}"$/.exec(headers.etag ?? '') ?? [];
      const tags = [headers.etag, version === undefined ? undefined : `"${version}"`];
      for (const tag of tags.filter((known) => known !== undefined)) {
        const again = await call(endpoint, { 'If-Match': `"x", ${tag}` });
        expect([endpoint.spec.id, tag, again.status]).toEqual([endpoint.spec.id, tag, 200]);
      }
    }
  });

  it('lets every write through that needs none', async () => {
    const free = endpoints.filter(
      (one) =>
        !['get'].includes(one.method) && !one.spec.ifMatch && !withoutCondition.has(one.spec.id) && !isCreation(one),
    );
    expect(free.length).toBeGreaterThanOrEqual(6);
    for (const endpoint of free) {
      const who = endpoint.spec.id === 'logout' ? await room.app.person('editor') : caller;
      const { status } = await call(endpoint, { 'If-Match': '"7", "1"', 'If-None-Match': '"2"' }, who);
      expect([endpoint.spec.id, status === 412 || status >= 500]).toEqual([endpoint.spec.id, false]);
    }
  });

  it('is any If-Match of a creation, also where its answer is kept under an Idempotency-Key', async () => {
    const create = () => room.as('editor', 'post', '/v1/articles').set('Idempotency-Key', 'wave-1');
    await create().send({ title: 'প্রথম ঢেউ' }).expect(201);
    await create().set('If-Match', '*').send({ title: 'প্রথম ঢেউ' }).expect(412);
    const again = await create().send({ title: 'প্রথম ঢেউ' }).expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('is any If-None-Match where the path names nothing yet', async () => {
    const { status } = await room
      .as('editor', 'post', '/v1/articles')
      .set('If-None-Match', '*')
      .send({ title: 'নতুন ঢেউ' });
    expect(status).toBe(201);
    const item = (id: string) => room.as('editor', 'put', `/v1/sources/${things.source}/items/${id}`);
    await item('item-2').set('If-Match', '*').send({ itemVersion: 1, title: 'আরেক ঢেউ' }).expect(412);
    await item('item-2').set('If-None-Match', '*').send({ itemVersion: 1, title: 'আরেক ঢেউ' }).expect(201);
    await item('item-2').set('If-None-Match', '*').send({ itemVersion: 2, title: 'আরেক ঢেউ' }).expect(412);
    await item('item-2').set('If-Match', '"1"').send({ itemVersion: 2, title: 'বড় ঢেউ' }).expect(200);
  });
});

describe('conditions that are not looked at', () => {
  it.each(['login', 'refresh'])('are those of %s, well-formed or not', async (id) => {
    const body = id === 'login' ? { email: 'rina@khobor.example', password: 'ভুল' } : { refreshToken: 'none' };
    for (const sent of ['"99"', 'three'])
      await room.app
        .request('post', `/v1/auth/${id}`)
        .set('If-Match', sent)
        .set('If-None-Match', sent)
        .send(body)
        .expect(401);
  });

  it('are those of time, as no answer has a Last-Modified', async () => {
    const { id } = await room.story({ status: 'published' });
    const { headers } = await room.read(id).set('If-Modified-Since', 'Sat, 01 Jan 2050 00:00:00 GMT').expect(200);
    expect(headers['last-modified']).toBeUndefined();
    await room.patch(id, { kicker: 'সময়' }).set('If-Unmodified-Since', 'Sat, 01 Jan 2000 00:00:00 GMT').expect(200);
  });

  it('are those of a repeat with an Idempotency-Key, which gets the first answer', async () => {
    const make = () =>
      room
        .as('editor', 'post', pathOf(things.draft, '/previews'))
        .set('Idempotency-Key', 'conditional-1')
        .set('If-Match', '"1"')
        .send({});
    const first = await make().expect(201);
    await room.app.sql('UPDATE articles SET version = 2 WHERE id = $1', [things.draft]);
    const second = await make().expect(201);
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
  });
});
