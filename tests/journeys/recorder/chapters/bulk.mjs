export async function bulk({ call, story, make, pathOf, storyIn }) {
  const send = (operations, more = {}, as = 'editor') =>
    call('POST', '/v1/articles/bulk', { as, body: { operations, ...more } });
  for (const atomic of [false, true]) {
    for (const as of ['author', 'editor', 'narrow', 'viewer']) {
      const made = [];
      for (const place of ['draft', 'draft', 'review', 'published', 'published', 'trash'])
        made.push(await storyIn(place));
      const [one, two, three, four, five, six] = made;
      const good = [
        { op: 'create', body: { title: 'এক ডাকে', tags: ['নদী'], source: 'সুরমা-বার্তা' } },
        { op: 'update', id: one.id, ifMatch: '*', body: { kicker: 'বদল', cover: { url: '/media/a.jpg', alt: 'ক' } } },
        { op: 'submit', id: two.slug, ifMatch: '*' },
        { op: 'return', id: three.id, ifMatch: '*', body: { note: 'সূত্র দিন' } },
        { op: 'publish', id: two.id, ifMatch: '*', body: { note: 'একসঙ্গে' } },
        { op: 'unpublish', id: four.id, ifMatch: '*' },
        { op: 'archive', id: five.id, ifMatch: `"1"` },
        { op: 'trash', id: one.id, ifMatch: '*' },
        { op: 'restore', id: six.id, ifMatch: '*', body: { note: 'ফেরত' } },
      ];
      await send(good, { atomic }, as);
      const bad = [
        { op: 'update', id: one.id, body: { kicker: 'শর্ত নেই' } },
        { op: 'update', id: two.id, ifMatch: '"77"', body: { kicker: 'পুরোনো' } },
        { op: 'create', body: { title: 'তবু হবে' } },
        { op: 'create', body: { title: 'ট্যাগ নেই', tags: ['none'] } },
        { op: 'publish', id: 'none', ifMatch: '*' },
        { op: 'return', id: two.id, ifMatch: '*', body: { note: 'আবার' } },
      ];
      await send(bad, { atomic }, as);
      for (const { id } of made) await call('GET', pathOf(id, '?fields=status,version,kicker'), { as: 'editor' });
    }
  }
  const { id } = await story();
  await send([{ op: 'update', id, ifMatch: '*', body: { title: '' } }]);
  await send([{ op: 'purge', id }]);
  await send([{ op: 'create' }]);
  await send([]);
  await send(Array.from({ length: 101 }, () => ({ op: 'submit', id, ifMatch: '*' })));
  await send([{ op: 'submit', id, ifMatch: '*' }], { atomic: 'yes' });
  await make('DELETE', pathOf(id), { as: 'editor', match: '*' });
}

/** The same call again, by its key. */
export async function idempotency({ call, story, pathOf, sources }) {
  const keyed = (key, more = {}) => ({ as: 'editor', headers: { 'idempotency-key': key }, ...more });
  const create = (key, body, as = 'editor') => call('POST', '/v1/articles', { ...keyed(key), as, body });
  await create('journey-0001', { title: 'একবারই' });
  await create('journey-0001', { title: 'একবারই' });
  await create('journey-0001', { title: 'অন্য কিছু' });
  await create('journey-0001', { title: 'একবারই' }, 'author');
  await create('journey-0002', { title: '' });
  await create('journey-0002', { title: '' });
  await create('short', { title: 'ছোট চাবি' });
  await create('x'.repeat(300), { title: 'লম্বা চাবি' });
  await call('POST', '/v1/articles?x=1', keyed('journey-0001', { body: { title: 'একবারই' } }));
  await call('POST', '/v1/tags', keyed('journey-0001', { body: { name: 'চাবি' } }));
  await call('PATCH', `/v1/sources/${sources[1].slug}`, keyed('journey-0003', { body: { licence: 'খ' }, match: '*' }));
  const { id } = await story();
  for (const step of ['submit', 'publish', 'unpublish', 'archive', 'restore'])
    for (const match of ['*', '*', '"1"'])
      await call('POST', pathOf(id, `/${step}`), keyed(`journey-${step}`, { body: {}, match }));
  const operations = [
    { op: 'create', body: { title: 'চাবির সঙ্গে' } },
    { op: 'publish', id: 'none', ifMatch: '*' },
  ];
  for (const _ of [1, 2]) await call('POST', '/v1/articles/bulk', keyed('journey-bulk', { body: { operations } }));
  for (const _ of [1, 2]) await call('POST', pathOf(id, '/previews'), keyed('journey-look', { body: {} }));
}
