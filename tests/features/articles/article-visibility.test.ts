import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, type Newsroom, openNewsroom, pathOf, type Story, type Who } from '../../support/newsroom.ts';

/** Each state that an article can be in; what readers, viewers and the rest get of it; and the word that is shown. */
const states = {
  draft: { reader: 404, viewer: 200, shown: 'draft' },
  review: { reader: 404, viewer: 200, shown: 'review' },
  scheduled: { reader: 404, viewer: 200, shown: 'scheduled' },
  published: { reader: 200, viewer: 200, shown: 'published' },
  expired: { reader: 410, viewer: 200, shown: 'expired' },
  unpublished: { reader: 404, viewer: 200, shown: 'draft' },
  archived: { reader: 410, viewer: 200, shown: 'archived' },
  'archived unseen': { reader: 404, viewer: 200, shown: 'archived' },
  trash: { reader: 410, viewer: 410, shown: 'published' },
  'trash unseen': { reader: 404, viewer: 404, shown: 'draft' },
} as const;
type State = keyof typeof states;
const isState = (word: string): word is State => word in states;
const all = Object.keys(states).filter(isState);

describe('who sees an article', () => {
  let room: Newsroom;
  const stories = new Map<State, Story & { etag: string }>();
  const storyIn = (state: State) => {
    const story = stories.get(state);
    if (story === undefined) throw new Error(`no article is ${state}`);
    return story;
  };
  const stateOf = (id: string) => all.find((state) => storyIn(state).id === id) ?? id;
  const old = (state: State) => `old-${state.replace(' ', '-')}`;

  /** An article of the author that was public, with its ETag as a reader had it, and then came into its state. */
  async function make(state: State): Promise<void> {
    const { id } = await room.story(
      { title: `গোপন ${state}`, slug: old(state), tags: ['হাওর'], source: 'haor' },
      'author',
    );
    await room.step('publish', id).expect(200);
    await room.patch(id, { slug: `now-${state}` }).expect(200);
    const { body, headers } = await room.read(id).expect(200);
    stories.set(state, { ...body, etag: headers.etag });
    if (state === 'unpublished') await room.step('unpublish', id).expect(200);
    else if (state === 'draft' || state === 'review') {
      await room.app.sql(
        'UPDATE articles SET published_at = NULL, first_published_at = NULL, status = $2 WHERE id = $1',
        [id, state],
      );
    } else if (state === 'archived unseen' || state === 'trash unseen') {
      await room.moveTo('scheduled', id);
      if (state === 'trash unseen') await room.trash(id).expect(204);
      else await room.step('archive', id).expect(200);
    } else await room.moveTo(state, id);
  }

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'হাওর' });
    await room.label('sources', { name: 'হাওর সংবাদ', slug: 'haor' });
    for (const state of all) await make(state);
  });
  afterAll(() => room.close());

  it.each(all)(
    'answers for one that is %s by id and by slug, whoever asks, never 304 to what is hidden',
    async (state) => {
      const { id, slug, etag } = storyIn(state);
      const { reader, viewer, shown } = states[state];
      const rights: [Caller, number][] = [
        [null, reader],
        ['other', reader],
        ['viewer', viewer],
        ['author', 200],
        ['editor', 200],
        ['admin', 200],
      ];
      for (const [who, expected] of rights) {
        for (const name of [id, slug, slug.toUpperCase()]) {
          const answer = await room.read(name, who);
          expect([who, name, answer.status]).toEqual([who, name, expected]);
          if (expected === 200) expect(answer.body.status).toBe(shown);
        }
        if (expected === 200) continue;
        for (const condition of [etag, '*']) {
          const answer = await room.read(slug, who).set('If-None-Match', condition);
          expect(answer.status).toBe(expected);
          expect(answer.headers).not.toHaveProperty('etag');
        }
        for (const query of ['?fields=id', '?include=latest', '?fields=title&include=latest'])
          await room.as(who, 'get', pathOf(id, query)).expect(expected);
      }
    },
  );

  it.each(all)('answers for one that is %s by its old slug as it does by its own', async (state) => {
    const { slug } = storyIn(state);
    const { reader, viewer } = states[state];
    for (const [who, right] of [
      [null, reader],
      ['viewer', viewer],
      ['editor', 200],
    ] as const) {
      const answer = await room.read(old(state), who);
      expect([who, answer.status]).toEqual([who, right === 200 ? 308 : right]);
      expect(answer.headers.location).toBe(right === 200 ? `https://news.example/api${pathOf(slug)}` : undefined);
    }
  });

  it('answers for what is hidden exactly as for what is not there', async () => {
    const missing = await room.read('nothing-of-this-name');
    const { requestId: _, ...problem } = missing.body;
    for (const state of all.filter((each) => states[each].reader === 404)) {
      for (const name of [storyIn(state).id, storyIn(state).slug, old(state)]) {
        const answer = await room.read(name);
        expect(answer.body).toEqual({ ...problem, requestId: answer.body.requestId });
        expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(missing.headers).sort());
      }
    }
  });

  it.each([
    ['/v1/latest'],
    ['/v1/latest?tag=হাওর'],
    ['/v1/latest?source=haor'],
    ['/v1/latest?language=bn'],
    ['/v1/articles'],
    ['/v1/articles?tag=হাওর'],
    ['/v1/articles?source=haor&sort=title'],
    ['/v1/articles?status=published'],
    ['/v1/articles?fields=title,body,status'],
  ])('lists for readers at %s only what is public', async (path) => {
    const { body } = await room.as(null, 'get', encodeURI(path)).expect(200);
    expect(body.data.map((item: Story) => stateOf(item.id))).toEqual(['published']);
  });

  it('lists for readers no id that they name and may not see', async () => {
    const ids = all.map((state) => storyIn(state).id);
    const { body } = await room.as(null, 'get', `/v1/articles?ids=${ids.join(',')}`).expect(200);
    expect(body.data.map((item: Story) => stateOf(item.id))).toEqual(['published']);
  });

  it.each<[Who, (state: State) => boolean]>([
    ['author', (state) => !state.startsWith('trash')],
    ['other', (state) => state === 'published'],
    ['viewer', (state) => !state.startsWith('trash')],
    ['editor', (state) => !state.startsWith('trash')],
  ])('lists for %s what they may see, and the trash to nobody', async (who, sees) => {
    const { body } = await room.as(who, 'get', '/v1/articles?limit=100').expect(200);
    expect(body.data.map((item: Story) => stateOf(item.id)).sort()).toEqual(all.filter(sees).sort());
  });

  it('puts only what is public beside an article, whoever asks', async () => {
    for (const who of [null, 'author', 'editor'] as const) {
      const { body } = await room.as(who, 'get', pathOf(storyIn('published').slug, '?include=latest')).expect(200);
      expect(body.latest).toEqual({ data: [] });
      if (who === null) continue;
      const hidden = await room.as(who, 'get', pathOf(storyIn('draft').id, '?include=latest')).expect(200);
      expect(hidden.body.latest.data.map((item: Story) => stateOf(item.id))).toEqual(['published']);
    }
  });

  it('shows readers no member that is for staff, and authors none of the articles of others', async () => {
    const staff = ['createdBy', 'createdAt', 'updatedBy', 'updatedAt', 'deletedAt', 'notes'];
    const { id } = storyIn('published');
    for (const who of [null, 'other'] as const) {
      const { body } = await room.read(id, who).expect(200);
      expect(Object.keys(body).filter((member) => staff.includes(member))).toEqual([]);
    }
    for (const who of ['author', 'viewer', 'editor'] as const) {
      const { body } = await room.read(id, who).expect(200);
      expect(Object.keys(body).filter((member) => staff.includes(member))).toEqual(staff);
    }
    await room.as(null, 'get', pathOf(id, '?fields=createdBy')).expect(400);
    expect((await room.as('other', 'get', pathOf(id, '?fields=createdBy,title')).expect(200)).body).toEqual({
      id,
      title: 'গোপন published',
    });
  });

  it.each([null, 'viewer'] as const)('shows %s after a step of time what is true then', async (who) => {
    const { id, slug } = await room.story({
      status: 'published',
      publishedAt: new Date(Date.now() + 9e7).toISOString(),
    });
    const word = async () => {
      const { status, body } = await room.read(slug, who);
      return status === 200 ? body.status : status;
    };
    const seen = [await word()];
    for (const [from, to] of [
      ['-1 hour', '1 hour'],
      ['-2 hours', '-1 hour'],
      ['1 hour', '2 hours'],
    ]) {
      await room.app.sql(
        'UPDATE articles SET published_at = now() + $2::interval, first_published_at = now() + $2::interval, expires_at = now() + $3::interval WHERE id = $1',
        [id, from, to],
      );
      seen.push(await word());
    }
    await room.trash(id).expect(204);
    const staff = ['scheduled', 'published', 'expired', 'scheduled'];
    expect(seen).toEqual(who === null ? [404, 'published', 410, 404] : staff);
  });
});
