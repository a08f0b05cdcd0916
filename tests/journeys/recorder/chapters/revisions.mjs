import { follow, whole } from './articles.mjs';

const changes = [
  { title: 'দ্বিতীয় শিরোনাম' },
  { body: '<p>সেতুর শেষ পাটাতন কাল বসবে।</p><p>নতুন অনুচ্ছেদ</p>' },
  { tags: ['খেলা'], source: null, sourceItemId: null },
  { cover: null, kicker: null },
  { slug: 'dwitiyo-slug' },
];

export async function revisions(scenery) {
  const { call, story, pathOf, make } = scenery;
  const { id } = await story({ ...whole(scenery), slug: 'songskoron', sourceItemId: 'songskoron' }, 'author');
  for (const body of changes) await make('PATCH', pathOf(id), { as: 'editor', body, match: '*' });
  await make('POST', pathOf(id, '/publish'), { as: 'editor', match: '*' });
  for (const as of ['nobody', 'viewer', 'author', 'other', 'editor', 'reader', 'narrow']) {
    await call('GET', pathOf(id, '/revisions'), { as });
    await call('GET', pathOf(id, '/revisions/2'), { as });
    await call('GET', pathOf(id, '/revisions/3/compare'), { as });
  }
  await follow(call, pathOf(id, '/revisions?limit=2'), 'editor');
  for (const version of ['1', '3', '6', '7', '99', '0', 'x'])
    for (const rest of ['', '/compare', '/compare?with=1', '/compare?with=5', '/compare?with=99', '/compare?with=x'])
      await call('GET', pathOf(id, `/revisions/${version}${rest}`), { as: 'editor' });
  const one = await call('GET', pathOf(id, '/revisions/1'), { as: 'editor' });
  await call('GET', pathOf(id, '/revisions/1'), { as: 'editor', headers: { 'if-none-match': one.etag } });
  for (const version of ['1', '4', '4', '99'])
    await call('POST', pathOf(id, `/revisions/${version}/restore`), {
      as: 'editor',
      body: { note: 'ফিরিয়ে আনা' },
      match: '*',
    });
  await call('POST', pathOf(id, '/revisions/2/restore'), { as: 'editor', body: {}, match: '"1"' });
  await call('GET', pathOf(id), { as: 'editor' });
}

export async function previews(scenery) {
  const { call, story, pathOf, make, move, users } = scenery;
  for (const place of ['draft', 'scheduled', 'published', 'trash']) {
    const { id } = await story({ ...whole(scenery), slug: `drishyo-${place}`, sourceItemId: `drishyo-${place}` });
    await move(place, id);
    const links = [];
    for (const as of ['author', 'other', 'viewer', 'editor', 'key', 'reader', 'narrow'])
      for (const body of [{}, { expiresInHours: 2 }])
        links.push(await call('POST', pathOf(id, '/previews'), { as, body }));
    for (const body of [{ expiresInHours: 0 }, { expiresInHours: 999 }, { x: 1 }])
      await call('POST', pathOf(id, '/previews'), { as: 'editor', body });
    const made = links.filter(({ status }) => status === 201);
    const open = async (link, more) => {
      const answer = await call('GET', `/v1/previews/${link.body.token}`, more);
      if (answer.etag !== undefined)
        await call('GET', `/v1/previews/${link.body.token}`, { headers: { 'if-none-match': answer.etag } });
    };
    for (const link of made) await open(link);
    await call('PATCH', pathOf(id, '/draft'), { as: 'editor', body: { title: 'খসড়ায় দেখা' }, match: '*' });
    for (const as of ['author', 'editor']) made.push(await call('POST', pathOf(id, '/previews'), { as, body: {} }));
    for (const link of made.slice(-3)) if (link.status === 201) await open(link, { as: 'Bearer nonsense' });
    for (const as of ['author', 'other', 'editor', 'key']) await call('GET', pathOf(id, '/previews?limit=3'), { as });
    await follow(call, pathOf(id, '/previews?limit=4'), 'editor');
    for (const [index, link] of made.slice(0, 3).entries())
      await call('DELETE', pathOf(id, `/previews/${link.body.id}`), { as: ['author', 'editor', 'other'][index] });
    for (const link of made.slice(0, 3)) await open(link);
  }
  for (const as of ['admin', 'editor', 'key'])
    for (const name of ['author', 'editor'])
      await call('GET', `/v1/users/${users.get(name).id}/previews?limit=4`, { as });
  const gone = await story({ title: 'দেখা শেষ' });
  const link = await make('POST', pathOf(gone.id, '/previews'), { as: 'author', body: {} });
  await make('DELETE', pathOf(gone.id), { as: 'editor', match: '*' });
  await make('POST', pathOf(gone.id, '/purge'), { as: 'admin', match: '*' });
  await call('GET', `/v1/previews/${link.token}`);
  await call('GET', `/v1/previews/${'0'.repeat(32)}.x`);
}

/** One story in several languages, and who has it open. */
export async function editions({ call, story, pathOf, move, make, program, users }) {
  const bangla = await story({ title: 'মেলা শুরু' });
  const english = await story({ title: 'The fair begins', language: 'en' });
  const second = await story({ title: 'Another fair', language: 'en' });
  const french = await story({ title: 'La foire', language: 'fr' });
  const link = (id, other, as = 'editor') =>
    call('PUT', pathOf(id, '/story'), { as, body: { with: other }, match: '*' });
  await link(english.id, bangla.id, 'author');
  await link(english.id, bangla.slug);
  await link(second.id, bangla.id);
  await link(french.id, english.id);
  await link(bangla.id, bangla.id);
  await link(french.id, 'none');
  for (const { id } of [bangla, english]) await move('published', id);
  for (const { id } of [bangla, english, french])
    for (const as of ['nobody', 'viewer', 'editor']) await call('GET', pathOf(id), { as });
  const { body } = await call('GET', pathOf(bangla.id), { as: 'editor' });
  for (const as of ['nobody', 'editor']) await call('GET', `/v1/articles?story=${body.storyId}`, { as });
  await call('PATCH', pathOf(french.id), { as: 'editor', body: { language: 'en' }, match: '*' });
  await make('DELETE', pathOf(english.id), { as: 'editor', match: '*' });
  await link(second.id, bangla.id);
  await call('POST', pathOf(english.id, '/restore'), { as: 'editor', match: '*' });
  for (const as of ['author', 'editor']) await call('DELETE', pathOf(french.id, '/story'), { as, match: '*' });
  await call('DELETE', pathOf(french.id, '/story'), { as: 'editor', match: '*' });
  const presence = (method, as, other = {}) => call(method, pathOf(bangla.id, '/editing'), { as, ...other });
  for (const as of ['author', 'editor', 'viewer', 'key']) await presence('PUT', as, { body: {} });
  await presence('PUT', 'editor', { body: {} });
  for (const as of ['viewer', 'editor', 'key']) await presence('GET', as);
  await presence('DELETE', 'author');
  await presence('GET', 'editor');
  await program.sql(`UPDATE editing SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [
    users.get('editor').id,
  ]);
  await presence('GET', 'editor');
}
