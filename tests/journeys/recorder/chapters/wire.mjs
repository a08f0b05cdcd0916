export async function wire({ call, sources, pathOf, make, story }) {
  const source = sources[0].slug;
  const put = (item, body, as = 'editor', more = {}) =>
    call('PUT', `/v1/sources/${encodeURIComponent(source)}/items/${encodeURIComponent(item)}`, { as, body, ...more });
  const item = (itemVersion, more = {}) => ({ itemVersion, title: 'তারের খবর', body: '<p>ভোরে বৃষ্টি</p>', ...more });
  const kill = (itemVersion) => ({ itemVersion, kill: { reason: 'ভুল তথ্য।' } });
  const full = {
    kicker: 'আবহাওয়া',
    excerpt: 'বৃষ্টি হবে।',
    cover: { url: '/media/megh.jpg', alt: 'মেঘ', credit: 'তার' },
    byline: 'তারের প্রতিবেদক',
    deskInitials: 'তা',
    sourceUrl: 'https://wire.example/7',
    tags: ['নদী'],
    language: 'bn',
    slug: 'tarer-khobor',
    expiresAt: '2198-01-01T00:00:00Z',
  };
  for (const as of ['nobody', 'viewer', 'author', 'editor', 'narrow', 'key', 'reader']) {
    const name = `by-${as}`;
    for (const body of [
      item(2, { tags: ['নদী'] }),
      item(2),
      item(1),
      item(3, { title: 'বদলানো খবর', tags: ['নদী'] }),
      kill(3),
      item(3),
      item(4),
      kill(9),
    ])
      await put(name, body, as);
  }
  await put('tag:wire.example,2026:a/b?c', item(1, full));
  await put(
    'tag:wire.example,2026:a/b?c',
    item(2, { ...full, kicker: null, cover: { url: '/media/megh.jpg', alt: 'মেঘ' } }),
  );
  for (const body of [
    {},
    item(0),
    item(1.5),
    { itemVersion: 1 },
    item(1, { source: 'x' }),
    item(1, { tags: ['none'] }),
    { kill: {}, itemVersion: 1 },
  ])
    await put('wrong', body);
  for (const status of ['draft', 'review', 'published']) await put(`as-${status}`, item(1, { status }));
  await put('planned', item(1, { publishedAt: '2198-01-01T00:00:00Z' }));
  await put('past', item(1, { publishedAt: '2020-01-01T00:00:00Z', expiresAt: '2020-02-01T00:00:00Z' }));
  await put('killed-first', kill(3));
  for (const version of [2, 3, 4]) await put('killed-first', item(version));
  const desk = (await put('desk', item(1, full.tags ? { tags: ['নদী'] } : {}))).body;
  await make('PATCH', pathOf(desk.id), { as: 'editor', body: { title: 'ডেস্কের শিরোনাম', byline: 'ডেস্ক' }, match: '*' });
  await call('PATCH', pathOf(desk.id, '/draft'), { as: 'editor', body: { excerpt: 'খসড়া আছে' }, match: '*' });
  await put('desk', item(2, { title: 'তারের নতুন শিরোনাম' }));
  await put('desk', item(3, { title: 'শর্ত' }), 'editor', { match: '"1"' });
  await put('desk', item(3, { title: 'শর্ত' }), 'editor', { match: '*' });
  await put('none-yet', item(3), 'editor', { match: '*' });
  await put('desk', kill(3), 'author');
  await put('desk', kill(3));
  await call('POST', pathOf(desk.id, '/publish'), { as: 'editor', body: { draftVersion: 0 }, match: '*' });
  await put('desk', item(4));
  await make('DELETE', pathOf(desk.id), { as: 'editor', match: '*' });
  await put('desk', item(5, { title: 'আবর্জনায় এল' }));
  await put('desk', kill(6));
  await make('POST', pathOf(desk.id, '/purge'), { as: 'admin', match: '*' });
  for (const version of [5, 6, 7]) await put('desk', item(version));
  const own = await story({ source, sourceItemId: 'of-the-desk' });
  await put('of-the-desk', item(1));
  await call('GET', pathOf(own.id), { as: 'editor' });
  await call('PATCH', `/v1/sources/${source}`, { as: 'editor', body: { itemsFrom: 'keys' }, match: '*' });
  for (const as of ['author', 'editor', 'narrow', 'key', 'reader']) {
    await put(`keys-${as}`, item(1, { tags: ['নদী'] }), as);
    await put(`keys-${as}`, kill(1), as);
  }
  await call('PATCH', `/v1/sources/${source}`, { as: 'editor', body: { itemsFrom: 'authors' }, match: '*' });
  await call('PUT', '/v1/sources/none/items/1', { as: 'editor', body: item(1) });
  await call('GET', pathOf(desk.id), { as: 'editor' });
}
