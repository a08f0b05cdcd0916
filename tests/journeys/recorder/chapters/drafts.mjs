import { whole } from './articles.mjs';

const patches = [
  {},
  { title: 'খসড়ায় নতুন শিরোনাম' },
  { slug: 'khoshrar-slug' },
  { kicker: null, excerpt: 'খসড়ার সারকথা' },
  { body: '<p>খসড়ার <em>লেখা</em></p>' },
  { body: '**খসড়া**', bodyFormat: 'markdown' },
  { cover: { credit: 'নাজমা' } },
  { cover: null },
  { tags: ['খেলা'] },
  { tags: ['none'] },
  { source: null },
  { source: 'ভাটার-ডাক', sourceItemId: 'draft-3' },
  { expiresAt: '2198-03-03T00:00:00Z' },
  { publishedAt: '2020-03-03T00:00:00Z' },
  { baseVersion: 99 },
  { language: 'en' },
  { byline: 'নাজমা', deskInitials: 'না', sourceUrl: '/archive/9' },
  { title: '' },
];

export async function drafts(scenery) {
  const { call, story, pathOf, move } = scenery;
  const draft = (method, id, body, more = {}) =>
    call(method, pathOf(id, '/draft'), { as: 'editor', body, match: '*', ...more });
  for (const place of ['draft', 'published', 'scheduled']) {
    const { id } = await story({ ...whole(scenery), slug: `khoshra-${place}`, sourceItemId: `khoshra-${place}` });
    await move(place, id);
    await draft('GET', id);
    for (const body of patches) await draft('PATCH', id, body);
    const read = await call('GET', pathOf(id, '/draft'), { as: 'editor' });
    await call('GET', pathOf(id, '/draft'), { as: 'editor', headers: { 'if-none-match': read.etag } });
    await draft('PUT', id, { title: 'শুধু শিরোনাম' });
    await draft('PUT', id, { body: 'শিরোনাম নেই' });
    await draft('PATCH', id, { kicker: 'পুরোনো ট্যাগে' }, { match: read.etag });
    await draft('PATCH', id, { kicker: 'ট্যাগ ছাড়া' }, { match: undefined });
    await draft('DELETE', id, undefined, { match: read.etag });
    await draft('DELETE', id);
    await draft('DELETE', id);
    await draft('GET', id);
    await draft('PATCH', id, { kicker: 'আবার' }, { match: read.etag });
    await call('PATCH', pathOf(id), { as: 'editor', body: { kicker: 'খসড়ার ট্যাগে' }, match: read.etag });
    await rebased(scenery, draft, id);
    await published(scenery, draft, id);
  }
}

/** Every member that a draft may change. */
const every = {
  title: 'সব সদস্য বদলানো',
  slug: 'sob-sodosyo',
  language: 'fr',
  kicker: 'সব',
  excerpt: 'সবই বদলেছে।',
  body: 'সব **লেখা**',
  bodyFormat: 'markdown',
  cover: { url: '/media/sob.jpg', alt: 'সব', caption: 'সব ছবি', credit: 'সবাই', width: 10, height: 20 },
  byline: 'সবাই',
  deskInitials: 'সব',
  source: 'ভাটার-ডাক',
  sourceUrl: '/archive/all',
  tags: ['কৃষি', 'খেলা'],
  expiresAt: '2197-07-07T00:00:00Z',
};

/** A draft that changed everything, rebased on an article that changed besides; then one that changed nothing. */
async function rebased({ call, pathOf }, draft, id) {
  const { slug: _, ...live } = every;
  await draft('PATCH', id, { ...every, slug: `sob-${id}`, sourceItemId: `sob-${id}` });
  const patched = await call('PATCH', pathOf(id), { as: 'admin', body: { byline: 'লাইভ', kicker: 'লাইভ' }, match: '*' });
  await draft('PATCH', id, { baseVersion: patched.body.version });
  await draft('PUT', id, { ...every, title: 'সবটাই আবার', slug: `sob-${id}`, baseVersion: patched.body.version });
  await draft('DELETE', id);
  await draft('PATCH', id, { title: 'শুধু শিরোনাম' });
  const moved = await call('PATCH', pathOf(id), { as: 'admin', body: live, match: '*' });
  await draft('PATCH', id, { baseVersion: moved.body.version });
  await draft('GET', id);
  await call('POST', pathOf(id, '/publish'), { as: 'admin', body: {}, match: '*' });
}

/** Published as it was read, as it was not read, and behind the live article. */
async function published({ call, pathOf }, draft, id) {
  const publish = (body) => call('POST', pathOf(id, '/publish'), { as: 'admin', body, match: '*' });
  const patch = (body) => call('PATCH', pathOf(id), { as: 'admin', body, match: '*' });
  const first = await draft('PATCH', id, { excerpt: 'প্রকাশের জন্য' });
  await publish({ draftVersion: 3 });
  await publish({ draftVersion: first.body.version, note: 'খসড়া থেকে' });
  await draft('GET', id);
  await draft('PATCH', id, { excerpt: 'পিছিয়ে থাকা', title: 'খসড়ার শিরোনাম' });
  await patch({ excerpt: 'সামনে থাকা', byline: 'লাইভে বদল' });
  await draft('GET', id);
  await publish({});
  const { body: live } = await call('GET', pathOf(id), { as: 'editor' });
  await draft('PATCH', id, { baseVersion: live.version });
  await draft('PATCH', id, { baseVersion: live.version, excerpt: 'মেলানো' });
  await draft('PUT', id, { title: 'পুরোটা আবার', baseVersion: live.version });
  await draft('GET', id);
  await publish({});
  await draft('PATCH', id, { excerpt: 'না-পড়া' });
  await publish({ draftVersion: 0 });
  await publish({});
  await call('GET', pathOf(id), { as: 'editor' });
  await draft('PATCH', id, { excerpt: 'সূচি' });
  await publish({ at: '2198-04-04T00:00:00Z' });
  await call('GET', pathOf(id, '/revisions?limit=3'), { as: 'editor' });
}
