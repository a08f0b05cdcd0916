import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { faultsOf } from '../support/problems.ts';
import { rowsOf } from '../support/world.ts';

/** Text that is refused wherever it stands, and the word that its sentence has. */
const illFormed: [string, string, string][] = [
  ['U+0000', 'ক\u0000খ', 'U+0000'],
  ['half of a pair', 'ক\uD83Cখ', 'surrogate'],
  ['the other half', '\uDFF4ক', 'surrogate'],
  ['nine marks', `ক${'\u0301'.repeat(9)}`, '8 combining marks'],
  ['nine marks of many kinds', 'e\u0300\u0323\u0301\u0327\u0304\u0331\u0306\u0330\u0307', '8 combining marks'],
  ['tag characters', 'ক\u{E0041}\u{E0042}', 'tag characters'],
];

const password = 'নদীর ধারে সাদা কাশফুল';
type Slot = [method: 'post' | 'patch', path: string, body: (text: string) => object, pointer: string];
const slots: Slot[] = [
  ...['title', 'body', 'kicker', 'excerpt', 'byline', 'deskInitials', 'slug', 'sourceItemId'].map(
    (key): Slot => ['post', '/v1/articles', (text) => ({ title: 'ক', source: 'none', [key]: text }), `/${key}`],
  ),
  ...['alt', 'caption', 'credit'].map(
    (key): Slot => [
      'post',
      '/v1/articles',
      (text) => ({ title: 'ক', cover: { url: '/a.jpg', alt: '', [key]: text } }),
      `/cover/${key}`,
    ],
  ),
  ['patch', '/v1/articles/ARTICLE', (text) => ({ title: text }), '/title'],
  ['post', '/v1/articles/ARTICLE/publish', (text) => ({ note: text }), '/note'],
  ...['name', 'slug', 'description'].map(
    (key): Slot => ['post', '/v1/tags', (text) => ({ name: 'ক', [key]: text }), `/${key}`],
  ),
  ...['name', 'slug', 'creditLine', 'licence'].map(
    (key): Slot => ['post', '/v1/sources', (text) => ({ name: 'ক', [key]: text }), `/${key}`],
  ),
  ...['name', 'initials', 'email'].map(
    (key): Slot => [
      'post',
      '/v1/users',
      (text) => ({
        name: 'ক',
        role: 'viewer',
        password,
        email: 'a@khobor.example',
        [key]: key === 'email' ? `${text}@khobor.example` : text,
      }),
      `/${key}`,
    ],
  ),
];

/** Characters that no compression of an index helps with. */
const ideographs = (count: number, plane: 'basic' | 'beyond') =>
  Array.from({ length: count }, () =>
    String.fromCodePoint(plane === 'basic' ? randomInt(0x4e00, 0x9fa0) : randomInt(0x20000, 0x2a6d0)),
  ).join('');

describe('text', () => {
  let app: TestApp;
  let admin: Person;
  let article: string;
  const send = (method: 'post' | 'patch', path: string, body: object) =>
    app
      .request(method, path.replace('ARTICLE', article))
      .set(...bearer(admin))
      .set(anyMatch(method, path))
      .send(body);

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_LOGIN_ACCOUNT: '1000' });
    admin = await app.person('admin');
    article = (await send('post', '/v1/articles', { title: 'পুরোনো কথা' }).expect(201)).body.id;
  });
  afterAll(() => app.close());

  it.each(slots)(
    '%s %s: what is ill-formed in %4$s is 400 with a sentence about it, and nothing is recorded',
    async (method, path, body, pointer) => {
      const before = await rowsOf(app);
      for (const [what, text, word] of illFormed) {
        const answer = await send(method, path, body(text));
        expect([what, answer.status, ...faultsOf(answer)]).toEqual([what, 400, `body ${pointer}`]);
        expect(answer.body.errors[0].detail).toContain(word);
      }
      expect(await rowsOf(app)).toEqual(before);
    },
  );

  it.each([
    ['post', '/v1/auth/login', { email: 'a@khobor.example' }, 'password'],
    ['post', '/v1/users', { email: 'a@khobor.example', name: 'ক', role: 'viewer' }, 'password'],
    ['patch', '/v1/auth/me/password', { currentPassword: password }, 'newPassword'],
  ] as const)('%s %s refuses U+0000 and half a pair in a password', async (method, path, rest, key) => {
    for (const text of ['\u0000', '\uD83C', '\uDFF4']) {
      const answer = await send(method, path, { ...rest, [key]: `${password}${text}` }).expect(400);
      expect(faultsOf(answer)).toEqual([`body /${key}`]);
      expect(answer.text).not.toContain('কাশফুল');
    }
  });

  it.each(['source', 'tags'])('refuses ill-formed text in a reference of %s', async (key) => {
    for (const [, text] of illFormed) {
      const answer = await send('post', '/v1/articles', { title: 'ক', [key]: key === 'tags' ? [text] : text }).expect(
        400,
      );
      expect(faultsOf(answer)).toEqual([key === 'tags' ? 'body /tags/0' : 'body /source']);
    }
  });

  it('refuses every type but text where text is asked for', async () => {
    for (const value of [1, true, null, [], {}, ['ক'], { not: 'ক' }, { startsWith: 'ক' }]) {
      const answer = await send('post', '/v1/tags', { name: value });
      expect([value, answer.status, ...faultsOf(answer)]).toEqual([value, 400, 'body /name']);
    }
  });

  it('keeps joiners, emoji, flags and eight marks, and drops what cannot be seen', async () => {
    const kept = `র‍্যাব 👨‍👩‍👧 \u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} ক${'\u0981\u0982'.repeat(4)}।`;
    const { body } = await send('post', '/v1/articles', { title: `\uFEFF${kept}\u202E\u200B\u00AD` }).expect(201);
    expect(body.title).toBe(kept.normalize('NFC'));
  });

  it('takes a text with nothing to see in it for none: refused where one is needed, null where not', async () => {
    for (const unseen of ['\u200D\u200C', '\u2060', '\uFE0F', '\u3164', ' \u034F\u200D ']) {
      const needed: [path: string, body: object, pointer: string][] = [
        ['/v1/articles', { title: unseen }, '/title'],
        ['/v1/tags', { name: unseen }, '/name'],
        ['/v1/sources', { name: unseen }, '/name'],
        ['/v1/keys', { name: unseen, role: 'viewer' }, '/name'],
        ['/v1/users', { email: 'nobody@news.example', name: unseen, role: 'viewer', password }, '/name'],
      ];
      for (const [path, body, pointer] of needed) {
        const answer = await send('post', path, body).expect(400);
        expect(faultsOf(answer)).toEqual([`body ${pointer}`]);
      }
      const { body } = await send('post', '/v1/articles', { title: 'ক', kicker: unseen, byline: unseen }).expect(201);
      expect([body.kicker, body.byline]).toEqual([null, null]);
    }
  });

  it('takes one spelling for the other', async () => {
    const composed = 'রয\u09BCটার্স\u09DF';
    const { body } = await send('post', '/v1/articles', { title: composed }).expect(201);
    expect(body.title).toBe(composed.normalize('NFC'));
    expect(body.title).not.toContain('\u09DF');
  });

  it.each(['basic', 'beyond'] as const)(
    'stores every indexed text at its cap of code points, of the %s plane',
    async (plane) => {
      const slug = ideographs(80, plane);
      const name = ideographs(200, plane);
      const tag = await send('post', '/v1/tags', { name, slug }).expect(201);
      expect([...tag.body.slug]).toHaveLength(80);
      expect((await app.request('get', `/v1/tags/${encodeURIComponent(slug)}`).expect(200)).body).toEqual(tag.body);
      const source = await send('post', '/v1/sources', {
        name: ideographs(200, plane),
        slug: ideographs(80, plane),
      }).expect(201);
      const stored = await send('post', '/v1/articles', {
        title: ideographs(300, plane),
        slug: ideographs(80, plane),
        source: source.body.id,
        sourceItemId: ideographs(255, plane),
        tags: [tag.body.id],
        status: 'published',
      }).expect(201);
      const path = `/v1/articles/${encodeURIComponent(stored.body.slug)}`;
      expect((await app.request('get', path).expect(200)).body.id).toBe(stored.body.id);
      await send('patch', `/v1/articles/${stored.body.id}`, { slug: ideographs(80, plane) }).expect(200);
      await app.request('get', path).expect(308);
      for (const sort of ['title', '-title']) {
        const first = await app.request('get', `/v1/articles?sort=${sort}&limit=1`).expect(200);
        if (first.body.page.nextCursor)
          await app.request('get', `/v1/articles?sort=${sort}&limit=1&after=${first.body.page.nextCursor}`).expect(200);
      }
      const derived = await send('post', '/v1/articles', { title: ideographs(300, plane) }).expect(201);
      expect([...derived.body.slug].length).toBeLessThanOrEqual(80);
    },
  );

  it.each([
    ['/v1/articles', 'title', 300, {}],
    ['/v1/articles', 'slug', 320, { title: 'ক' }],
    ['/v1/tags', 'name', 200, {}],
    ['/v1/sources', 'name', 200, {}],
    ['/v1/users', 'name', 200, { email: 'a@khobor.example', role: 'viewer', password }],
  ])('%s counts code points of %s after cleaning, to %i', async (path, key, max, rest) => {
    const over = await send('post', path, { ...rest, [key]: '𝒳'.repeat(max + 1) }).expect(400);
    expect(faultsOf(over)).toEqual([`body /${key}`]);
    expect(over.body.errors[0].detail).toContain(String(max));
    const within = await send('post', path, { ...rest, [key]: `\u200B${'𝒳'.repeat(max)}\uFEFF` });
    expect(within.status).not.toBe(400);
  });

  it('counts code points of a reference after cleaning, so that a name is found in every spelling of it', async () => {
    const name = 'é'.repeat(200);
    await send('post', '/v1/tags', { name }).expect(201);
    await send('post', '/v1/sources', { name }).expect(201);
    for (const spelling of [name, name.normalize('NFD'), `\u200B${'\u00AD'.repeat(300)}${name}`]) {
      const typed = encodeURIComponent(spelling);
      const made = await send('post', '/v1/articles', { title: 'ক', tags: [spelling], source: spelling }).expect(201);
      expect([made.body.tags[0].name, made.body.source.name]).toEqual([name, name]);
      await app.request('get', `/v1/latest?tag=${typed}&source=${typed}`).expect(200);
    }
    for (const over of ['ক'.repeat(321), `${'\u09DF'.repeat(160)}ক`, '𝒳'.repeat(321)]) {
      const refused = await send('post', '/v1/articles', { title: 'ক', tags: [over], source: over }).expect(400);
      expect(faultsOf(refused).sort()).toEqual(['body /source', 'body /tags/0']);
      expect(refused.body.errors[0].detail).toBe('Use at most 320 characters.');
    }
  });

  it('sends Bangla slugs percent-encoded in headers', async () => {
    const made = await send('post', '/v1/articles', { title: 'ভোরের নদী', status: 'published' }).expect(201);
    await send('patch', `/v1/articles/${made.body.id}`, { slug: 'সন্ধ্যার-নদী' }).expect(200);
    const moved = await app.request('get', `/v1/articles/${encodeURIComponent('ভোরের-নদী')}?fields=title`).expect(308);
    expect(moved.headers.location).toBe(
      `https://news.example/api/v1/articles/${encodeURIComponent('সন্ধ্যার-নদী')}?fields=title`,
    );
  });

  it.each(['a\r\nSet-Cookie: x=1', 'a\r\n\r\n{}', 'a\u2028b', '"><script>'])(
    'lets no header be made of the slug %j',
    async (slug) => {
      const answer = await app.request('get', `/v1/articles/${encodeURIComponent(slug)}?include=latest`).expect(404);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.text).not.toContain('script');
      const made = await send('post', '/v1/articles', { title: 'ক', slug }).expect(201);
      expect(made.body.slug).toMatch(/^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u);
      expect(made.headers.location).toMatch(/^[\x21-\x7e]+$/);
    },
  );
});
