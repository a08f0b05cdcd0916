import type { ArticleWritten } from '../../src/article/views.ts';
import { bearer, type Person, startApp, type TestApp } from './app.ts';

export type Story = ArticleWritten;
export type Who = 'author' | 'other' | 'viewer' | 'editor' | 'admin';
export type Caller = Who | null;
export type Step = 'publish' | 'submit' | 'return' | 'unpublish' | 'archive' | 'restore';
export type Place = 'draft' | 'review' | 'scheduled' | 'published' | 'expired' | 'archived' | 'trash';
type Call = ReturnType<TestApp['request']>;
type Options = { as?: Caller; match?: string | null };

export type EventOf = { type: string; version: number; keys: string[]; data: { changed?: string[] } } & {
  actor_id: string | null;
  request_id: string | null;
};
export type RevisionOf = { version: number; step: string; note: string | null; actor_id: string | null } & {
  snapshot: Partial<Story>;
};

/** An app with one person of each role (two authors), and short names for calls about articles. */
export type Newsroom = {
  readonly app: TestApp;
  readonly people: Record<Who, Person>;
  /** A request by this person, or without a token. */
  as(who: Caller, method: Parameters<TestApp['request']>[0], path: string): Call;
  /** Creates an article through the API, by default as the editor; fails the test if the status is not 201. */
  story(body?: object, as?: Who): Promise<Story>;
  create(body: object, as?: Caller): Call;
  /** Sends `If-Match: *` by default, none with null. */
  patch(idOrSlug: string, body: object, options?: Options): Call;
  step(step: Step, id: string, body?: object, options?: Options): Call;
  trash(idOrSlug: string, options?: Options): Call;
  /** Makes an article an edition of the other's story. */
  link(id: string, other: string, options?: Options): Call;
  unlink(id: string, options?: Options): Call;
  /** Reads by id or slug, by default without a token. */
  read(idOrSlug: string, as?: Caller): Call;
  /** What the editor sees. */
  seen(id: string): Promise<Story>;
  label(what: 'tags' | 'sources', body: object): Promise<{ id: string; slug: string; name: string }>;
  /** Moves articles to a place by SQL, as time would have done; they were public before, if the place allows it. */
  moveTo(place: Place, ids: string | readonly string[]): Promise<void>;
  events(id: string): Promise<EventOf[]>;
  revisions(id: string): Promise<RevisionOf[]>;
  /** Row counts of all tables that a change of an article writes, and a hash of the articles. */
  world(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
};

const places: Record<Place, string> = {
  draft: `status = 'draft'`,
  review: `status = 'review'`,
  scheduled: `status = 'published', published_at = now() + interval '1 day', first_published_at = now() + interval '1 day'`,
  published: `status = 'published', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day'`,
  expired: `status = 'published', published_at = now() - interval '2 days', first_published_at = now() - interval '2 days', expires_at = now() - interval '1 day'`,
  archived: `status = 'archived', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day'`,
  trash: `status = 'published', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day', deleted_at = now()`,
};

/** Named, so that it is planned once on a connection: tests ask before and after what must change nothing. */
const worldQuery = {
  name: 'test-world',
  text: `SELECT (SELECT count(*)::int FROM articles) AS articles, (SELECT count(*)::int FROM article_tags) AS tags,
  (SELECT count(*)::int FROM revisions) AS revisions, (SELECT count(*)::int FROM events) AS events,
  (SELECT count(*)::int FROM slug_history) AS slugs,
  (SELECT md5(coalesce(string_agg(md5(a::text), '' ORDER BY id), '')) FROM articles a) AS rows`,
};

export const pathOf = (idOrSlug: string, query = '') => `/v1/articles/${encodeURIComponent(idOrSlug)}${query}`;

export async function openNewsroom(...settings: Parameters<typeof startApp>): Promise<Newsroom> {
  const app = await startApp(...settings);
  const people = {
    author: app.newcomer('author', 'মিতা রায়'),
    other: app.newcomer('author', 'কামাল হোসেন'),
    viewer: app.newcomer('viewer'),
    editor: app.newcomer('editor'),
    admin: app.newcomer('admin'),
  };
  await app.join(Object.values(people));
  const as: Newsroom['as'] = (who, method, path) => {
    const request = app.request(method, path);
    return who === null ? request : request.set(...bearer(people[who]));
  };
  const write = (
    method: 'post' | 'patch' | 'put' | 'delete',
    path: string,
    body: object | undefined,
    { as: who = 'editor', match = '*' }: Options = {},
  ) => {
    const request = as(who, method, path);
    if (match !== null) request.set('If-Match', match);
    return body === undefined ? request : request.send(body);
  };
  let count = 0;
  return {
    app,
    people,
    as,
    create: (body, who = 'editor') => as(who, 'post', '/v1/articles').send(body),
    async story(body = {}, who = 'editor') {
      count += 1;
      const { body: made } = await as(who, 'post', '/v1/articles')
        .send({ title: `হাটের খবর ${count}`, ...body })
        .expect(201);
      return made;
    },
    patch: (idOrSlug, body, options) => write('patch', pathOf(idOrSlug), body, options),
    step: (step, id, body, options) => write('post', `${pathOf(id)}/${step}`, body, options),
    trash: (idOrSlug, options) => write('delete', pathOf(idOrSlug), undefined, options),
    link: (id, other, options) => write('put', `${pathOf(id)}/story`, { with: other }, options),
    unlink: (id, options) => write('delete', `${pathOf(id)}/story`, undefined, options),
    read: (idOrSlug, who = null) => as(who, 'get', pathOf(idOrSlug)),
    seen: async (id) => (await as('editor', 'get', pathOf(id)).expect(200)).body,
    label: async (what, body) => (await as('editor', 'post', `/v1/${what}`).send(body).expect(201)).body,
    async moveTo(place, ids) {
      await app.sql(`UPDATE articles SET ${places[place]} WHERE id = ANY($1::uuid[])`, [[ids].flat()]);
      if (!['expired', 'archived', 'trash'].includes(place)) return;
      await app.sql(
        `INSERT INTO slug_history (slug, article_id) SELECT slug, id FROM articles WHERE id = ANY($1::uuid[])
          ON CONFLICT (slug) DO UPDATE SET article_id = EXCLUDED.article_id`,
        [[ids].flat()],
      );
    },
    events: (id) =>
      app.sql('SELECT type, version, actor_id, request_id, keys, data FROM events WHERE subject_id = $1 ORDER BY seq', [
        id,
      ]),
    revisions: (id) =>
      app.sql('SELECT version, step, note, actor_id, snapshot FROM revisions WHERE article_id = $1 ORDER BY version', [
        id,
      ]),
    world: async () => (await app.deps.db.pool.query(worldQuery)).rows[0] ?? {},
    close: () => app.close(),
  };
}

/** A body with every member that may be cleared, and the tags and the source that it names. */
export async function fullStory(room: Newsroom): Promise<object> {
  const source = await room.label('sources', { name: 'সুরমা বার্তা' });
  for (const name of ['জাতীয়', 'নদী']) await room.label('tags', { name });
  return {
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
}

const triesMax = 40;

/**
 * Makes many requests at once. If they are more than the pool can take within a second, some are answered 503 with
 * `Retry-After`; these are repeated, as clients do.
 */
export async function together<Answer extends { status: number }>(
  calls: readonly (() => PromiseLike<Answer>)[],
): Promise<{ answers: Answer[]; statuses: number[] }> {
  const insist = async (call: () => PromiseLike<Answer>) => {
    for (let tries = 1; ; tries += 1) {
      const answer = await call();
      if (answer.status !== 503 || tries === triesMax) return answer;
    }
  };
  const answers = await Promise.all(calls.map(insist));
  return { answers, statuses: answers.map(({ status }) => status) };
}

/** Makes a request and asserts that it changes nothing in the database. */
export async function changesNothing<Result>(room: Newsroom, request: () => PromiseLike<Result>): Promise<Result> {
  const before = await room.world();
  const result = await request();
  const after = await room.world();
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    throw new Error(`something changed: ${JSON.stringify(before)} is now ${JSON.stringify(after)}`);
  }
  return result;
}

/** The pointers of the faults that a problem lists. */
export const pointers = (answer: { body: { errors?: { pointer: string }[] } }): string[] =>
  (answer.body.errors ?? []).map(({ pointer }) => pointer);
