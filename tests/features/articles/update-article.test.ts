import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Caller,
  changesNothing,
  type Newsroom,
  openNewsroom,
  pathOf,
  pointers,
  type Story,
} from '../../support/newsroom.ts';

describe('PATCH /v1/articles/{idOrSlug}', () => {
  let room: Newsroom;
  let full: object;

  /** What a form sends back: every member that a caller may write, as GET showed it. */
  const writable = (shown: Partial<Story>) => {
    const { language, slug, kicker, title, excerpt, body, bodyFormat, cover, byline, deskInitials } = shown;
    const { source, sourceUrl, sourceItemId, tags, publishedAt, expiresAt } = shown;
    const refs = { source: source?.slug ?? null, tags: tags?.map((tag) => tag.id) };
    const rest = { byline, deskInitials, sourceUrl, sourceItemId, publishedAt, expiresAt };
    return { language, slug, kicker, title, excerpt, body, bodyFormat, cover, ...rest, ...refs };
  };

  beforeAll(async () => {
    room = await openNewsroom();
    const source = await room.label('sources', { name: 'সুরমা বার্তা' });
    for (const name of ['জাতীয়', 'নদী']) await room.label('tags', { name });
    full = {
      kicker: 'বন্যা',
      excerpt: 'পানি নামছে।',
      byline: 'মিতা রায়',
      deskInitials: 'মর',
      source: source.slug,
      sourceUrl: '/archive/17',
      tags: ['নদী', 'জাতীয়'],
      cover: { url: '/media/surma.jpg', alt: 'সুরমার ঘাট', caption: 'ঘাট', credit: 'কামাল', width: 1200, height: 675 },
      expiresAt: '2199-01-01T00:00:00Z',
    };
  });
  afterAll(() => room.close());

  it('changes what is sent, leaves the rest, counts up the version, and says who', async () => {
    const story = await room.story({ ...full, status: 'published' });
    const { body, headers } = await room.patch(story.id, { kicker: 'নদী' }, { as: 'admin' }).expect(200);
    expect(body).toEqual({
      ...story,
      kicker: 'নদী',
      version: 2,
      updatedAt: body.updatedAt,
      updatedBy: { id: room.people.admin.id, name: 'রিনা আখতার', initials: null },
    });
    expect(Date.parse(body.updatedAt)).toBeGreaterThan(Date.parse(story.updatedAt));
    expect(body.createdBy.id).toBe(room.people.editor.id);
    expect((await room.read(story.slug)).body.kicker).toBe('নদী');
    await room.patch(story.id, { kicker: 'ঘাট' }, { match: headers.etag }).expect(200);
  });

  it('is reached by id, by slug, and by another spelling of the slug, in either media type', async () => {
    const story = await room.story({ slug: 'surma-river', title: 'সুরমা' });
    for (const [index, name] of [story.id, 'surma-river', 'SURMA-River'].entries()) {
      const request = room.as('editor', 'patch', pathOf(name)).set('If-Match', '*');
      await request
        .set('Content-Type', 'application/merge-patch+json')
        .send(JSON.stringify({ kicker: `ক${index}` }))
        .expect(200);
    }
    expect((await room.seen(story.id)).version).toBe(4);
  });

  it.each([
    ['html', '<p>ক <a href="/tag/নদী">নদী</a> &amp; <img src="/media/a.jpg" alt=""></p><script>x()</script>'],
    ['markdown', '**ক** [নদী](/tag/নদী) & ![](/media/a.jpg)\n\n> খ'],
    ['text', 'ক < খ & গ\n\nঘ'],
  ])(
    'answers what GET showed, sent back, with the same version and no revision or event: %s',
    async (bodyFormat, body) => {
      const story = await room.story({ ...full, sourceItemId: bodyFormat, body, bodyFormat, status: 'published' });
      const seen = await room.seen(story.id);
      for (let round = 0; round < 5; round += 1) {
        const answer = await changesNothing(room, () => room.patch(story.id, writable(seen)));
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({ ...seen, warnings: [] });
      }
    },
  );

  it('takes back from an author what GET showed of a draft, its dates and slug among it', async () => {
    const story = await room.story({ body: '<p>ক</p>' }, 'author');
    const unchanged = () => room.patch(story.id, writable(story), { as: 'author' });
    expect((await changesNothing(room, unchanged)).status).toBe(200);
    await room.moveTo('draft', (await room.story({}, 'author')).id);
    await room.step('publish', story.id).expect(200);
    const { body: returned } = await room.step('unpublish', story.id).expect(200);
    expect(returned.publishedAt).not.toBeNull();
    const again = () => room.patch(story.id, writable(returned), { as: 'author' });
    expect((await changesNothing(room, again)).status).toBe(200);
    const slug = () => room.patch(story.id, { slug: 'onno' }, { as: 'author' });
    expect((await changesNothing(room, slug)).status).toBe(403);
  });

  it('takes back the id that stands for the slug of a title without letters', async () => {
    const story = await room.story({ title: '!!!' });
    expect(story.slug).toBe(story.id);
    const back = await changesNothing(room, () => room.patch(story.id, { slug: story.slug, title: story.title }));
    expect(back.status).toBe(200);
  });

  it.each(['kicker', 'excerpt', 'byline', 'deskInitials', 'source', 'sourceUrl', 'cover', 'expiresAt'])(
    'clears %s by null (C16)',
    async (member) => {
      const story = await room.story({ ...full, status: 'published' });
      expect(story).not.toHaveProperty(member, null);
      const { body } = await room.patch(story.id, { [member]: null }).expect(200);
      expect(body).toMatchObject({ [member]: null, version: 2 });
      expect((await room.read(story.id)).body).toHaveProperty(member, null);
    },
  );

  it.each(['kicker', 'excerpt', 'byline', 'deskInitials'])('reads an empty %s as null (C16)', async (member) => {
    const story = await room.story(full);
    expect((await room.patch(story.id, { [member]: ' ' }).expect(200)).body).toHaveProperty(member, null);
  });

  it.each([
    ['/title', { title: null }],
    ['/title', { title: ' ' }],
    ['/body', { body: null }],
    ['/bodyFormat', { bodyFormat: null }],
    ['/language', { language: null }],
    ['/slug', { slug: null }],
    ['/tags', { tags: null }],
    ['/tags/1', { tags: ['নদী', null] }],
    ['/status', { status: null }],
    ['/status', { status: 'draft' }],
    ['/version', { version: 7 }],
    ['/createdBy', { createdBy: null }],
    ['/firstPublishedAt', { firstPublishedAt: null }],
    ['/publishedAt', { publishedAt: null }],
    ['/cover/alt', { cover: { alt: null } }],
    ['/cover/url', { cover: { url: null } }],
    ['/sourceItemId', { sourceItemId: '' }],
  ])('refuses at %s what is required or not a member: %j (C16)', async (pointer, patch) => {
    const story = await room.story({ ...full, status: 'published' });
    const answer = await changesNothing(room, () => room.patch(story.id, patch));
    expect([answer.status, ...pointers(answer)]).toEqual([400, pointer]);
  });

  it('names every fault of a body at once', async () => {
    const story = await room.story();
    const patch = { title: null, tags: null, cover: { width: -1 }, language: 'bn_BD' };
    const answer = await changesNothing(room, () => room.patch(story.id, patch));
    expect(pointers(answer).sort()).toEqual(['/cover/width', '/language', '/tags', '/title']);
  });

  it('merges a cover member by member', async () => {
    const story = await room.story(full);
    const { body } = await room.patch(story.id, { cover: { caption: null, width: 800 } }).expect(200);
    expect(body.cover).toEqual({ ...story.cover, caption: null, width: 800 });
    await room.patch(story.id, { cover: null }).expect(200);
    const partial = await changesNothing(room, () => room.patch(story.id, { cover: { alt: 'ঘাট' } }));
    expect([partial.status, ...pointers(partial)]).toEqual([400, '/cover/url']);
    const { body: made } = await room.patch(story.id, { cover: { url: '/media/b.jpg', alt: '' } }).expect(200);
    expect(made.cover).toMatchObject({ alt: '', caption: null, credit: null, width: null, height: null });
  });

  it('changes nothing by an empty patch', async () => {
    const story = await room.story(full);
    const answer = await changesNothing(room, () => room.patch(story.id, {}));
    expect([answer.status, answer.body.version]).toEqual([200, 1]);
  });

  it.each<[Caller, 'draft' | 'review' | 'published' | 'trash', number]>([
    ['author', 'draft', 200],
    ['author', 'review', 403],
    ['author', 'published', 403],
    ['author', 'trash', 403],
    ['other', 'draft', 404],
    ['other', 'published', 403],
    ['other', 'trash', 410],
    ['viewer', 'draft', 403],
    [null, 'published', 401],
    ['editor', 'review', 200],
    ['editor', 'published', 200],
    ['editor', 'trash', 409],
    ['admin', 'draft', 200],
  ])("answers %s who changes an author's article in %s with %i", async (as, place, expected) => {
    const story = await room.story({}, 'author');
    await room.moveTo(place, story.id);
    const ask = () => room.patch(story.id, { kicker: 'খবর' }, { as });
    expect((expected === 200 ? await ask() : await changesNothing(room, ask)).status).toBe(expected);
  });

  it.each(['publishedAt', 'expiresAt'])('lets no author change %s', async (member) => {
    const story = await room.story({}, 'author');
    const ask = () => room.patch(story.id, { [member]: '2027-01-01T00:00:00Z' }, { as: 'author' });
    expect((await changesNothing(room, ask)).status).toBe(403);
  });

  it('keeps the first date of what was public whatever its new date is, and moves it with a date to come', async () => {
    const out = await room.story({ status: 'published' });
    const { body } = await room.patch(out.id, { publishedAt: '2024-05-01T06:00:00+06:00' }).expect(200);
    expect(body).toMatchObject({ publishedAt: '2024-05-01T00:00:00.000Z', firstPublishedAt: out.firstPublishedAt });
    const planned = await room.story({ status: 'published', publishedAt: new Date(Date.now() + 9e7).toISOString() });
    const { body: moved } = await room.patch(planned.id, { publishedAt: '2024-05-02T00:00:00Z' }).expect(200);
    expect(moved).toMatchObject({ status: 'published', firstPublishedAt: '2024-05-02T00:00:00.000Z' });
  });

  it.each([
    ['/expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['/publishedAt', { publishedAt: '2150-01-01T00:00:00Z', expiresAt: null }],
    ['/sourceItemId', { source: null, sourceItemId: 'x' }],
  ])('refuses what does not go together, at %s', async (pointer, patch) => {
    const story = await room.story({ ...full, status: 'published' });
    const answer = await changesNothing(room, () => room.patch(story.id, patch));
    expect([answer.status, ...pointers(answer)]).toEqual([422, pointer]);
  });

  it('refuses a sourceItemId that another article of the source has', async () => {
    await room.story({ ...full, sourceItemId: 'taken' });
    const story = await room.story({ ...full, sourceItemId: 'free' });
    const answer = await changesNothing(room, () => room.patch(story.id, { sourceItemId: 'taken' }));
    expect([answer.status, answer.body.code]).toEqual([409, 'source-item-taken']);
  });

  it.each([
    ['none', null, 428],
    ['a stale version', '"1-AAAAAAAAAAAAAAAAAAAAAA"', 412],
    ['a stale version alone', '"1"', 412],
    ['a weak tag', 'W/"2"', 412],
    ['a tag of someone else', '"abc"', 412],
    ['no entity-tag at all', '2', 400],
    ['the version alone', '"2"', 200],
    ['the version with any hash', '"2-AAAAAAAAAAAAAAAAAAAAAA"', 200],
    ['a list with it', '"1", W/"7", "2"', 200],
    ['any', '*', 200],
  ])('answers If-Match with %s by %s: %i', async (_, match, expected) => {
    const story = await room.story();
    await room.patch(story.id, { kicker: 'এক' }).expect(200);
    const ask = () => room.patch(story.id, { kicker: 'দুই' }, { match });
    const answer = expected === 200 ? await ask() : await changesNothing(room, ask);
    expect(answer.status).toBe(expected);
    if (expected === 412) expect(answer.body.currentVersion).toBe(2);
  });

  it('takes the ETag of every view of the article', async () => {
    const story = await room.story({ status: 'published' });
    const views = ['', '?fields=title', '?include=latest', '?include=latest&fields=slug'];
    for (const [index, view] of views.entries()) {
      const { headers } = await room.as(index === 0 ? 'viewer' : null, 'get', pathOf(story.slug, view)).expect(200);
      await room.patch(story.id, { kicker: `দর্শন ${index}` }, { match: String(headers.etag) }).expect(200);
    }
  });

  it('says 404 before it asks for a precondition', async () => {
    const none = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
    await room.patch(none, { kicker: 'ক' }, { match: null }).expect(404);
    await room.patch('কোথাও-নেই', { kicker: 'ক' }, { match: '"9"' }).expect(404);
    const hidden = await room.story();
    await room.patch(hidden.id, { kicker: 'ক' }, { match: null, as: 'author' }).expect(404);
  });
});
