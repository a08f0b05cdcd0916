import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RevisionComparison } from '../../../src/features/revisions/revisions.schema.ts';
import { publicUrl } from '../../support/app.ts';
import { type Newsroom, openNewsroom, pathOf, type Story } from '../../support/newsroom.ts';

type Change = RevisionComparison['changes'][number];
type Parts = NonNullable<Change['parts']>;

const textBefore = (parts: Parts) => parts.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text])).join('');
const textAfter = (parts: Parts) => parts.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [text])).join('');
const changed = (parts: Parts) => parts.flatMap(({ kind, text }) => (kind === 'same' ? [] : [`${kind} ${text}`]));

describe('GET /v1/articles/{id}/revisions/{version}/compare', () => {
  let room: Newsroom;
  const compare = async (story: Story, version: number, search = ''): Promise<RevisionComparison> =>
    (await room.as('viewer', 'get', `${pathOf(story.id)}/revisions/${version}/compare${search}`).expect(200)).body;
  const partsOf = ({ changes }: RevisionComparison, field: string): Parts => {
    const parts = changes.find((change) => change.field === field)?.parts ?? [];
    expect(changes.find((change) => change.field === field)).toMatchObject({
      before: textBefore(parts) === '' ? expect.anything() : textBefore(parts),
      after: textAfter(parts),
    });
    return parts;
  };
  const edited = async (from: object, to: object) => {
    const story = await room.story(from);
    await room.patch(story.id, to).expect(200);
    return compare(story, 2);
  };

  beforeAll(async () => {
    room = await openNewsroom();
    for (const name of ['নদী', 'কৃষি']) await room.label('tags', { name });
  });
  afterAll(() => room.close());

  it('names the fields that differ, with what each version shows, and those alone', async () => {
    const story = await room.story({
      title: 'নদীর পানি বাড়ছে',
      tags: ['নদী'],
      cover: { url: '/media/a.jpg', alt: 'ঘাট' },
    });
    await room.patch(story.id, { title: 'নদীর পানি কমছে', tags: ['কৃষি', 'নদী'], cover: null }).expect(200);
    const { version, with: from, changes } = await compare(story, 2);
    expect([version, from]).toEqual([2, 1]);
    expect(changes.map(({ field }) => field)).toEqual(['slug', 'title', 'cover', 'tags']);
    expect(changes[2]).toMatchObject({ before: { url: `${publicUrl}/media/a.jpg`, alt: 'ঘাট' }, after: null });
    expect(changes[1]?.parts).toEqual([
      { kind: 'same', text: 'নদীর পানি ' },
      { kind: 'removed', text: 'বাড়ছে' },
      { kind: 'added', text: 'কমছে' },
    ]);
  });

  it.each([
    ['a sign', 'কথা বলা হলো', 'কথা বলি হলো', ['removed বলা', 'added বলি']],
    ['a conjunct', 'ক্ষ্যাপা পাগল', 'ক্ষেপা পাগল', ['removed ক্ষ্যাপা', 'added ক্ষেপা']],
    ['a nukta letter', 'বাড়ি যায়', 'বাড়ি যাই', ['removed যায়', 'added যাই']],
    ['a joiner', 'র\u200d্যাব এসেছে', 'র‌্যাব এসেছে', ['removed র\u200d্যাব', 'added র‌্যাব']],
    ['a hasanta', 'হঠাৎ উদ্‌যাপন', 'হঠাৎ উদযাপন', ['removed উদ্‌যাপন', 'added উদযাপন']],
    ['a danda', 'শেষ হলো।', 'শেষ হলো!', ['removed ।', 'added !']],
    ['digits with a case ending', '২০টি দোকান', '২১টি দোকান', ['removed ২০টি', 'added ২১টি']],
    ['an emoji of several', 'ছবি 👩‍👩‍👧 দেখুন', 'ছবি 👩‍👩‍👦 দেখুন', ['removed 👩‍👩‍👧', 'added 👩‍👩‍👦']],
  ])('tells words apart and never cuts a letter from its sign: %s', async (_, from, to, expected) => {
    const comparison = await edited({ title: from, excerpt: from }, { title: to, excerpt: to });
    for (const field of ['title', 'excerpt']) expect(changed(partsOf(comparison, field))).toEqual(expected);
  });

  it('compares bodies as text and tags: a tag is one word, and what did not change is not told', async () => {
    const comparison = await edited(
      { body: '<p>উজানের ঢলে <strong>নদী</strong> ভরেছে।</p><p>তীরের মানুষ সতর্ক।</p><p>শেষ &amp; শুরু</p>' },
      { body: '<p>উজানের ঢলে <em>নদী</em> ভরেছে।</p><p>তীরের মানুষ খুব সতর্ক।</p><p>শেষ &lt; শুরু</p>' },
    );
    expect(changed(partsOf(comparison, 'body'))).toEqual([
      'removed <strong>',
      'added <em>',
      'removed </strong>',
      'added </em>',
      'added খুব ',
      'removed &amp;',
      'added &lt;',
    ]);
    expect(comparison.changes.map(({ field }) => field)).toEqual(['body']);
  });

  it('shows bodies under the public address, and a change of format as one', async () => {
    const comparison = await edited(
      { body: '<p><a href="/a">ক</a></p>' },
      { body: '[ক](/a) খ < গ', bodyFormat: 'markdown' },
    );
    const parts = partsOf(comparison, 'body');
    expect(textBefore(parts)).toBe(`<p><a href="${publicUrl}/a">ক</a></p>`);
    expect(textAfter(parts)).toBe('[ক](/a) খ < গ');
    expect(comparison.changes.map(({ field }) => field)).toEqual(['body', 'bodyFormat']);
  });

  it('compares any two, in either direction, and a version with itself', async () => {
    const story = await room.story({ kicker: 'এক' });
    for (const kicker of ['দুই', 'তিন']) await room.patch(story.id, { kicker }).expect(200);
    expect((await compare(story, 3, '?with=1')).changes).toMatchObject([
      { field: 'kicker', before: 'এক', after: 'তিন' },
    ]);
    expect((await compare(story, 1, '?with=3')).changes).toMatchObject([
      { field: 'kicker', before: 'তিন', after: 'এক' },
    ]);
    expect(await compare(story, 2, '?with=2')).toEqual({ version: 2, with: 2, changes: [] });
    const path = `${pathOf(story.id)}/revisions/2/compare`;
    await room.as('editor', 'get', `${path}?with=4`).expect(404);
    for (const wrong of ['0', 'x', '', '1,2', '-1'])
      await room.as('editor', 'get', `${path}?with=${wrong}`).expect(400);
    await room.as('editor', 'get', `${path}?from=1`).expect(400);
  });

  it('tells what the first version brought', async () => {
    const story = await room.story({ title: 'প্রথম', kicker: 'নতুন' });
    const { with: from, changes } = await compare(story, 1);
    expect(from).toBeNull();
    expect(changes.find(({ field }) => field === 'kicker')).toEqual({
      field: 'kicker',
      before: null,
      after: 'নতুন',
      parts: [{ kind: 'added', text: 'নতুন' }],
    });
    expect(changes.map(({ field }) => field)).not.toContain('tags');
  });

  it('takes neither a renamed tag nor the passing of time for a change', async () => {
    const tag = await room.label('tags', { name: 'পাট' });
    const publishedAt = new Date(Date.now() + 86_400_000).toISOString();
    const story = await room.story({ tags: ['পাট'], status: 'published', publishedAt });
    await room.as('editor', 'patch', `/v1/tags/${tag.id}`).set('If-Match', '*').send({ name: 'সোনালি আঁশ' }).expect(200);
    await room.app.sql(`UPDATE articles SET published_at = now() - interval '1 hour' WHERE id = $1`, [story.id]);
    await room.patch(story.id, { kicker: 'কৃষি' }).expect(200);
    const fields = (await compare(story, 2)).changes.map(({ field }) => field);
    expect(fields).toContain('kicker');
    expect(fields).not.toContain('tags');
    expect(fields).not.toContain('status');
  });
});
