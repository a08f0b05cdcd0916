import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicUrl } from '../../support/app.ts';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

describe('a change of an article that has changed meanwhile', () => {
  let room: Newsroom;
  beforeAll(async () => {
    room = await openNewsroom();
    for (const name of ['নদী', 'কৃষি']) await room.label('tags', { name });
  });
  afterAll(() => room.close());

  it('lets one of fifty editors with the same ETag through and tells the others what changed', async () => {
    const story = await room.story({ title: 'সেতুর কাজ শেষ', kicker: 'যোগাযোগ', status: 'published' });
    const { headers } = await room.read(story.id, 'editor').expect(200);
    // 503 says that nothing was changed and asks for the call again: a crowded machine may give one.
    const save = async (index: number) => {
      for (;;) {
        const answer = await room.patch(story.id, { kicker: `সম্পাদক ${index}` }, { match: String(headers.etag) });
        if (answer.status !== 503) return answer;
      }
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => save(index)));
    const won = answers.filter(({ status }) => status === 200);
    const stale = answers.filter(({ status }) => status === 412);
    expect([won.length, stale.length]).toEqual([1, 49]);
    const kicker = won[0]?.body.kicker;
    for (const { body } of stale) {
      expect(body).toMatchObject({ code: 'stale', currentVersion: 2 });
      expect(body.changes).toEqual([{ field: 'kicker', before: 'যোগাযোগ', after: kicker }]);
    }
    expect(await room.seen(story.id)).toMatchObject({ kicker, version: 2 });
    expect((await room.revisions(story.id)).map(({ version }) => version)).toEqual([1, 2]);
    expect((await room.events(story.id)).filter(({ type }) => type === 'article.updated')).toHaveLength(1);
  });

  it('tells all that changed since the version sent, over several changes, as the view shows it', async () => {
    const story = await room.story({ cover: { url: '/media/a.jpg', alt: 'ক' }, body: '<p><a href="/a">ক</a></p>' });
    await room.patch(story.id, { tags: ['নদী', 'কৃষি'] }).expect(200);
    await room.patch(story.id, { body: '<p><a href="/b">খ</a></p>', cover: { alt: 'খ' } }).expect(200);
    const { body } = await room.patch(story.id, { kicker: 'গ' }, { match: '"1"' }).expect(412);
    const changes = new Map(body.changes.map((change: { field: string }) => [change.field, change]));
    expect([...changes.keys()].sort()).toEqual(['body', 'cover', 'tags']);
    expect(changes.get('body')).toMatchObject({
      before: `<p><a href="${publicUrl}/a">ক</a></p>`,
      after: `<p><a href="${publicUrl}/b">খ</a></p>`,
    });
    expect(changes.get('cover')).toMatchObject({ after: { url: `${publicUrl}/media/a.jpg`, alt: 'খ' } });
    expect(changes.get('tags')).toMatchObject({ before: [], after: [{ name: 'নদী' }, { name: 'কৃষি' }] });
    const { body: later } = await room.patch(story.id, { kicker: 'গ' }, { match: '"2"' }).expect(412);
    expect(later.changes.map(({ field }: { field: string }) => field).sort()).toEqual(['body', 'cover']);
  });

  it('serves a client that merges: what it changed itself, sent again with the version that is current', async () => {
    const story = await room.story({ title: 'মেলা', kicker: 'ক' });
    await room.patch(story.id, { kicker: 'খ' }).expect(200);
    const mine = { excerpt: 'আমার অংশ' };
    const { body } = await room.patch(story.id, mine, { match: '"1"' }).expect(412);
    expect(body.changes.map(({ field }: { field: string }) => field)).toEqual(['kicker']);
    const { body: merged } = await room.patch(story.id, mine, { match: `"${body.currentVersion}"` }).expect(200);
    expect(merged).toMatchObject({ kicker: 'খ', excerpt: 'আমার অংশ', version: 3 });
  });

  it('knows no changes for a version that never was, and says the same for steps and deletion', async () => {
    const story = await room.story();
    await room.step('submit', story.id).expect(200);
    await changesNothing(room, async () => {
      for (const match of ['"9"', '"x"', 'W/"2"']) {
        const { body } = await room.patch(story.id, { kicker: 'ক' }, { match }).expect(412);
        expect([body.currentVersion, body.changes ?? []]).toEqual([2, []]);
      }
      const { body } = await room.step('publish', story.id, undefined, { match: '"1"' }).expect(412);
      expect(body.changes).toEqual([{ field: 'status', before: 'draft', after: 'review' }]);
      expect((await room.trash(story.id, { match: '"1"' }).expect(412)).body.changes).toHaveLength(1);
    });
  });
});
