// Compiled against the types made from openapi.yaml: a member that the document has otherwise does not compile.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

type Article = components['schemas']['ArticlePage'];
type Listed = components['schemas']['LatestItem'];

const [url = '', email = '', password = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url });

/** The body of an answer, or an Error with the problem that came instead. */
function body<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
  return data;
}
const etag = (response: Response): string => response.headers.get('etag') ?? '';

const latest = body(await client.GET('/v1/latest', { params: { query: { limit: 3 } } }));
assert.equal(latest.data.length, 3);
const sourceName: string | null = latest.data[0]?.source?.name ?? null;
assert.ok(sourceName);

const { accessToken } = body(await client.POST('/v1/auth/login', { body: { email, password } }));
client.use({
  onRequest({ request }) {
    request.headers.set('Authorization', `Bearer ${accessToken}`);
  },
});

/** Makes a draft, publishes it, and reads it back as a reader. */
async function publish(draft: components['schemas']['ArticleCreate']): Promise<Article> {
  const created = await client.POST('/v1/articles', { body: draft });
  const { id } = body(created);
  const published = await client.POST('/v1/articles/{idOrSlug}/publish', {
    params: { path: { idOrSlug: id }, header: { 'If-Match': etag(created.response) } },
    body: {},
  });
  assert.equal(body(published).status, 'published');
  return body(await client.GET('/v1/articles/{idOrSlug}', { params: { path: { idOrSlug: id } } }));
}

const minimal = await publish({ title: 'শুধু শিরোনাম', body: '' });
const nothings: null[] = [];
for (const value of [minimal.cover, minimal.source, minimal.excerpt, minimal.kicker, minimal.expiresAt])
  if (value === null) nothings.push(value);
assert.equal(nothings.length, 5);

const full = await publish({
  title: 'সব ঘর পূরণ করা খবর',
  kicker: 'পরীক্ষা',
  excerpt: 'যা কিছু লেখা যায়, সবই আছে।',
  body: '<p>দুই লাইনের খবর।</p>',
  bodyFormat: 'html',
  language: 'bn-BD',
  cover: {
    url: 'https://media.example/a.jpg',
    alt: 'নদীর ছবি',
    caption: 'নদী',
    credit: 'খবর',
    width: 1200,
    height: 675,
  },
  byline: 'রিনা আখতার',
  deskInitials: 'রআ/নহ',
  source: latest.data[0]?.source?.slug ?? '',
  sourceUrl: 'https://wire.example/1',
  sourceItemId: 'wire-1',
  tags: latest.data[0]?.tags.map(({ slug }) => slug) ?? [],
});
const alt: string = full.cover?.alt ?? '';
assert.equal(alt, 'নদীর ছবি');
assert.equal(full.source?.name, sourceName);
assert.equal(full.language, 'bn-BD');
assert.ok(full.bodyHtml?.includes('দুই লাইনের'));

const found: Listed[] = body(await client.GET('/v1/latest', { params: { query: { limit: 2 } } })).data;
assert.deepEqual(
  found.map(({ title, cover }) => [title, cover === null]),
  [
    [full.title, false],
    [minimal.title, true],
  ],
);

const refused = await client.POST('/v1/articles', { body: { title: '', body: '' } });
assert.equal(refused.error?.code, 'invalid-input');
assert.equal(refused.error?.errors?.[0]?.pointer, '/title');
console.log('a typed client has read, logged in, published and read back');
