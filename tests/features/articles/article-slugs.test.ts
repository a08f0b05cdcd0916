import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  changesNothing,
  type Newsroom,
  openNewsroom,
  pathOf,
  pointers,
  type Story,
  together,
} from '../../support/newsroom.ts';

const codePoints = (text: string) => [...text].length;
const bytes = (text: string) => new TextEncoder().encode(text).length;

describe('the slug of an article', () => {
  let room: Newsroom;
  const slugOf = async (title: string) => (await room.story({ title })).slug;

  /** Made at once. */
  const slugsOf = async (title: string, count: number): Promise<string[]> => {
    const { answers, statuses } = await together(Array.from({ length: count }, () => () => room.create({ title })));
    expect(statuses).toEqual(Array.from({ length: count }, () => 201));
    return answers.map(({ body }) => body.slug);
  };

  beforeAll(async () => {
    room = await openNewsroom({ DATABASE_POOL_MAX: '10' });
  });
  afterAll(() => room.close());

  it.each([
    ['‘দাম কমছে’, বলছেন চাষিরা!', 'দাম-কমছে-বলছেন-চাষিরা'],
    ['পাড়া\u200Cর পুকুর', 'পাড়ার-পুকুর'.normalize('NFC')],
    ['পা\u09DCার মোড়', 'পাড়ার-মোড়'.normalize('NFC')],
    ['ত্রিশ বছর: সৎ\u200Dপথে?', 'ত্রিশ-বছর-সৎপথে'],
    ['C++ ও Budget 2026', 'c-ও-budget-2026'],
    ['  —শীত—  ', 'শীত'],
  ])('is made of the title %j', async (title, expected) => {
    const slug = await slugOf(title);
    expect(slug).toBe(expected);
    expect((await room.read(title, 'editor').expect(200)).body.slug).toBe(slug);
  });

  it.each(['!!! — ???', '👍', '…'])('falls back to the id where the title %j leaves nothing', async (title) => {
    const story = await room.story({ title, status: 'published' });
    expect(story.slug).toBe(story.id);
    expect((await room.read(story.slug).expect(200)).body.id).toBe(story.id);
    const second = await room.story({ title });
    expect(second.slug).toBe(second.id);
  });

  it('leaves a title that a counter slug took its own number, and is different each time, also in parallel', async () => {
    const first = await slugOf('বৃষ্টি 2');
    const rest = await slugsOf('বৃষ্টি', 6);
    const slugs = [first, ...rest];
    expect(first).toBe('বৃষ্টি-2');
    expect(new Set(slugs).size).toBe(slugs.length);
    expect([...slugs].sort()).toEqual(['', '-2', '-3', '-4', '-5', '-6', '-7'].map((end) => `বৃষ্টি${end}`));
  });

  it.each([
    ['many words', 'নদীর তীরে '.repeat(40).slice(0, 300)],
    ['one word', 'কি'.repeat(75)],
    ['one word of signs', 'ক্ষ্মী'.repeat(25)],
    ['wide letters', '𑄇'.repeat(150)],
  ])('fits its column with a number, whole letters and no hyphen at an end: ten titles of %s', async (_, title) => {
    const slugs = await slugsOf(title, 10);
    expect(new Set(slugs).size).toBe(10);
    const whole = slugs.find((slug) => !/-\d+$/.test(slug)) ?? '';
    for (const slug of slugs) {
      expect(codePoints(slug)).toBeLessThanOrEqual(80);
      expect(bytes(slug)).toBeLessThanOrEqual(600);
      expect(slug).not.toMatch(/^-|-$|--/);
      const stem = slug.replace(/-\d+$/, '');
      expect(title.normalize('NFC').replaceAll(' ', '-').startsWith(stem)).toBe(true);
      const letters = [...new Intl.Segmenter('bn', { granularity: 'grapheme' }).segment(whole)];
      expect(
        letters
          .map(({ segment }) => segment)
          .join('')
          .startsWith(stem),
      ).toBe(true);
      expect(letters.some(({ index, segment }) => index + segment.length === stem.length)).toBe(true);
    }
  });

  it.each([
    'Bulk',
    'Latest',
    'New',
    'Search',
    'Me',
    'Stream',
    'Changes',
    'Trash',
    '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11',
  ])('is another one than the address or id that the title %s reads as, opens, and can not be given', async (title) => {
    const [one, two] = [
      await room.story({ title, status: 'published' }),
      await room.story({ title, status: 'published' }),
    ];
    expect([one.slug, two.slug]).toEqual([`${title.toLowerCase()}-2`, `${title.toLowerCase()}-3`]);
    for (const { slug, id } of [one, two]) expect((await room.read(slug).expect(200)).body.id).toBe(id);
    await room.read(title).expect(404);
    const given = await changesNothing(room, () => room.create({ title: 'ক', slug: title }));
    expect([given.status, ...pointers(given)]).toEqual([400, '/slug']);
    const changed = await changesNothing(room, () => room.patch(one.id, { slug: ` ${title.toUpperCase()}!` }));
    expect([changed.status, ...pointers(changed)]).toEqual([400, '/slug']);
  });

  it('leaves the routes of such names unharmed', async () => {
    await room.story({ title: 'Latest', status: 'published' });
    expect((await room.as(null, 'get', '/v1/latest?limit=1').expect(200)).body.page).toBeDefined();
    await room.as(null, 'get', '/v1/articles/latest').expect(404);
    await room.as('admin', 'get', '/v1/auth/me').expect(200);
  });

  it('is kept as given, through the same function, and found in any case', async () => {
    const story = await room.story({ slug: ' Budget_2026! ', status: 'published' });
    expect(story.slug).toBe('budget-2026');
    for (const name of ['BUDGET-2026', 'Budget 2026', 'budget-2026']) {
      const { body } = await room.read(name).expect(200);
      expect([body.id, body.slug]).toEqual([story.id, 'budget-2026']);
    }
  });

  it('is refused when another has it, which the answer names, and nothing is recorded', async () => {
    await room.story({ slug: 'taken-পাড়া' });
    for (const slug of ['taken-পাড়া', 'TAKEN পা\u09DCা', 'Taken-পা\u09A1\u09BCা']) {
      const created = await changesNothing(room, () => room.create({ title: 'দুই', slug }));
      expect(created.status).toBe(409);
      expect(created.body).toMatchObject({ code: 'slug-taken', slug: 'taken-পাড়া'.normalize('NFC') });
      const story = await room.story();
      const changed = await changesNothing(room, () => room.patch(story.id, { slug }));
      expect([changed.status, changed.body.code]).toEqual([409, 'slug-taken']);
    }
  });

  it('is the trash keeper of its name: what is in the trash holds its slug until it is renamed', async () => {
    const story = await room.story({ slug: 'jhor' });
    await room.trash(story.id).expect(204);
    expect((await room.create({ title: 'ঝড়', slug: 'jhor' })).status).toBe(409);
    expect((await room.create({ title: 'Jhor' }).expect(201)).body.slug).toBe('jhor-2');
  });

  it('follows the title until the first publication, then stands until an editor gives another', async () => {
    const story = await room.story({ title: 'খাল খনন শুরু' }, 'author');
    const rename = async (title: string, as: 'author' | 'editor' = 'author') =>
      (await room.patch(story.id, { title }, { as }).expect(200)).body.slug;
    expect(await rename('খাল খনন')).toBe('খাল-খনন');
    await room.step('submit', story.id).expect(200);
    expect(await rename('খাল খননের কাজ', 'editor')).toBe('খাল-খননের-কাজ');
    await room.step('publish', story.id, { at: '2030-01-01T00:00:00Z' }).expect(200);
    expect(await rename('খাল ও নদী', 'editor')).toBe('খাল-ও-নদী');
    await room.step('publish', story.id).expect(200);
    expect(await rename('খাল শেষ', 'editor')).toBe('খাল-ও-নদী');
    await room.step('unpublish', story.id).expect(200);
    expect(await rename('খাল আবার')).toBe('খাল-ও-নদী');
    const author = await changesNothing(room, () => room.patch(story.id, { slug: 'khal' }, { as: 'author' }));
    expect(author.status).toBe(403);
    expect((await room.patch(story.id, { slug: 'khal' }).expect(200)).body.slug).toBe('khal');
  });

  it('stands once it was given, whatever the title becomes', async () => {
    const story = await room.story({ title: 'হাটের দিন', slug: 'hat' });
    expect((await room.patch(story.id, { title: 'হাটের রাত' }).expect(200)).body.slug).toBe('hat');
    const derived = await room.story({ title: 'মাঠের দিন' });
    await room.patch(derived.id, { slug: 'math' }, { as: 'editor' }).expect(200);
    expect((await room.patch(derived.id, { title: 'মাঠের রাত' }).expect(200)).body.slug).toBe('math');
  });

  it('keeps its number while the title says the same', async () => {
    const [, second] = [await room.story({ title: 'বাজারদর' }), await room.story({ title: 'বাজারদর' })];
    expect(second.slug).toBe('বাজারদর-2');
    expect((await room.patch(second.id, { title: 'বাজারদর!' }).expect(200)).body.slug).toBe('বাজারদর-2');
    expect((await room.patch(second.id, { title: 'বাজার' }).expect(200)).body.slug).toBe('বাজার');
    expect((await room.patch(second.id, { title: 'বাজারদর' }).expect(200)).body.slug).toBe('বাজারদর-2');
  });

  it('is percent-encoded in Location, which opens', async () => {
    const { headers } = await room.create({ title: 'খবরের নৌকা' }).expect(201);
    expect(headers.location).toMatch(/^[\x21-\x7e]+$/);
    const path = String(headers.location).replace('https://news.example/api', '');
    await room.as('editor', 'get', path).expect(200);
  });

  it('that is an id may be sent back by tags and sources too', async () => {
    for (const what of ['tags', 'sources'] as const) {
      const { id, slug } = await room.label(what, { name: what === 'tags' ? '🌾' : '🌊' });
      expect(slug).toBe(id);
      const back = await room.as('editor', 'patch', `/v1/${what}/${id}`).set('If-Match', '*').send({ slug });
      expect([back.status, back.body.version]).toEqual([200, 1]);
    }
  });

  it('has a constraint behind it: the database takes none that is not normalised, empty or too long', async () => {
    const { id } = await room.story();
    const set = (slug: string) => room.app.sql('UPDATE articles SET slug = $2 WHERE id = $1', [id, slug]);
    for (const slug of ['পা\u09DCা', '', 'ক'.repeat(201)]) await expect(set(slug)).rejects.toThrow('articles_slug_check');
    expect((await room.read(id, 'editor').expect(200)).body.slug).not.toBe('');
    await room.as(null, 'get', pathOf('a'.repeat(3_000))).expect(404);
  });

  it('answers one slug for articles, another for tags: names of one kind do not meet those of another', async () => {
    const tag = await room.label('tags', { name: 'মাছ' });
    const story: Story = await room.story({ title: 'মাছ', status: 'published' });
    expect([tag.slug, story.slug]).toEqual(['মাছ', 'মাছ']);
  });
});
