import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { openDraftDesk } from '../../support/drafts.ts';
import { changesNothing, type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';
import { idsOf } from '../../support/walk.ts';

let room: Newsroom;

const siblings = async (id: string, who: 'editor' | null = null) =>
  (await room.read(id, who).expect(200)).body.translations.map(({ id: other }: Story) => other);
const published = (title: string, language: string) => room.story({ title, language, status: 'published' });
/** A public article in Bangla, and its edition in another language. */
const pair = async (title: string, language = 'en') => {
  const first = await published(title, 'bn');
  const second = await published(`${title} (${language})`, language);
  await room.link(second.id, first.id).expect(200);
  return [first, second] as const;
};

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('editions of one story', () => {
  it('share a storyId, show each other, and are one event and one version', async () => {
    const bangla = await published('হাওরে নতুন সেতু', 'bn');
    const english = await published('A new bridge for the haor', 'en');
    const { body } = await room.link(english.id, bangla.slug).expect(200);
    expect(body).toMatchObject({ storyId: bangla.storyId, version: 2 });
    expect(body.translations).toEqual([{ language: 'bn', id: bangla.id, slug: bangla.slug, title: bangla.title }]);
    expect(await siblings(bangla.id)).toEqual([english.id]);
    const events = await room.events(english.id);
    expect(events.map(({ type }) => type)).toEqual(['article.created', 'article.published', 'article.linked']);
    expect(events.at(-1)?.keys).toEqual(
      expect.arrayContaining([cacheKeys.story(bangla.id), cacheKeys.story(english.id)]),
    );
    expect((await room.events(bangla.id)).map(({ type }) => type)).toEqual(['article.created', 'article.published']);
  });

  it('are found by what the other was called, unless another that the caller may see has that slug now', async () => {
    const bangla = await published('হাওরের পুরোনো ঘাট', 'bn');
    await room.patch(bangla.id, { slug: 'haorer-notun-ghat' }).expect(200);
    const english = await published('An old ghat', 'en');
    const { body } = await room.link(english.id, bangla.slug).expect(200);
    expect(body.translations).toMatchObject([{ id: bangla.id }]);
    const taker = await room.story({ slug: bangla.slug, language: 'fr' });
    const other = await published('Un vieux quai', 'en');
    expect((await room.link(other.id, bangla.slug).expect(200)).body.storyId).toBe(taker.storyId);
    const own = await room.story({ title: 'Ghat in German', language: 'de' }, 'author');
    expect((await room.link(own.id, bangla.slug, { as: 'author' }).expect(200)).body.storyId).toBe(body.storyId);
  });

  it('are listed by their story, for readers only what is public', async () => {
    const bangla = await published('মেলায় বইয়ের ভিড়', 'bn');
    const draft = await room.story({ title: 'Crowds at the book fair', language: 'en' });
    await room.link(draft.id, bangla.id).expect(200);
    const list = async (who: 'editor' | null) =>
      idsOf((await room.as(who, 'get', `/v1/articles?story=${bangla.id}&sort=title`).expect(200)).body);
    expect(await list(null)).toEqual([bangla.id]);
    expect(await list('editor')).toEqual([draft.id, bangla.id]);
  });

  it('that are not public are no translations to readers, nor change a byte of what they see', async () => {
    const bangla = await published('পিঠা উৎসব শুরু', 'bn');
    const before = await room.read(bangla.id).expect(200);
    const draft = await room.story({ title: 'Pitha festival begins', language: 'en' });
    await room.link(draft.id, bangla.id).expect(200);
    const after = await room.read(bangla.id).expect(200);
    expect([after.text, after.headers.etag]).toEqual([before.text, before.headers.etag]);
    expect(await siblings(bangla.id, 'editor')).toEqual([draft.id]);
  });

  it('stand alone again when they are unlinked, also the one whose id the others share', async () => {
    const [first, second] = await pair('শীতের পাখি ফিরেছে');
    const third = await published('Winter birds return', 'en-GB');
    await room.link(third.id, second.id).expect(200);
    expect((await siblings(first.id)).sort()).toEqual([second.id, third.id].sort());
    await room.unlink(first.id).expect(200);
    expect(await siblings(first.id)).toEqual([]);
    expect(await siblings(second.id)).toEqual([third.id]);
    const again = await room.unlink(first.id).expect(200);
    expect(again.body.version).toBe(3 - 1);
  });

  it('cannot be an article itself, an unknown one or one in the trash', async () => {
    const alone = await published('একা একটি খবর', 'bn');
    const gone = await room.story({});
    await room.moveTo('trash', gone.id);
    for (const other of [alone.id, alone.slug, 'নেই-এমন', gone.id]) {
      const { body } = await changesNothing(room, () => room.link(alone.id, other).expect(422));
      expect(body.errors[0].pointer).toBe('/with');
    }
  });

  it('linked again to the same story changes nothing', async () => {
    const [a, b] = await pair('দুই ভাষায়');
    const { body } = await changesNothing(room, () => room.link(b.id, a.id).expect(200));
    expect(body.version).toBe(2);
  });

  it('are linked with the version that was read, by who may edit the article', async () => {
    const [a, b] = [await published('ক খবর', 'bn'), await published('B story', 'en')];
    await room.link(b.id, a.id, { match: null }).expect(428);
    await room.link(b.id, a.id, { match: '"9"' }).expect(412);
    await room.link(b.id, a.id, { as: 'author' }).expect(403);
    await room.link(b.id, a.id, { as: null, match: null }).expect(401);
  });

  it('are linked by an author to what the author may see; what is hidden answers as what is not there', async () => {
    const own = await room.story({ title: 'আমার খসড়া', language: 'bn' }, 'author');
    const hidden = await room.story({ title: 'Secret probe', language: 'en' }, 'other');
    const answers = [];
    for (const other of [hidden.id, hidden.slug, '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11', 'no-such-thing']) {
      const answer = await changesNothing(room, () => room.link(own.id, other, { as: 'author' }).expect(422));
      answers.push({ ...answer.body, requestId: '' });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0].code).toBe('unknown-article');
    expect((await room.seen(hidden.id)).translations).toEqual([]);
    const mine = await room.story({ title: 'My own draft', language: 'en' }, 'author');
    const open = await published('Für alle sichtbar', 'de');
    for (const other of [mine.id, open.id]) {
      const { body } = await room.link(own.id, other, { as: 'author' }).expect(200);
      expect(body.translations.map(({ id }: Story) => id)).toEqual([other]);
    }
  });
});

describe('a story', () => {
  const taken = { code: 'edition-taken' };

  it('has no second edition in a language, by a link or by another language, and names the one that is there', async () => {
    const [first, second] = await pair('এক ভাষায় এক সংস্করণ');
    const third = await room.story({ title: 'A rival', language: 'en' });
    for (const other of [first.id, second.id]) {
      const { body } = await changesNothing(room, () => room.link(third.id, other).expect(409));
      expect(body).toMatchObject({ ...taken, existing: second.id });
    }
    const { body } = await changesNothing(room, () => room.patch(second.id, { language: 'bn' }).expect(409));
    expect(body).toMatchObject({ ...taken, existing: first.id });
    await room.patch(third.id, { language: 'en-gb' }).expect(200);
    await room.link(third.id, first.id).expect(200);
    await room.patch(third.id, { kicker: 'ক', language: 'en-GB' }).expect(200);
    const back = await changesNothing(room, () => room.patch(third.id, { language: 'en' }).expect(409));
    expect(back.body.existing).toBe(second.id);
  });

  it('does not say which edition it is that the caller may not see', async () => {
    const [first, second] = await pair('আড়ালে আছে একটি');
    await room.step('unpublish', second.id).expect(200);
    const own = await room.story({ title: 'My edition', language: 'en' }, 'author');
    const { body } = await changesNothing(room, () => room.link(own.id, first.id, { as: 'author' }).expect(409));
    expect(body).toMatchObject(taken);
    expect(body.existing).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain(second.id);
  });

  it('keeps its languages apart when an old version comes back or a working draft is published', async () => {
    const [first, second] = await pair('পুরোনো ভাষা', 'bn-IN');
    await room.patch(second.id, { language: 'en' }).expect(200);
    await room.unlink(second.id).expect(200);
    await room.patch(second.id, { language: 'bn' }).expect(200);
    await room.patch(second.id, { language: 'fr' }).expect(200);
    await room.link(second.id, first.id).expect(200);
    const old = (await room.revisions(second.id)).find(({ snapshot }) => snapshot.language === 'bn')?.version;
    const restore = room.as('editor', 'post', `${pathOf(second.id)}/revisions/${old}/restore`).set('If-Match', '*');
    expect((await changesNothing(room, () => restore.expect(409))).body).toMatchObject(taken);
    await openDraftDesk(room).draft(second.id, { language: 'bn' });
    const { body } = await changesNothing(room, () => room.step('publish', second.id).expect(409));
    expect(body).toMatchObject({ ...taken, existing: first.id });
  });

  it('does not count what is in the trash, which comes back to stand alone where its place is taken', async () => {
    const [first, second] = await pair('ঝুড়ি থেকে ফেরা');
    const third = await published('Took the place', 'en');
    await room.trash(second.id).expect(204);
    await room.link(third.id, first.id).expect(200);
    const { body } = await room.step('restore', second.id).expect(200);
    expect(body).toMatchObject({ translations: [], warnings: [{ code: 'left-story', detail: 'en', count: 1 }] });
    expect(await siblings(first.id)).toEqual([third.id]);
    await room.trash(first.id).expect(204);
    const again = await room.step('restore', first.id).expect(200);
    expect(again.body).toMatchObject({ storyId: first.storyId, warnings: [] });
    expect(await siblings(third.id, 'editor')).toEqual([first.id]);
  });
});
