/** Every member that an author may make an article with. */
export const whole = (scenery) => ({
  title: 'সেতুর কাজ শেষের পথে',
  slug: 'setur-kaj-shesher-pothe',
  language: 'bn',
  kicker: 'যোগাযোগ',
  excerpt: 'আগামী মাসে খুলছে সেতু।',
  body: '<p>সেতুর <strong>শেষ</strong> পাটাতন বসেছে। <a href="/archive/3">আগের খবর</a></p><script>alert(1)</script>',
  bodyFormat: 'html',
  cover: { url: '/media/setu.jpg', alt: 'নতুন সেতু', caption: 'সেতু', credit: 'কামাল', width: 1200, height: 675 },
  byline: 'মিতা রায়',
  deskInitials: 'মর',
  source: scenery.sources[0].slug,
  sourceUrl: 'https://wire.example/items/3',
  sourceItemId: 'item-3',
  tags: ['নদী', 'জাতীয়'],
  status: 'draft',
});

/** What is refused, and what each member is made of. */
const odd = [
  {},
  { title: '' },
  { title: 5 },
  { title: 'ক'.repeat(301) },
  { title: ' \u200b ' },
  { title: 'খ', body: 5 },
  { title: 'খ', bodyFormat: 'rtf' },
  { title: 'খ', body: '**মোটা** <b>অক্ষর</b>\n\n- এক\n- দুই', bodyFormat: 'markdown' },
  { title: 'খ', body: 'এক\n\nদুই <b>', bodyFormat: 'text' },
  { title: 'খ', language: 'bangla-bhasha-onek' },
  { title: 'খ', language: 'EN-gb' },
  { title: 'খ', slug: 'Bad Slug!' },
  { title: 'খ', slug: 'setur-kaj-shesher-pothe' },
  { title: 'খ', source: 'nobody-knows-it' },
  { title: 'খ', source: null, sourceItemId: 'x' },
  { title: 'খ', tags: ['nobody-knows-it'] },
  { title: 'খ', tags: ['নদী', 'নদী'] },
  { title: 'খ', tags: 'নদী' },
  { title: 'খ', cover: { url: '/media/a.jpg' } },
  { title: 'খ', cover: { url: 'javascript:alert(1)', alt: 'ছবি' } },
  { title: 'খ', cover: { url: '/media/a.jpg', alt: 'ছবি', width: 0 } },
  { title: 'খ', cover: null, kicker: null, excerpt: null, byline: null, deskInitials: null, expiresAt: null },
  { title: 'খ', sourceUrl: '/archive/../3' },
  { title: 'খ', sourceUrl: 'ftp://wire.example' },
  { title: 'খ', status: 'archived' },
  { title: 'খ', status: 'review' },
  { title: 'খ', status: 'published' },
  { title: 'খ', status: 'published', publishedAt: '2020-02-03T04:05:06Z' },
  { title: 'খ', status: 'published', publishedAt: '2198-02-03T04:05:06Z' },
  { title: 'খ', publishedAt: '2020-02-30T00:00:00Z' },
  { title: 'খ', publishedAt: '2020-02-03T04:05:06Z', expiresAt: '2020-02-03T04:05:06Z', status: 'published' },
  { title: 'খ', expiresAt: '2020-02-03' },
  { title: 'খ', colour: 'red', id: 'x' },
  { title: 'খ', version: 3 },
];

const patches = [
  {},
  { title: 'সেতু খুলছে শিগগির' },
  { slug: 'setu-khulchhe' },
  { slug: null },
  { title: null },
  { kicker: null },
  { excerpt: '  দু লাইনে\nলেখা  ' },
  { body: '<h2>নতুন</h2><p>লেখা</p>' },
  { body: '# নতুন', bodyFormat: 'markdown' },
  { bodyFormat: 'text' },
  { cover: { alt: 'অন্য কথা' } },
  { cover: { credit: null, width: null } },
  { cover: null },
  { cover: { caption: 'শুধু লেখা' } },
  { tags: ['কৃষি', 'নদী', 'খেলা'] },
  { tags: [] },
  { tags: null },
  { source: null },
  { source: 'ভাটার-ডাক' },
  { sourceItemId: 'item-9' },
  { sourceItemId: null },
  { sourceUrl: null },
  { language: 'en' },
  { byline: 'নাজমা বেগম', deskInitials: 'নব' },
  { publishedAt: '2198-01-01T00:00:00Z' },
  { publishedAt: '2020-01-01T00:00:00Z' },
  { expiresAt: '2020-06-01T00:00:00Z' },
  { expiresAt: null },
  { correction: 'আগে সেতুর নাম ভুল ছিল।' },
  { correction: 'আগে নদীর নাম ভুল ছিল।', correctionAt: '2020-05-01T00:00:00Z' },
  { correctionAt: '2020-05-01T00:00:00Z' },
  { modified: true },
  { modified: false },
  { status: 'published' },
  { nonsense: 1 },
  { title: '', slug: '', cover: { url: 'x:y' }, tags: [5] },
];

export async function articles(scenery) {
  const { call, pathOf, story, move } = scenery;
  const made = await call('POST', '/v1/articles', {
    as: 'editor',
    body: { ...whole(scenery), expiresAt: '2199-01-01T00:00:00Z' },
  });
  for (const body of odd) await call('POST', '/v1/articles', { as: 'editor', body });
  for (const as of ['author', 'narrow', 'key', 'reader'])
    for (const body of [
      { title: 'খ', status: 'published' },
      { title: 'খ', tags: ['নদী'], source: 'সুরমা-বার্তা' },
    ])
      await call('POST', '/v1/articles', { as, body });
  const { id } = made.body;
  for (const place of ['draft', 'published']) {
    const { id: other } = await story({ ...whole(scenery), slug: `setu-${place}`, sourceItemId: `item-${place}` });
    await move(place, other);
    for (const body of patches) {
      await call('PATCH', pathOf(other), { as: 'editor', body, match: '*' });
      if (place === 'published') await call('GET', pathOf(other));
    }
    await call('GET', pathOf(other), { as: 'editor' });
  }
  await call('PATCH', pathOf(id), { as: 'editor', body: { kicker: 'ক' }, match: made.etag });
  await call('PATCH', pathOf(id), { as: 'editor', body: { kicker: 'খ', excerpt: 'নতুন' }, match: made.etag });
  await call('PATCH', pathOf(id), { as: 'editor', body: { kicker: 'খ' } });
  await call('PATCH', pathOf(id), { as: 'editor', body: { kicker: 'গ' }, headers: { 'if-none-match': '*' } });
  await call('PATCH', pathOf(id), { as: 'editor', body: { kicker: 'গ' }, match: '"1", "2", "3"' });
  await readers(scenery, id);
}

async function readers({ call, pathOf, move, make }, id) {
  await move('published', id);
  const lists = ['/v1/latest', '/v1/articles', '/v1/tags', '/v1/sources', '/v1/redirects'];
  const before = [];
  for (const path of lists) before.push(await call('GET', path));
  const read = await call('GET', pathOf(id));
  await call('GET', pathOf(id), { headers: { 'if-none-match': read.etag } });
  await call('GET', pathOf(id), { headers: { 'if-none-match': `W/${read.etag}` } });
  await call('HEAD', pathOf(id));
  for (const slug of [read.body.slug, 'setur-kaj-shesher-pothe', encodeURIComponent('সেতুর-কাজ'), id.toUpperCase()])
    await call('GET', `/v1/articles/${slug}`);
  await make('PATCH', pathOf(id), { as: 'editor', body: { slug: 'notun-setu' }, match: '*' });
  for (const [index, path] of lists.entries())
    await call('GET', path, { headers: { 'if-none-match': before[index].etag } });
  await call('GET', pathOf(id), { headers: { 'if-none-match': read.etag } });
  for (const query of ['', '?redirects=false', '?redirects=true', '?redirects=maybe'])
    await call('GET', `/v1/articles/${read.body.slug}${query}`);
  for (const query of [
    '?fields=title,slug',
    '?fields=title,nonsense',
    '?fields=',
    '?fields=notes,createdBy',
    '?include=latest',
    '?include=latest&latestLimit=2',
    '?include=latest&latestLanguage=en&fields=title,latest',
    '?include=latest&latestLimit=0',
    '?include=nonsense',
    '?latestLimit=3',
  ])
    for (const as of ['nobody', 'editor']) await call('GET', pathOf(id, query), { as });
  await call('GET', '/v1/redirects');
  await call('GET', '/v1/redirects?limit=1');
}

const filters = [
  ...['draft', 'review', 'scheduled', 'published', 'expired', 'archived', 'trash', 'draft,review', 'nonsense'].map(
    (status) => `status=${status}`,
  ),
  ...['tag=নদী', 'tag=নদী,খেলা', 'tag=none', 'source=সুরমা-বার্তা', 'source=none', 'source=সুরমা-বার্তা,ভাটার-ডাক'],
  ...['language=bn', 'language=en', 'language=bn,en', 'language=!', 'tag=নদী&language=bn', 'tag=নদী&source=সুরমা-বার্তা'],
  ...['source=সুরমা-বার্তা&sourceItemId=item-3', 'sourceItemId=item-3', 'sourceItemId='],
  ...['publishedFrom=2020-01-01', 'publishedTo=2020-12-31', 'publishedFrom=2020-01-01&publishedTo=2020-12-31'],
  ...['publishedFrom=2020-12-31T00:00:00Z&publishedTo=2020-01-01T00:00:00Z', 'publishedFrom=soon'],
  ...[
    'createdBy=me',
    'updatedBy=me',
    'createdBy=none',
    'q=সেতু',
    'q=সেতু&tag=নদী',
    'q=%20',
    'q=ক',
    'ids=none',
    'story=none',
  ],
  ...[
    'fields=title',
    'fields=title,notes',
    'fields=body',
    'limit=0',
    'limit=101',
    'limit=x',
    'after=nonsense',
    'sort=body',
  ],
];
const sorts = ['publishedAt', '-publishedAt', 'title', '-title', 'updatedAt', '-updatedAt'];

export async function lists({ call, storyIn, story }) {
  const wanted = [];
  for (const place of ['draft', 'review', 'scheduled', 'published', 'published', 'expired', 'archived', 'trash'])
    wanted.push(await storyIn(place, { tags: ['নদী'] }));
  await story({ title: 'English piece', language: 'en', status: 'published' }, 'editor');
  for (const filter of filters)
    for (const as of ['nobody', 'author', 'editor']) await call('GET', `/v1/articles?limit=5&${filter}`, { as });
  for (const filter of ['', '&tag=নদী', '&status=published', '&language=bn&tag=নদী', '&source=সুরমা-বার্তা'])
    for (const sort of sorts)
      for (const as of ['nobody', 'editor']) await call('GET', `/v1/articles?limit=4&sort=${sort}${filter}`, { as });
  const ids = wanted.map(({ id }) => id).join(',');
  for (const as of ['nobody', 'viewer', 'author', 'other', 'editor', 'narrow'])
    await call('GET', `/v1/articles?ids=${ids}&fields=title,status`, { as });
  for (const as of ['viewer', 'author', 'editor'])
    for (const query of ['', '?q=সেতু', '?createdBy=me', '?updatedBy=me'])
      await call('GET', `/v1/articles/counts${query}`, { as });
  const pages = [
    '/v1/articles?limit=7&fields=title',
    '/v1/articles?limit=6&sort=title&fields=title',
    '/v1/latest?limit=9',
  ];
  for (const path of [...pages, '/v1/latest?limit=4&tag=নদী', '/v1/articles?limit=9&tag=নদী&sort=-title&fields=title'])
    for (const as of ['nobody', 'editor']) await follow(call, path, as);
  for (const query of [
    ...['tag=নদী', 'tag=নদী,খেলা', 'tag=none', 'source=সুরমা-বার্তা', 'language=en', 'language=bn,en', 'exclude=none'],
    ...[`exclude=${wanted[3].id}`, 'limit=1', 'limit=0', 'after=x', 'nonsense=1', 'tag=নদী&source=ভাটার-ডাক'],
  ])
    for (const as of ['nobody', 'editor']) await call('GET', `/v1/latest?${query}`, { as });
  const latest = await call('GET', '/v1/latest');
  await call('GET', '/v1/latest', { headers: { 'if-none-match': latest.etag } });
  await call('HEAD', '/v1/latest');
}

const pagesMax = 6;

/** The pages of a list, by the cursors that it gives. */
export async function follow(call, path, as) {
  let next = path;
  for (let page = 0; page < pagesMax && next; page += 1) {
    const { body } = await call('GET', next, { as });
    const cursor = body.page?.nextCursor;
    next = cursor ? `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(cursor)}` : undefined;
  }
}
