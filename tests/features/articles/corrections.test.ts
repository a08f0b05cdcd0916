import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pointers, type Story } from '../../support/newsroom.ts';

describe('corrections that readers see', () => {
  let room: Newsroom;
  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  const live = () => room.story({ title: 'হাওরে ধান কাটা', status: 'published' });
  const shown = async (story: Story) => (await room.read(story.id).expect(200)).body;

  it('adds a correction with its instant, oldest first, and sets modifiedAt to the latest', async () => {
    const story = await live();
    expect(await shown(story)).toMatchObject({ corrections: [], modifiedAt: null });
    const { body: first } = await room.patch(story.id, { kicker: 'কৃষি', correction: 'জেলার নাম ভুল ছিল।' }).expect(200);
    const { body: second } = await room.patch(story.id, { correction: 'সংখ্যাটি ঠিক করা হলো।' }).expect(200);
    expect(second.corrections).toEqual([
      { at: first.modifiedAt, text: 'জেলার নাম ভুল ছিল।' },
      { at: second.modifiedAt, text: 'সংখ্যাটি ঠিক করা হলো।' },
    ]);
    expect(second.modifiedAt > first.modifiedAt).toBe(true);
    expect(second.updatedAt).toBe(second.modifiedAt);
    const { corrections, modifiedAt } = await shown(story);
    expect({ corrections, modifiedAt }).toEqual({ corrections: second.corrections, modifiedAt: second.modifiedAt });
  });

  it('gives each of two in one call an instant of its own, so that either can be put into other words', async () => {
    const story = await live();
    const told = ['প্রথম কথা।', 'দ্বিতীয় কথা।'];
    const operations = told.map((correction) => ({ op: 'update', id: story.id, ifMatch: '*', body: { correction } }));
    await room.as('editor', 'post', '/v1/articles/bulk').send({ operations, atomic: true }).expect(200);
    const [first] = (await shown(story)).corrections;
    const { body } = await room.patch(story.id, { correction: 'ঠিক কথা।', correctionAt: first.at }).expect(200);
    expect(body.corrections.map(({ text }: { text: string }) => text)).toEqual(['ঠিক কথা।', 'দ্বিতীয় কথা।']);
  });

  it('counts a correction alone as a change, also one that says what was said before', async () => {
    const story = await live();
    for (const version of [2, 3]) {
      const { body } = await room.patch(story.id, { correction: 'একই কথা।' }).expect(200);
      expect(body.version).toBe(version);
      expect(body.corrections).toHaveLength(version - 1);
    }
    expect((await room.events(story.id)).at(-1)?.data.changed?.sort()).toEqual(['corrections', 'modifiedAt']);
    expect(await room.revisions(story.id)).toHaveLength(3);
    const { body } = await room.as('editor', 'get', `/v1/articles/${story.id}/revisions`).expect(200);
    expect(body.data[0].changed.sort()).toEqual(['corrections', 'modifiedAt']);
  });

  it('sets modifiedAt alone with modified, and neither with any other change', async () => {
    const story = await live();
    const { body: quiet } = await room.patch(story.id, { kicker: 'কৃষি' }).expect(200);
    expect(quiet).toMatchObject({ modifiedAt: null, corrections: [] });
    expect(quiet.updatedAt > story.updatedAt).toBe(true);
    const { body: told } = await room.patch(story.id, { excerpt: 'নতুন অংশ', modified: true }).expect(200);
    expect(told).toMatchObject({ modifiedAt: told.updatedAt, corrections: [] });
    const { body: again } = await room.patch(story.id, { modified: true }).expect(200);
    expect(again.version).toBe(4);
    expect(again.modifiedAt > told.modifiedAt).toBe(true);
    const { body: later } = await room.patch(story.id, { kicker: 'ধান' }).expect(200);
    expect(later.modifiedAt).toBe(again.modifiedAt);
  });

  it('changes nothing where a PATCH changes nothing and tells nothing', async () => {
    const story = await live();
    await room.patch(story.id, { correction: 'ঠিক করা হলো।' }).expect(200);
    const { body } = await changesNothing(room, () => room.patch(story.id, { title: story.title }).expect(200));
    expect(body.version).toBe(2);
  });

  it('takes one with a publication: again, and after it was taken back', async () => {
    const story = await live();
    const { body: again } = await room.step('publish', story.id, { correction: 'নাম ঠিক করা হলো।' }).expect(200);
    expect(again).toMatchObject({ version: 2, publishedAt: story.publishedAt, modifiedAt: again.updatedAt });
    expect(again.corrections).toEqual([{ at: again.modifiedAt, text: 'নাম ঠিক করা হলো।' }]);
    await room.step('unpublish', story.id).expect(200);
    await room.step('publish', story.id, { modified: true, note: 'আবার' }).expect(200);
    const { corrections, modifiedAt } = await shown(story);
    expect(corrections).toEqual(again.corrections);
    expect(modifiedAt > again.modifiedAt).toBe(true);
    await changesNothing(room, () => room.step('publish', story.id).expect(200));
  });

  it('keeps them through unpublishing, the archive, the trash and back', async () => {
    const story = await live();
    const { body: told } = await room.patch(story.id, { correction: 'ভুল ছিল।' }).expect(200);
    for (const step of ['unpublish', 'archive', 'restore', 'publish'] as const) {
      const { body } = await room.step(step, story.id).expect(200);
      expect(body).toMatchObject({ corrections: told.corrections, modifiedAt: told.modifiedAt });
    }
  });

  it('cleans its text and refuses what is none', async () => {
    const story = await live();
    const { body } = await room.patch(story.id, { correction: '  ভুল\u200B ছিল।\r\nএখন ঠিক। ' }).expect(200);
    expect(body.corrections[0].text).toBe('ভুল ছিল।\nএখন ঠিক।');
    await changesNothing(room, async () => {
      for (const correction of ['', ' ', null, 7, 'ক'.repeat(1_001), 'ক\u0000']) {
        expect(pointers(await room.patch(story.id, { correction }).expect(400))).toEqual(['/correction']);
      }
      for (const modified of [false, null, 'true']) {
        expect(pointers(await room.patch(story.id, { modified }).expect(400))).toEqual(['/modified']);
      }
      const own = { corrections: [], modifiedAt: null };
      expect(pointers(await room.patch(story.id, own).expect(400))).toEqual(['/corrections', '/modifiedAt']);
      expect(pointers(await room.create({ title: 'ক', correction: 'ক' }).expect(400))).toEqual(['/correction']);
      expect(pointers(await room.step('submit', story.id, { correction: 'ক' }).expect(400))).toEqual(['/correction']);
    });
  });

  it('is the desk’s: an author may neither correct nor date a change, in a draft of his own either', async () => {
    const story = await room.story({}, 'author');
    await changesNothing(room, async () => {
      await room.patch(story.id, { correction: 'ভুল' }, { as: 'author' }).expect(403);
      await room.patch(story.id, { modified: true }, { as: 'author' }).expect(403);
      await room.patch(story.id, { kicker: 'ক', correction: 'ভুল' }, { as: 'author' }).expect(403);
      await room.patch(story.id, { correction: 'ভুল' }, { as: 'viewer' }).expect(403);
    });
    await room.patch(story.id, { kicker: 'ক' }, { as: 'author' }).expect(200);
  });

  it('refuses to correct what readers never saw, by PATCH or with its first publication, and says why', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const hidden = [await room.story(), await room.story({ status: 'published', publishedAt: tomorrow })];
    for (const { id } of hidden) {
      await changesNothing(room, async () => {
        const both = await room.patch(id, { kicker: 'ক', correction: 'ভুল', modified: true }).expect(422);
        expect(both.body).toMatchObject({ code: 'never-public', detail: expect.stringContaining('Readers') });
        expect(pointers(both)).toEqual(['/correction', '/modified']);
        expect(pointers(await room.patch(id, { modified: true }).expect(422))).toEqual(['/modified']);
        expect(pointers(await room.step('publish', id, { correction: 'ভুল' }).expect(422))).toEqual(['/correction']);
        expect(pointers(await room.step('publish', id, { at: tomorrow, modified: true }).expect(422))).toEqual([
          '/modified',
        ]);
      });
      await room.step('publish', id).expect(200);
      await room.patch(id, { correction: 'এখন চলে।' }).expect(200);
    }
  });

  it('corrects what was public once and is a draft or in the archive now', async () => {
    for (const step of ['unpublish', 'archive'] as const) {
      const story = await live();
      await room.step(step, story.id).expect(200);
      await room.patch(story.id, { correction: 'ফেরার আগে ঠিক করা।' }).expect(200);
      expect(
        (await room.step('publish', story.id, { correction: 'আরও একটি।' }).expect(200)).body.corrections,
      ).toHaveLength(2);
    }
  });

  it('mends the words of a correction that is there, at its own instant, and dates nothing anew', async () => {
    const story = await live();
    await room.patch(story.id, { correction: 'জেলার নাম ভূল ছিল।' }).expect(200);
    const { body: told } = await room.patch(story.id, { correction: 'সংখ্যাটি ঠিক করা হলো।' }).expect(200);
    const [first, second] = told.corrections;
    const mended = { correction: 'জেলার নাম ভুল ছিল।', correctionAt: first.at };
    const { body } = await room.patch(story.id, mended).expect(200);
    expect(body.corrections).toEqual([{ at: first.at, text: 'জেলার নাম ভুল ছিল।' }, second]);
    expect(body).toMatchObject({ version: 4, modifiedAt: told.modifiedAt });
    expect((await shown(story)).corrections).toEqual(body.corrections);
    await changesNothing(room, async () => {
      await room.patch(story.id, mended).expect(200);
      const none = await room.patch(story.id, { ...mended, correctionAt: '2020-01-01T00:00:00Z' }).expect(422);
      expect([none.body.code, ...pointers(none)]).toEqual(['unknown-correction', '/correctionAt']);
      expect(pointers(await room.patch(story.id, { correctionAt: first.at }).expect(400))).toEqual(['/correction']);
      await room.patch(story.id, mended, { as: 'author' }).expect(403);
      expect(pointers(await room.step('publish', story.id, mended).expect(400))).toEqual(['/correctionAt']);
    });
  });
});
