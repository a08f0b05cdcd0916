import { follow } from './articles.mjs';

const bodies = {
  tags: [
    { name: 'শিক্ষা', description: 'স্কুল কলেজ' },
    { name: 'শিক্ষা' },
    { name: 'পরীক্ষা', slug: 'porikkha' },
    { name: 'ফলাফল', slug: 'Bad Slug' },
    { name: '' },
    { name: 5, x: 1 },
    { name: 'ঋতু' },
  ],
  sources: [
    {
      name: 'মেঘনা ডাক',
      url: 'https://meghna.example/',
      creditLine: 'মেঘনার সৌজন্যে',
      licence: 'সব',
      logoUrl: '/media/meghna.png',
      language: 'bn',
      itemsFrom: 'authors',
    },
    { name: 'মেঘনা ডাক' },
    { name: 'পদ্মা ডাক', slug: 'podma', itemsFrom: 'keys' },
    { name: 'যমুনা', language: 'not a language' },
    { name: 'যমুনা', url: 'javascript:1' },
    { name: 'যমুনা', itemsFrom: 'all' },
    { name: 'যমুনা' },
  ],
};
const patches = {
  tags: [
    { name: 'পাঠশালা' },
    { slug: 'pathshala' },
    { name: 'পাঠশালা', slug: 'pathshala' },
    { name: 'ঋতু' },
    { slug: 'porikkha' },
    { description: null },
    {},
    { name: '' },
  ],
  sources: [
    { name: 'মেঘনার ডাক' },
    { slug: 'meghna' },
    { url: null, licence: null, logoUrl: null, language: null },
    { creditLine: 'নতুন সৌজন্য', itemsFrom: 'keys' },
    { name: 'যমুনা' },
    { slug: 'podma' },
    {},
    { language: '!' },
  ],
};

export async function labels(scenery) {
  for (const what of ['tags', 'sources']) await ofOneKind(scenery, what);
  await merged(scenery);
}

async function ofOneKind({ call, story, pathOf, move }, what) {
  const one = what === 'tags' ? (slug) => ({ tags: [slug] }) : (slug) => ({ source: slug });
  const send = (method, slug, more = {}) =>
    call(method, `/v1/${what}/${encodeURIComponent(slug)}`, { as: 'editor', match: '*', ...more });
  const made = [];
  for (const body of bodies[what]) made.push(await call('POST', `/v1/${what}`, { as: 'editor', body }));
  for (const as of ['nobody', 'viewer', 'author', 'key', 'narrow', 'reader'])
    await call('POST', `/v1/${what}`, { as, body: { name: `নাম ${as}` } });
  const [first, last] = [made[0].body, made.at(-1).body];
  const { id } = await story({ title: `লেবেলের খবর ${what}`, ...one(first.slug) });
  await move('published', id);
  for (const body of patches[what]) {
    await send('PATCH', first.id, { body });
    await call('GET', pathOf(id));
  }
  await send('PATCH', first.id, { body: { name: 'শর্ত' }, match: '"1"' });
  await send('PATCH', first.id, { body: { name: 'শর্ত' }, match: undefined });
  for (const as of ['nobody', 'author', 'narrow']) await send('PATCH', first.id, { as, body: { name: 'নাম' } });
  for (const slug of [first.slug, first.id, 'pathshala', 'meghna', 'porikkha', 'podma', 'none'])
    for (const as of ['nobody', 'editor']) await call('GET', `/v1/${what}/${encodeURIComponent(slug)}`, { as });
  await call('GET', `/v1/articles?${what === 'tags' ? 'tag' : 'source'}=${encodeURIComponent(first.slug)}`);
  await call('GET', `/v1/latest?${what === 'tags' ? 'tag' : 'source'}=${encodeURIComponent(first.slug)}`);
  await story({ title: 'পুরোনো নামে', ...one(first.slug) });
  for (const as of ['nobody', 'editor']) await follow(call, `/v1/${what}?limit=4`, as);
  await send('DELETE', first.id, { as: 'author' });
  await send('DELETE', first.id);
  await send('DELETE', `${first.id}?reassignTo=none`.replace('?', '%3F'));
  for (const query of ['reassignTo=none', `reassignTo=${first.id}`, `reassignTo=${last.id}`])
    await call('DELETE', `/v1/${what}/${first.id}?${query}`, { as: 'editor', match: '*' });
  await call('GET', pathOf(id));
  for (const slug of [first.slug, first.id]) await call('GET', `/v1/${what}/${encodeURIComponent(slug)}`);
  await call('POST', `/v1/${what}`, { as: 'editor', body: { name: 'নতুন মালিক', slug: 'notun-malik' } });
  await send('DELETE', 'notun-malik', { match: '"7"' });
  await send('DELETE', 'notun-malik');
  await send('DELETE', 'notun-malik');
}

async function merged({ call, label, story, pathOf, move }) {
  const [from, into] = [await label('tags', { name: 'বর্ষা' }), await label('tags', { name: 'বৃষ্টি' })];
  const { id } = await story({ tags: [from.slug, into.slug, 'নদী'] });
  const { id: other } = await story({ tags: ['নদী', from.slug] });
  for (const one of [id, other]) await move('published', one);
  const merge = (slug, body, as = 'editor', match = '*') =>
    call('POST', `/v1/tags/${encodeURIComponent(slug)}/merge`, { as, body, match });
  await merge(from.slug, { into: into.slug }, 'author');
  await merge(from.slug, { into: from.slug });
  await merge(from.slug, { into: 'none' });
  await merge(from.slug, {});
  await merge(from.slug, { into: into.slug }, 'editor', '"9"');
  await merge(from.slug, { into: into.id });
  await merge(from.slug, { into: into.id });
  for (const one of [id, other]) await call('GET', pathOf(one));
  for (const slug of [from.slug, from.id, into.slug]) await call('GET', `/v1/tags/${encodeURIComponent(slug)}`);
  await call('GET', `/v1/latest?tag=${encodeURIComponent(from.slug)}`);
  await call('POST', '/v1/articles', { as: 'editor', body: { title: 'পুরোনো ট্যাগে', tags: [from.slug] } });
}
