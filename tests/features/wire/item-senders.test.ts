import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom, type Place, pathOf, type Step } from '../../support/newsroom.ts';

let room: Newsroom;

const callers = {
  viewer: null,
  author: null,
  other: null,
  editor: null,
  admin: null,
  'editor key': { role: 'editor' },
  'author key': { role: 'author' },
  'viewer key of the source': { role: 'viewer', sources: ['open', 'closed'] },
  'author key of the source': { role: 'author', sources: ['open', 'closed'] },
  'editor key of the source': { role: 'editor', sources: ['open', 'closed'] },
  'read-only key of the source': { role: 'editor', sources: ['open', 'closed'], readOnly: true },
  'author key of another': { role: 'author', sources: ['third'] },
  'editor key of another': { role: 'editor', sources: ['third'] },
} as const;
type Caller = keyof typeof callers;
const all = Object.keys(callers).filter((name): name is Caller => name in callers);
const tokens = new Map<Caller, [string, string]>();

const as = (caller: Caller, method: 'put' | 'post' | 'patch' | 'get', path: string) =>
  room.app.request(method, path).set(...(tokens.get(caller) ?? ['Authorization', 'none']));
const put = (caller: Caller, source: string, itemId: string, body: object) =>
  as(caller, 'put', `/v1/sources/${source}/items/${encodeURIComponent(itemId)}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'পদ্মায় ইলিশের ঝাঁক', ...more });
const kill = (itemVersion: number) => ({ itemVersion, kill: { reason: 'ভুল ছবি' } });

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'খোলা', slug: 'open' });
  await room.label('sources', { name: 'বন্ধ', slug: 'closed', itemsFrom: 'keys' });
  await room.label('sources', { name: 'তৃতীয়', slug: 'third', itemsFrom: 'keys' });
  for (const who of ['viewer', 'author', 'other', 'editor', 'admin'] as const)
    tokens.set(who, bearer(room.people[who]));
  for (const caller of all) {
    const key = callers[caller];
    if (key === null) continue;
    const { body } = await as('admin', 'post', '/v1/keys')
      .send({ name: caller, ...key })
      .expect(201);
    tokens.set(caller, ['Authorization', `Bearer ${body.token}`]);
  }
});
afterAll(() => room.close());

/** Who may send items of the source that takes them from authors, and of the one that takes them from keys. */
const senders: Record<'open' | 'closed', readonly Caller[]> = {
  open: [
    'author',
    'other',
    'editor',
    'admin',
    'editor key',
    'author key',
    'author key of the source',
    'editor key of the source',
  ],
  closed: ['editor', 'admin', 'editor key', 'author key of the source', 'editor key of the source'],
};
const places: readonly Place[] = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived', 'trash'];

describe.each([
  ['open', 'slug'],
  ['closed', 'slug'],
  ['open', 'id'],
  ['closed', 'id'],
] as const)('an item of the source %s, which the path names by its %s', (name, by) => {
  let source: string = name;
  beforeAll(async () => {
    if (by === 'id') source = (await as('admin', 'get', `/v1/sources/${name}`).expect(200)).body.id;
  });
  const cases = all.map((caller): [Caller, boolean] => [caller, senders[name].includes(caller)]);

  it.each(cases)('is sent by %s: %s', async (caller, may) => {
    const [itemId, killed] = [`${name} ${by} ${caller}`, `${name} ${by} ${caller}, killed early`];
    if (!may) {
      await changesNothing(room, () => put(caller, source, itemId, item(1)).expect(403));
      await changesNothing(room, () => put(caller, source, killed, kill(1)).expect(403));
      return;
    }
    await put(caller, source, itemId, item(1)).expect(201);
    await put(caller, source, itemId, item(2, { kicker: 'নদী' })).expect(200);
    await put(caller, source, killed, kill(1)).expect(201);
    expect(
      await room.app.sql('SELECT version, killed FROM source_items WHERE item_id = ANY($1) ORDER BY item_id', [
        [itemId, killed],
      ]),
    ).toEqual([
      { version: 2, killed: false },
      { version: 1, killed: true },
    ]);
  });

  it.each(cases.filter(([, may]) => !may))('answers %s alike whether it is there or not', async (caller) => {
    const itemId = `${name}, by ${by}, there for ${caller}`;
    const { body } = await put('editor', source, itemId, item(3)).expect(201);
    const refusals = [
      put(caller, source, itemId, item(1)),
      put(caller, source, itemId, item(4)),
      put(caller, source, `not ${itemId}`, item(1)),
    ];
    const texts = (await Promise.all(refusals)).map(({ status, body: { requestId: _, ...problem } }) => ({
      status,
      problem,
    }));
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1);
    expect(texts[0]?.status).toBe(403);
    await room.trash(body.id).expect(204);
    await as('admin', 'post', `/v1/articles/${body.id}/purge`).set('If-Match', '*').expect(204);
    expect((await put(caller, source, itemId, item(1))).status).toBe(403);
  });
});

describe('with itemsFrom keys', () => {
  it.each(places)("an author's key of the source reads its item in %s, and no other author's does", async (place) => {
    const sent = item(1, { status: 'draft' });
    const { body } = await put('editor', 'closed', `read in ${place}`, sent).expect(201);
    await room.moveTo(place, body.id);
    const { version } = await room.seen(body.id);
    const read = (caller: Caller) => as(caller, 'get', pathOf(body.id));
    expect((await read('author key of the source').expect(200)).body).toMatchObject({ id: body.id, version });
    const hidden = { draft: 404, review: 404, scheduled: 404, published: 200, expired: 410, archived: 410, trash: 410 };
    for (const other of ['author key', 'author key of another', 'author'] as const)
      await read(other).expect(hidden[place]);
    const own = await room.story({ source: 'closed', title: `ডেস্কের নিজের ${place}` });
    await as('author key of the source', 'get', pathOf(own.id)).expect(404);
  });

  it.each(places)("an author's key of the source kills what the desk has in %s, and sees it", async (place) => {
    const key = 'author key of the source';
    const { body } = await put('editor', 'closed', `kill in ${place}`, item(1, { status: 'draft' })).expect(201);
    await room.moveTo(place, body.id);
    const late = await changesNothing(room, () =>
      put(key, 'closed', `kill in ${place}`, item(1, { status: 'draft' })).expect(200),
    );
    expect(late.body).toMatchObject({ id: body.id, warnings: [] });
    const killed = await put(key, 'closed', `kill in ${place}`, kill(2)).expect(200);
    expect(killed.body.warnings).toEqual([]);
    const seen = await room.seen(body.id);
    expect(seen).toMatchObject({
      status: place === 'archived' ? 'archived' : place === 'trash' ? 'published' : 'draft',
      notes: [{ step: 'kill', text: 'ভুল ছবি' }],
    });
    expect([404, 410]).toContain((await room.read(body.id)).status);
  });

  it('its key edits its draft, whoever made it, and not what an editor has published', async () => {
    const key = 'author key of the source';
    const { body } = await put('editor', 'closed', 'edited', item(1, { status: 'draft' })).expect(201);
    expect((await put(key, 'closed', 'edited', item(2, { title: 'নতুন' })).expect(200)).body.title).toBe('নতুন');
    await room.step('publish', body.id).expect(200);
    await changesNothing(room, () => put(key, 'closed', 'edited', item(3)).expect(403));
    await put(key, 'closed', 'edited', kill(3)).expect(200);
    await room.read(body.id).expect(404);
  });

  it('an author gives no article an item of it, so that numbers cannot be taken before they come', async () => {
    const body = { source: 'closed', sourceItemId: 'coming' };
    const create = (who: Caller) => as(who, 'post', '/v1/articles').send({ title: 'আগে এসে বসা', ...body });
    await changesNothing(room, () => create('author').expect(403));
    await changesNothing(room, () => create('author key').expect(403));
    const own = await room.story({}, 'author');
    await changesNothing(room, () => room.patch(own.id, body, { as: 'author' }).expect(403));
    const bulk = { operations: [{ op: 'create', body: { title: 'ক', ...body } }] };
    const many = await changesNothing(room, () => as('author', 'post', '/v1/articles/bulk').send(bulk).expect(200));
    expect(many.body.results).toMatchObject([{ status: 403 }]);
    expect((await put('author key of the source', 'closed', 'coming', item(1)).expect(201)).body.status).toBe('draft');
    await room.patch(own.id, { source: 'closed' }, { as: 'author' }).expect(200);
  });
});

describe('with itemsFrom authors', () => {
  it.each<[Place, Step | null]>([
    ['scheduled', null],
    ['published', null],
    ['expired', null],
  ])("an author's kill of what an editor has %s is not carried out, and the desk learns of it once", async (place) => {
    const itemId = `asked in ${place}`;
    const { body } = await put('author', 'open', itemId, item(1)).expect(201);
    await room.moveTo(place, body.id);
    const asked = await put('author', 'open', itemId, kill(2)).expect(200);
    expect(asked.body).toMatchObject({ status: place, warnings: [{ code: 'kill-not-carried-out' }] });
    expect(asked.body.warnings[0].detail).toMatch(/^an editor has published it, and only editors/);
    expect((await room.seen(body.id)).notes).toMatchObject([{ step: 'kill-asked', text: 'ভুল ছবি' }]);
    expect((await room.events(body.id)).at(-1)).toMatchObject({
      type: 'article.kill-asked',
      data: { reason: 'ভুল ছবি' },
    });
    const again = await changesNothing(room, () => put('author', 'open', itemId, kill(2)).expect(200));
    expect(again.body.warnings).toMatchObject([{ code: 'kill-not-carried-out' }]);
    await put('editor', 'open', itemId, kill(2)).expect(200);
    expect(await room.seen(body.id)).toMatchObject({
      status: 'draft',
      notes: [{ step: 'kill-asked' }, { step: 'kill' }],
    });
    const settled = await changesNothing(room, () => put('author', 'open', itemId, kill(2)).expect(200));
    expect(settled.body.warnings).toEqual([]);
  });

  it('an editor who publishes again what was asked to be killed is warned', async () => {
    const { body } = await put('author', 'open', 'asked', item(1)).expect(201);
    await room.step('publish', body.id).expect(200);
    await put('author', 'open', 'asked', kill(2)).expect(200);
    expect((await room.step('publish', body.id).expect(200)).body.warnings).toMatchObject([{ code: 'killed' }]);
  });

  it.each(['draft', 'review', 'archived', 'trash'] as const)('an author kills own items in %s', async (place) => {
    const { body } = await put('author', 'open', `own in ${place}`, item(1)).expect(201);
    await room.moveTo(place, body.id);
    const killed = await put('author', 'open', `own in ${place}`, kill(2)).expect(200);
    expect(killed.body.warnings).toEqual([]);
    expect((await room.seen(body.id)).notes).toMatchObject([{ step: 'kill' }]);
  });

  it("an author's kill of another's item asks where it is public, and finds nothing where it is not", async () => {
    const { body } = await put('editor', 'open', 'foreign', item(1)).expect(201);
    const asked = await put('author', 'open', 'foreign', kill(2)).expect(200);
    expect(asked.body.warnings).toMatchObject([{ code: 'kill-not-carried-out' }]);
    expect(asked.body).not.toHaveProperty('notes');
    await room.read(body.id).expect(200);
    await room.moveTo('draft', body.id);
    await changesNothing(room, () => put('author', 'open', 'foreign', kill(3)).expect(404));
  });
});

it('a source says who may send its items, and takes them from authors where nobody says', async () => {
  const source = await room.as(null, 'get', '/v1/sources/open').expect(200);
  expect(source.body.itemsFrom).toBe('authors');
  const change = (itemsFrom: unknown) =>
    room.as('editor', 'patch', '/v1/sources/open').set('If-Match', '*').send({ itemsFrom });
  for (const wrong of [null, 'nobody', '', ['keys']]) await change(wrong).expect(400);
  expect((await change('keys').expect(200)).body.itemsFrom).toBe('keys');
  await changesNothing(room, () => put('author', 'open', 'no longer', item(1)).expect(403));
  expect((await change('authors').expect(200)).body.itemsFrom).toBe('authors');
});
