import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Step } from '../../support/newsroom.ts';

let room: Newsroom;

const put = (itemId: string, body: object, source = 'bss') =>
  room.as('editor', 'put', `/v1/sources/${source}/items/${itemId}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'চলনবিলে শামুকের হাট', ...more });
const kill = (itemVersion: number) => ({ itemVersion, kill: { reason: 'সূত্রের ভুল' } });
const purge = (id: string, body?: object) =>
  room
    .as('admin', 'post', `${pathOf(id)}/purge`)
    .set('If-Match', '*')
    .send(body);
const removed = async (id: string, body?: object) => {
  await room.trash(id).expect(204);
  await purge(id, body).expect(204);
};
const memory = (itemId: string) =>
  room.app.sql(
    `SELECT s.slug, i.version, i.killed FROM source_items i JOIN sources s ON s.id = i.source_id WHERE i.item_id = $1 ORDER BY s.slug`,
    [itemId],
  );

beforeAll(async () => {
  room = await openNewsroom();
  for (const slug of ['bss', 'unb']) await room.label('sources', { name: slug, slug });
});
afterAll(() => room.close());

/** By hand, or as the sweep of the trash does it. */
const ways: [string, (id: string) => Promise<void>][] = [
  ['purged by hand', (id) => removed(id)],
  [
    'purged by the sweep',
    async (id) => {
      await room.trash(id).expect(204);
      await room.app.sql(`UPDATE articles SET deleted_at = now() - interval '31 days' WHERE id = $1`, [id]);
      expect(await room.app.services.trash.purgeOld(30)).toBe(1);
    },
  ],
  [
    'given another item id by the desk',
    async (id) => {
      await room.patch(id, { sourceItemId: `other-${id}` }).expect(200);
    },
  ],
  [
    'given to another source by the desk',
    async (id) => {
      await room.patch(id, { source: 'unb' }).expect(200);
    },
  ],
  [
    'taken from its item by the desk',
    async (id) => {
      await room.patch(id, { sourceItemId: null }).expect(200);
    },
  ],
];

describe.each(ways)('an item whose article was %s', (how, lose) => {
  const name = `lost-${ways.findIndex(([way]) => way === how)}`;

  it('is not taken again in an older or an equal version, and is in a newer one', async () => {
    const { body } = await put(name, item(4)).expect(201);
    await lose(body.id);
    for (const version of [3, 4]) {
      const refused = await changesNothing(room, () => put(name, item(version)).expect(410));
      expect(refused.body).toMatchObject({ code: 'item-purged', itemVersion: 4 });
    }
    const again = await put(name, item(5)).expect(201);
    expect(again.body).toMatchObject({ status: 'published', warnings: [] });
    expect(again.body.id).not.toBe(body.id);
  });

  it('stays killed where it was', async () => {
    const { body } = await put(`${name}-killed`, item(2)).expect(201);
    await put(`${name}-killed`, kill(4)).expect(200);
    await lose(body.id);
    for (const late of [item(3), item(4), kill(4)]) {
      const refused = await changesNothing(room, () => put(`${name}-killed`, late).expect(410));
      expect(refused.body).toMatchObject({ code: 'item-killed', itemVersion: 4 });
    }
    await put(`${name}-killed`, item(5)).expect(201);
  });
});

describe('an item whose article is gone', () => {
  it('is killed by a kill of its last version, which makes no article', async () => {
    const { body } = await put('killed-later', item(4)).expect(201);
    await removed(body.id);
    const refused = await changesNothing(room, () => put('killed-later', kill(4)).expect(410));
    expect(refused.body).toMatchObject({ code: 'item-killed', itemVersion: 4 });
    expect(await memory('killed-later')).toEqual([{ slug: 'bss', version: 4, killed: true }]);
  });

  it('whose kill came before it stays unpublished once its mark was purged', async () => {
    const { body } = await put('mark', kill(4)).expect(201);
    await purge(body.id).expect(204);
    expect((await put('mark', item(3)).expect(410)).body.code).toBe('item-killed');
  });

  it('is forgotten where the purge says so, and says what it forgot', async () => {
    const { body } = await put('forgotten', item(4)).expect(201);
    await room.trash(body.id).expect(204);
    await changesNothing(room, () => purge(body.id, { forgetItem: false }).expect(400));
    await purge(body.id, { forgetItem: true }).expect(204);
    expect((await room.events(body.id)).at(-1)).toMatchObject({ data: { forgotItem: 'forgotten' } });
    await put('forgotten', item(1)).expect(201);
  });

  it('that only the desk had named was never sent: any version makes an article', async () => {
    const { id } = await room.story({ source: 'bss', sourceItemId: 'named' });
    await removed(id);
    expect(await memory('named')).toEqual([]);
    await put('named', item(1)).expect(201);
  });

  it('is known again where the desk gives it to an article, which hears of a kill', async () => {
    const { body } = await put('given-back', item(4)).expect(201);
    await put('given-back', kill(5)).expect(200);
    await removed(body.id);
    const { id } = await room.story();
    const given = await room.patch(id, { source: 'bss', sourceItemId: 'given-back' }).expect(200);
    expect(given.body.warnings).toMatchObject([{ code: 'item-killed', detail: 'version 5' }]);
    const late = await changesNothing(room, () => put('given-back', item(4)).expect(200));
    expect(late.body).toMatchObject({ id, warnings: [{ code: 'older-version' }] });
    const same = await changesNothing(room, () => put('given-back', item(5)).expect(200));
    expect(same.body).toMatchObject({ id, warnings: [{ code: 'item-killed' }] });
    expect((await put('given-back', item(6)).expect(200)).body).toMatchObject({ id, title: item(6).title });
  });

  it('is forgotten with its source', async () => {
    const { id } = await room.label('sources', { name: 'ইউরেকা', slug: 'eureka' });
    const { body } = await put('last', item(1), 'eureka').expect(201);
    await removed(body.id);
    await room.as('editor', 'delete', '/v1/sources/eureka').set('If-Match', '*').expect(204);
    expect(await room.app.sql('SELECT 1 FROM source_items WHERE source_id = $1', [id])).toEqual([]);
  });
});

it('a source that takes the place of another has its items, of two with one id the higher version and its kill', async () => {
  await room.label('sources', { name: 'পুরানো', slug: 'old-wire' });
  const lost = async (itemId: string, body: object, source: string) =>
    purge((await put(itemId, body, source).expect(201)).body.id).then(undefined);
  for (const [itemId, old, heir] of [
    ['higher', kill(5), kill(2)],
    ['lower', kill(2), kill(5)],
    ['alone', kill(3), null],
  ] as const) {
    await lost(itemId, old, 'old-wire');
    if (heir) await lost(itemId, heir, 'unb');
  }
  await room.app.sql(
    `UPDATE source_items i SET killed = false FROM sources s WHERE s.id = i.source_id AND s.slug = 'unb'`,
  );
  await room.as('editor', 'delete', '/v1/sources/old-wire?reassignTo=unb').set('If-Match', '*').expect(204);
  expect(await memory('higher')).toEqual([{ slug: 'unb', version: 5, killed: true }]);
  expect(await memory('lower')).toEqual([{ slug: 'unb', version: 5, killed: false }]);
  expect((await put('alone', item(3), 'unb').expect(410)).body.code).toBe('item-killed');
});

describe('the same item at once', () => {
  it('from the wire and from the desk is one article, whoever comes first', async () => {
    for (const round of [1, 2, 3]) {
      const itemId = `race-${round}`;
      const answers = await Promise.all([
        room.create({ title: 'ডেস্কের খবর', source: 'bss', sourceItemId: itemId }),
        ...Array.from({ length: 5 }, () => put(itemId, item(1))),
      ]);
      const [desk, ...wire] = answers;
      expect(wire.every(({ status }) => status === 200 || status === 201)).toBe(true);
      expect([201, 409]).toContain(desk?.status);
      expect(await room.app.sql(`SELECT 1 FROM articles WHERE source_item_id = $1`, [itemId])).toHaveLength(1);
    }
  });

  it('while its article is purged is never made anew by a version that was taken', async () => {
    for (const [itemVersion, statuses] of [
      [4, [200, 410]],
      [5, [200, 201, 410]],
    ] as const) {
      const itemId = `race-purge-${itemVersion}`;
      const { body } = await put(itemId, item(4)).expect(201);
      await room.trash(body.id).expect(204);
      const answers = await Promise.all([
        purge(body.id),
        ...Array.from({ length: 5 }, () => put(itemId, item(itemVersion))),
      ]);
      for (const { status } of answers.slice(1)) expect(statuses).toContain(status);
      expect(await memory(itemId)).toMatchObject([{ version: itemVersion }]);
    }
  });
});

it.each(['restore', 'publish'] satisfies Step[])('a %s leaves what was sent as it is', async (step) => {
  const { body } = await put(`by-${step}`, item(4)).expect(201);
  await room.trash(body.id).expect(204);
  await room.step('restore', body.id).expect(200);
  if (step === 'publish') await room.step('publish', body.id).expect(200);
  const late = await put(`by-${step}`, item(3)).expect(200);
  expect(late.body).toMatchObject({ id: body.id, warnings: [{ code: 'older-version' }] });
  expect(await memory(`by-${step}`)).toMatchObject([{ version: 4, killed: false }]);
});
