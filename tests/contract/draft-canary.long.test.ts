import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { closeReaders, listenTo } from '../support/event-source.ts';
import { type Newsroom, openNewsroom, pathOf, type Story } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { newId, numberOnce, routeGroups, slugify, startOutbox } = outside;

/** One of the articles that are public is told in this story, and all that are hidden. */
const story = newId();
/** Words that stand in nothing public. */
const canary = 'zqxcanary';
const bangla = 'কাকাতুয়ার'.normalize('NFC');
const hours = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString();

const hidden = (state: string) => ({
  title: `${canary} ${bangla} ${state}`,
  slug: `${canary}-${bangla}-${state}`,
  kicker: `${canary} ${bangla}`,
  excerpt: `${canary} ${bangla}`,
  body: `<p>${canary} ${bangla}</p>`,
  byline: `${canary} ${bangla}`,
  deskInitials: canary,
  cover: { url: `https://news.example/${canary}.jpg`, alt: `${canary} ${bangla}`, caption: canary, credit: canary },
  sourceUrl: `https://news.example/${canary}`,
  sourceItemId: `${canary}-${state}`,
  source: 'haor',
  tags: ['নৌপথ'],
});

/** A value for each query parameter that a public operation has; one without a value here fails the test. */
const samples: Readonly<Record<string, (ids: readonly string[], cursor: string) => readonly string[]>> = {
  status: () => ['published', 'draft', 'draft,review,scheduled,archived', 'expired'],
  tag: () => ['নৌপথ', canary],
  source: () => ['haor', canary],
  language: () => ['bn'],
  sourceItemId: () => [canary],
  publishedFrom: () => ['2020-01-01', hours(1)],
  publishedTo: () => ['2199-01-01'],
  ids: (ids) => [ids.join(',')],
  exclude: (ids) => [ids.join(',')],
  q: () => [
    canary,
    bangla,
    'ফেরিঘাট',
    `ফেরিঘাট ${canary}`,
    `ফেরিঘাট -${bangla}`,
    `title:${canary}`,
    `"${canary} ${bangla}"`,
  ],
  highlight: () => ['true'],
  sort: () => ['title', '-title', 'publishedAt', '-publishedAt', '-updatedAt', 'relevance'],
  fields: () => ['title,slug,body,bodyHtml,byline,cover,tags,source,sourceItemId', 'notes', canary],
  limit: () => ['100', '1', '0'],
  after: (_ids, cursor) => [cursor, canary],
  include: () => ['latest', 'notes', 'item'],
  audience: () => ['public', 'staff'],
  kind: () => ['article', 'tag,source'],
  wait: () => ['0'],
  latestLimit: () => ['100'],
  latestLanguage: () => ['bn'],
  redirects: () => ['false', 'true'],
  story: () => [story],
};

describe('what is not public', () => {
  let room: Newsroom;
  let shown: Story;
  let endpoints: Endpoint[];
  let before: Awaited<ReturnType<typeof snapshot>>;
  const planted: Story[] = [];
  const oldSlug = slugify(`${canary} আগের ${bangla}`);

  const snapshot = async () => {
    const pages = ['/v1/latest', '/v1/latest?tag=নৌপথ', '/v1/latest?source=haor&limit=2', '/v1/articles', '/v1/tags'];
    const more = [
      '/v1/articles?sort=title',
      '/v1/articles?tag=নৌপথ&fields=title,body',
      '/v1/sources',
      '/v1/sources/haor',
    ];
    const words = ['ফেরিঘাট', `ফেরিঘাট -${canary}`, bangla, `title:${canary}`, `ফেরিঘাট ${bangla}`];
    for (const q of words)
      for (const rest of ['', '&limit=1', '&sort=relevance&highlight=true', '&tag=নৌপথ'])
        more.push(`/v1/search?q=${encodeURIComponent(q)}${rest}`);
    const paths = [...pages, ...more, '/v1/tags/নৌপথ', pathOf(shown.slug, '?include=latest'), pathOf(shown.id)];
    const read = new Map<string, { text: string; etag: string | undefined }>();
    for (const path of paths) {
      const { text, headers } = await room.as(null, 'get', encodeURI(decodeURI(path))).expect(200);
      read.set(path, { text, etag: headers.etag });
    }
    return read;
  };

  beforeAll(async () => {
    room = await openNewsroom();
    await room.label('tags', { name: 'নৌপথ' });
    await room.label('sources', { name: 'হাওর সংবাদ', slug: 'haor' });
    for (const hour of [1, 2, 3])
      shown = await room.story({
        title: `ফেরিঘাট ${hour}`,
        tags: ['নৌপথ'],
        source: 'haor',
        status: 'published',
        publishedAt: hours(-hour),
      });
    endpoints = routeGroups(room.app.deps, room.app.services)
      .flatMap((group) => group.endpoints)
      .filter(({ method, spec }) => method === 'get' && spec.access === 'public');
    const tell = (ids: string[]) => room.app.sql('UPDATE articles SET story_id = $1 WHERE id = ANY($2)', [story, ids]);
    await tell([shown.id]);
    before = await snapshot();

    const make = async (state: string, more: object = {}) => {
      const article = await room.story({ ...hidden(state), ...more });
      planted.push(article);
      return article;
    };
    await make('draft');
    const returned = await make('returned', { status: 'review' });
    await room.step('return', returned.id, { note: `${canary} ${bangla}` }).expect(200);
    await make('review', { status: 'review' });
    await make('scheduled', { status: 'published', publishedAt: hours(24) });
    const archived = await make('archived');
    await room.step('archive', archived.id).expect(200);
    const deleted = await make('deleted');
    await room.trash(deleted.id).expect(204);
    const renamed = await make('renamed');
    await room.app.sql('INSERT INTO slug_history (slug, article_id) VALUES ($1, $2)', [oldSlug, renamed.id]);
    await tell(planted.map(({ id }) => id));
  });
  afterAll(() => room.close());

  /** Every address of an operation that could lead to something: with the ids and slugs of what is hidden, and of what is not. */
  const addresses = (path: string): string[] => {
    if (!path.includes('{')) return [path];
    const of = path.startsWith('/v1/articles/') ? planted : planted.slice(0, 1);
    const hiddenNames = of.flatMap(({ id, slug }) => [id, slug, slug.normalize('NFD'), slug.toUpperCase()]);
    const names = ['নৌপথ', 'haor', shown.slug, oldSlug, canary, ...hiddenNames];
    return names.map((name) => path.replaceAll(/\{\w+\}/g, encodeURIComponent(name)));
  };

  const known = () => [canary, bangla, encodeURIComponent(bangla), ...planted.map(({ id }) => id)];

  const queries = ({ path, spec }: Endpoint, cursor: string): string[] => {
    const schema = spec.publicQuery ?? spec.query;
    const json: unknown = schema && z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties;
    const ids = planted.map(({ id }) => id);
    return Object.keys(Object(json)).flatMap((name) => {
      const values = samples[name]?.(ids, cursor);
      if (values === undefined) throw new Error(`there is no sample of the parameter ${name}`);
      const words = path === '/v1/search' && name !== 'q' ? `&q=${encodeURIComponent(bangla)}` : '';
      return values.map((value) => `?${name}=${encodeURIComponent(value)}${words}`);
    });
  };

  it('was planted in every field and every state', async () => {
    expect(planted).toHaveLength(7);
    const [row] = await room.app.sql<{ text: string }>(
      'SELECT string_agg(a::text, $1) AS text FROM articles a WHERE title LIKE $2',
      [' ', `${canary}%`],
    );
    expect(row?.text.split(canary).length).toBeGreaterThan(70);
    const [note] = await room.app.sql('SELECT count(*)::int FROM revisions WHERE note LIKE $1', [`${canary}%`]);
    expect(note).toEqual({ count: 1 });
  });

  it('stands in no answer to a stranger: every public operation, every parameter, GET and HEAD', async () => {
    const first = await room.as(null, 'get', '/v1/latest?limit=1').expect(200);
    const cursor: string = first.body.page.nextCursor;
    const targets = endpoints.flatMap((endpoint) => {
      const [plain = '', ...others] = addresses(endpoint.path);
      const asked = queries(endpoint, cursor).map((query) => `${plain}${query}`);
      return [plain, ...asked, ...others, ...others.slice(0, 8).map((path) => `${path}?draft=${canary}`)];
    });
    expect(targets.length).toBeGreaterThan(100);
    const leaks: string[] = [];
    const look = async (method: 'get' | 'head', target: string) => {
      const { text = '', headers, status } = await room.as(null, method, target);
      // A link to the next page repeats what the caller has asked for.
      const link = String(headers.link ?? '').replace(target.split('?')[1] ?? '', '');
      const all = `${text} ${JSON.stringify({ ...headers, link })}`;
      if (status >= 500 || known().some((word) => all.includes(word)))
        leaks.push(`${method} ${target} ${status} ${all}`);
    };
    const calls = targets.flatMap((target) => [() => look('get', target), () => look('head', target)]);
    for (let at = 0; at < calls.length; at += 4) await Promise.all(calls.slice(at, at + 4).map((call) => call()));
    expect(leaks).toEqual([]);
  });

  it('stands in no page of the changes, from the first to the last, and makes no gap in their positions', async () => {
    await numberOnce(room.app.deps.db);
    const positions: number[] = [];
    for (const start of ['', room.app.deps.cursors.seal('changes', ['public', 'tail', '0', '', ''])]) {
      let [after, more] = [start, true];
      while (more) {
        const from = after === '' ? '' : `&after=${after}`;
        const { text, body } = await room.as(null, 'get', `/v1/changes?limit=2&include=item${from}`).expect(200);
        expect(known().filter((word) => text.includes(word))).toEqual([]);
        for (const { position } of body.data) if (position !== null) positions.push(position);
        [after, more] = [body.page.nextCursor, body.page.more];
      }
    }
    expect(positions.length).toBeGreaterThan(3);
  });

  it('changes no byte and no ETag of what strangers read', async () => {
    expect(await snapshot()).toEqual(before);
  });

  it('stands in no stream, neither in what was before nor in what happens, whatever is followed', async () => {
    const stopOutbox = startOutbox(room.app);
    const first = room.app.deps.cursors.seal('changes', ['public', 'tail', '0', '', '']);
    const paths = ['', '&tag=নৌপথ', '&source=haor', '&language=bn'].flatMap((filter) => [
      `/v1/changes/stream?include=item&kind=article${filter}`,
      `/v1/latest/stream?${filter.slice(1)}`,
    ]);
    const readers = await Promise.all(
      paths.flatMap((path) => [listenTo(room.app, path), listenTo(room.app, path, { lastEventId: first })]),
    );
    for (const { id, slug } of planted) {
      if (slug.includes('deleted') || slug.includes('scheduled')) continue;
      await room.patch(id, { excerpt: `${canary} ${bangla} আবার` }).expect(200);
    }
    const last = await room.story({ title: 'শেষ ফেরি', status: 'published', tags: ['নৌপথ'], source: 'haor' });
    for (const reader of readers) {
      await reader.until((got) => got.data.id === last.id);
      expect(known().filter((word) => reader.text().includes(word))).toEqual([]);
    }
    await closeReaders(room.app);
    await stopOutbox();
  });
});
