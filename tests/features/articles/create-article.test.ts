import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, changesNothing, type Newsroom, openNewsroom, pathOf, pointers } from '../../support/newsroom.ts';

describe('POST /v1/articles', () => {
  let room: Newsroom;
  const secondsAhead = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
  const isNow = (instant: string | null | undefined) => Math.abs(Date.parse(instant ?? '') - Date.now()) < 5_000;

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('makes a draft of a title alone, every member shown, with the address and the ETag that the next write needs', async () => {
    const { body, headers } = await room.create({ title: 'বকুলতলার মেলা' }).expect(201);
    expect(body).toMatchObject({
      slug: 'বকুলতলার-মেলা',
      title: 'বকুলতলার মেলা',
      language: 'bn',
      status: 'draft',
      version: 1,
      body: '',
      bodyHtml: '',
      bodyFormat: 'html',
      tags: [],
      notes: [],
      warnings: [],
      createdBy: { id: room.people.editor.id },
      updatedBy: { id: room.people.editor.id },
    });
    for (const empty of ['kicker', 'excerpt', 'cover', 'byline', 'deskInitials', 'source', 'sourceUrl', 'sourceItemId'])
      expect(body).toHaveProperty(empty, null);
    for (const date of ['publishedAt', 'expiresAt', 'firstPublishedAt', 'deletedAt'])
      expect(body).toHaveProperty(date, null);
    expect(isNow(body.createdAt)).toBe(true);
    expect(headers.location).toBe(`https://news.example/api${pathOf(body.id)}`);
    await room.patch(body.id, { kicker: 'মেলা' }, { match: headers.etag }).expect(200);
  });

  it('keeps every member as it was given', async () => {
    const source = await room.label('sources', { name: 'পদ্মা সংবাদ', creditLine: 'সূত্র : পদ্মা সংবাদ' });
    const tag = await room.label('tags', { name: 'মেলা' });
    const given = {
      title: 'চরের হাটে নতুন ধান',
      slug: 'chorer-hat',
      language: 'bn-BD',
      kicker: 'কৃষি',
      excerpt: 'চরের হাটে\nধান উঠেছে।',
      body: '<p>চরের হাটে আজ নতুন ধান উঠেছে।</p>',
      bodyFormat: 'html',
      byline: 'মিতা রায়'.normalize('NFC'),
      deskInitials: 'মর/কহ',
      sourceUrl: 'https://padma.example/khobor/17?a=1&b=2',
      sourceItemId: 'padma:17',
      expiresAt: '2199-01-01T00:00:00.000Z',
      cover: {
        url: 'https://img.example/hat.jpg',
        alt: 'হাটে ধানের বস্তা',
        caption: 'চরের হাট',
        credit: 'কামাল',
        width: 1200,
        height: 675,
      },
    };
    const { body } = await room.create({ ...given, source: source.slug, tags: [tag.slug] }).expect(201);
    expect(body).toMatchObject({
      ...given,
      bodyHtml: given.body,
      source: { id: source.id, slug: source.slug, name: 'পদ্মা সংবাদ', creditLine: 'সূত্র : পদ্মা সংবাদ' },
      tags: [{ id: tag.id, slug: 'মেলা', name: 'মেলা' }],
    });
    expect((await room.read(body.id, 'editor')).body).toEqual({ ...body, warnings: undefined });
  });

  it('writes one article, one revision and one event', async () => {
    const before = await room.world();
    await room.story();
    expect(await room.world()).toMatchObject({
      articles: Number(before.articles) + 1,
      revisions: Number(before.revisions) + 1,
      events: Number(before.events) + 1,
    });
  });

  it.each<[Caller, string | undefined, number]>([
    ['author', undefined, 201],
    ['author', 'draft', 201],
    ['author', 'review', 201],
    ['author', 'published', 403],
    ['editor', 'review', 201],
    ['editor', 'published', 201],
    ['admin', 'published', 201],
    ['viewer', undefined, 403],
    [null, undefined, 401],
  ])('answers %s who asks for the status %s with %i', async (who, status, expected) => {
    const ask = () => room.create({ title: 'ভোরের ট্রেন', ...(status ? { status } : {}) }, who);
    const answer = expected === 201 ? await ask() : await changesNothing(room, ask);
    expect(answer.status).toBe(expected);
    if (expected === 201) expect(answer.body.status).toBe(status ?? 'draft');
  });

  it('publishes in one call: now, at a past time, or at one to come', async () => {
    const now = await room.story({ status: 'published' });
    expect(isNow(now.publishedAt)).toBe(true);
    expect(now.firstPublishedAt).toBe(now.publishedAt);
    await room.read(now.slug).expect(200);
    const minuteAgo = secondsAhead(-60);
    const past = await room.story({ status: 'published', publishedAt: minuteAgo });
    expect(past).toMatchObject({ status: 'published', publishedAt: minuteAgo, firstPublishedAt: minuteAgo });
    await room.read(past.id).expect(200);
    const tomorrow = secondsAhead(86_400);
    const later = await room.story({ status: 'published', publishedAt: tomorrow });
    expect(later).toMatchObject({ status: 'scheduled', publishedAt: tomorrow, firstPublishedAt: tomorrow });
    await room.read(later.id).expect(404);
  });

  it('keeps a date on a draft as a plan that makes nothing public', async () => {
    const plan = await room.story({ publishedAt: '2025-10-28T06:00:00Z' });
    expect(plan).toMatchObject({ status: 'draft', publishedAt: '2025-10-28T06:00:00.000Z', firstPublishedAt: null });
    await room.read(plan.id).expect(404);
  });

  it.each(['publishedAt', 'expiresAt'])('lets no author set %s', async (member) => {
    const ask = (value: string | null) => room.create({ title: 'নৌকাবাইচ', [member]: value }, 'author');
    expect((await changesNothing(room, () => ask('2027-01-01T00:00:00Z'))).status).toBe(403);
    await ask(null).expect(201);
  });

  it.each([
    ['id', '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11'],
    ['version', 99],
    ['createdAt', '2020-01-01T00:00:00Z'],
    ['createdBy', '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11'],
    ['createdById', '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11'],
    ['authorId', '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11'],
    ['firstPublishedAt', '2020-01-01T00:00:00Z'],
    ['deletedAt', null],
    ['bodyHtml', '<p>x</p>'],
    ['slugDerived', false],
  ])('refuses the member %s, which no caller sets', async (member, value) => {
    const answer = await changesNothing(room, () => room.create({ title: 'শীতের পিঠা', [member]: value }));
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual([`/${member}`]);
  });

  it.each<[string, string, object]>([
    ['/title', 'empty', { title: '' }],
    ['/title', 'nothing visible', { title: '\u200B ' }],
    ['/title', 'too long', { title: 'ক'.repeat(301) }],
    ['/title', 'missing', {}],
    ['/status', 'a word that only a step makes', { title: 'ক', status: 'archived' }],
    ['/status', 'a word that only time makes', { title: 'ক', status: 'scheduled' }],
    ['/language', 'with an underscore', { title: 'ক', language: 'bn_BD' }],
    ['/bodyFormat', 'of no kind of ours', { title: 'ক', bodyFormat: 'rtf' }],
    ['/tags', 'one too many', { title: 'ক', tags: Array.from({ length: 51 }, (_, index) => `tag-${index}`) }],
    ['/tags', 'no list', { title: 'ক', tags: 'krishi' }],
    ['/tags/0', 'an object', { title: 'ক', tags: [{ id: '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11' }] }],
    ['/tags/1', 'no slug', { title: 'ক', tags: ['krishi', '…'] }],
    ['/cover/alt', 'missing', { title: 'ক', cover: { url: 'https://img.example/a.jpg' } }],
    ['/cover/width', 'of nothing', { title: 'ক', cover: { url: 'https://img.example/a.jpg', alt: '', width: 0 } }],
    ['/cover/onload', 'unknown', { title: 'ক', cover: { url: 'https://img.example/a.jpg', alt: '', onload: 'x' } }],
    ['/publishedAt', 'in no calendar', { title: 'ক', publishedAt: '2026-02-30T00:00:00Z' }],
    ['/excerpt', 'with U+0000', { title: 'ক', excerpt: 'a\u0000b' }],
    ['/slug', 'of punctuation', { title: 'ক', slug: '—' }],
  ])('points at %s, %s, and makes nothing', async (pointer, _why, body) => {
    const answer = await changesNothing(room, () => room.create(body));
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual([pointer]);
  });

  it('refuses 40,000 tags without delay', async () => {
    const tags = Array.from({ length: 40_000 }, (_, index) => `t${index}`);
    const answer = await changesNothing(room, () => room.create({ title: 'ক', tags }));
    expect([400, 413]).toContain(answer.status);
  });

  it.each([
    ['bn-BD', 'bn-BD'],
    ['BN', 'bn'],
    ['en-us', 'en-US'],
    ['ZH-hant-tw', 'zh-Hant-TW'],
  ])('keeps the language %s as %s, found in any case', async (given, stored) => {
    const story = await room.story({ language: given, status: 'published' });
    expect(story.language).toBe(stored);
    for (const asked of [stored, stored.toUpperCase(), stored.toLowerCase()]) {
      const { body } = await room.as(null, 'get', `/v1/latest?language=${asked}&limit=1`).expect(200);
      expect(body.data[0].id).toBe(story.id);
    }
  });

  it('takes a sourceItemId once for a source, and names what is wrong with another', async () => {
    const [one, two] = [
      await room.label('sources', { name: 'তিস্তা সংবাদ' }),
      await room.label('sources', { name: 'যমুনা সংবাদ' }),
    ];
    await room.story({ source: one.slug, sourceItemId: 'a-1' });
    const again = { title: 'আবার', source: one.id, sourceItemId: 'a-1', tags: [] };
    const answer = await changesNothing(room, () => room.create(again));
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe('source-item-taken');
    await room.create({ ...again, source: two.slug }).expect(201);
    await room.create({ ...again, sourceItemId: 'A-1' }).expect(201);
    const alone = await changesNothing(room, () => room.create({ title: 'একা', sourceItemId: 'a-2' }));
    expect([alone.status, ...pointers(alone)]).toEqual([422, '/sourceItemId']);
  });

  it.each([
    ['/expiresAt', { publishedAt: '2026-01-02T00:00:00Z', expiresAt: '2026-01-01T00:00:00Z' }],
    ['/expiresAt', { publishedAt: '2026-01-02T00:00:00Z', expiresAt: '2026-01-02T06:00:00+06:00' }],
    ['/publishedAt', { status: 'published', publishedAt: '2150-01-01T00:00:00Z' }],
  ])('refuses dates that do not go together, at %s', async (pointer, dates) => {
    const answer = await changesNothing(room, () => room.create({ title: 'তারিখ', ...dates }));
    expect([answer.status, ...pointers(answer)]).toEqual([422, pointer]);
  });
});
