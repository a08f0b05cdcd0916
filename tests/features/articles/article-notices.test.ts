import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

const day = 86_400_000;

describe('what a writer is told of dates and slugs', () => {
  let room: Newsroom;
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const notice = (code: string, detail: string) => ({ code, detail, count: 1 });
  const live = () => room.story({ status: 'published', publishedAt: at(-2 * day) });

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('of a PATCH of dates that takes from readers what they saw, or shows it again', async () => {
    const { id } = await live();
    const step = async (patch: object): Promise<Story> => (await room.patch(id, patch).expect(200)).body;
    const ahead = await step({ publishedAt: at(day) });
    expect(ahead).toMatchObject({ status: 'scheduled', warnings: [notice('no-longer-public', 'scheduled')] });
    await room.read(id).expect(404);
    expect((await step({ publishedAt: at(2 * day), kicker: 'ক' })).warnings).toEqual([]);
    const back = await step({ publishedAt: at(-2 * day) });
    expect(back).toMatchObject({ status: 'published', warnings: [notice('now-public', 'published')] });
    const over = await step({ expiresAt: at(-day) });
    expect(over).toMatchObject({ status: 'expired', warnings: [notice('no-longer-public', 'expired')] });
    await room.read(id).expect(410);
    expect((await step({ expiresAt: at(day) })).warnings).toEqual([notice('now-public', 'published')]);
    expect((await step({ expiresAt: null, title: 'আর কিছু নয়' })).warnings).toEqual([]);
  });

  it('of dates of what readers did not see: nothing', async () => {
    const draft = await room.story({ publishedAt: at(-day) });
    expect((await room.patch(draft.id, { publishedAt: at(day) }).expect(200)).body.warnings).toEqual([]);
    expect((await room.step('unpublish', (await live()).id).expect(200)).body.warnings).toEqual([]);
  });

  it('of publishing at a time to come what readers see now, and of publishing it before that time', async () => {
    const { id } = await live();
    const { body } = await room.step('publish', id, { at: at(day) }).expect(200);
    expect(body).toMatchObject({ status: 'scheduled', warnings: [notice('no-longer-public', 'scheduled')] });
    const early = notice('now-public', `scheduled for ${body.publishedAt} before`);
    expect((await room.step('publish', id).expect(200)).body.warnings).toEqual([early]);
    expect((await room.step('publish', id).expect(200)).body.warnings).toEqual([]);
  });

  it('of an expiry that publishing drops: of a draft, and of what had expired', async () => {
    const expiresAt = at(-day);
    const draft = await room.story({ expiresAt });
    const { body } = await room.step('publish', draft.id).expect(200);
    expect(body).toMatchObject({ expiresAt: null, warnings: [notice('expiry-dropped', expiresAt)] });
    const { id } = await live();
    await room.patch(id, { expiresAt }).expect(200);
    const again = await room.step('publish', id).expect(200);
    expect(again.body).toMatchObject({ status: 'published', warnings: [notice('expiry-dropped', expiresAt)] });
    const kept = await room.story({ expiresAt: at(day) });
    expect((await room.step('publish', kept.id).expect(200)).body.warnings).toEqual([]);
  });

  it('of a slug, given or derived, that leads to another article until this one is published', async () => {
    const story = await room.story({ title: 'পুরোনো ঠিকানা', status: 'published' }, 'editor');
    await room.patch(story.id, { slug: 'notun-thikana' }).expect(200);
    const warning = notice('takes-redirect', story.slug);
    const { body: draft } = await room.create({ title: 'অন্য', slug: 'পুরোনো ঠিকানা' }, 'author').expect(201);
    expect(draft.warnings).toEqual([warning]);
    await room.read(story.slug).expect(308);
    expect((await room.patch(draft.id, { slug: 'onno' }).expect(200)).body.warnings).toEqual([]);
    expect((await room.patch(draft.id, { slug: story.slug }).expect(200)).body.warnings).toEqual([warning]);
    expect((await room.patch(draft.id, { kicker: 'ক' }).expect(200)).body.warnings).toEqual([]);
    expect((await room.step('publish', draft.id).expect(200)).body.warnings).toEqual([warning]);
    expect((await room.read(story.slug).expect(200)).body.id).toBe(draft.id);
    await room.patch(draft.id, { slug: 'ses' }).expect(200);
    const derived = await room.create({ title: 'পুরোনো ঠিকানা!' }, 'author').expect(201);
    expect(derived.body).toMatchObject({ slug: story.slug, warnings: [warning] });
  });

  it('of a slug that was its own before, or that of an article that the caller may not see: nothing', async () => {
    const story = await room.story({ slug: 'amar-chhilo', status: 'published' });
    await room.patch(story.id, { slug: 'ekhon' }).expect(200);
    await room.step('unpublish', story.id).expect(200);
    const { body } = await room.create({ title: 'ক', slug: 'amar-chhilo' }, 'author').expect(201);
    expect(body.warnings).toEqual([]);
    await room.trash(body.id).expect(204);
    await room.as('admin', 'post', `/v1/articles/${body.id}/purge`).set('If-Match', '*').expect(204);
    expect((await room.patch(story.id, { slug: 'amar-chhilo' }).expect(200)).body.warnings).toEqual([]);
  });

  it('of a slug that is taken: by which article, where the caller may see it', async () => {
    const hidden = await room.story({ slug: 'dokhol' });
    const own = await room.story({}, 'author');
    const asked = async (as: 'editor' | 'author') => {
      const patched = await changesNothing(room, () => room.patch(own.id, { slug: 'dokhol' }, { as }).expect(409));
      const created = await changesNothing(room, () => room.create({ title: 'ক', slug: 'dokhol' }, as).expect(409));
      return [patched, created].map(({ body }) => [body.code, body.slug, body.existing]);
    };
    expect(await asked('editor')).toEqual(Array(2).fill(['slug-taken', 'dokhol', hidden.id]));
    expect(await asked('author')).toEqual(Array(2).fill(['slug-taken', 'dokhol', undefined]));
  });
});
