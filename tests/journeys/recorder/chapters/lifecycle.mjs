const steps = ['submit', 'return', 'publish', 'unpublish', 'archive', 'restore'];

/** One article through its whole life, each step also where it is none. */
export async function lifecycle({ call, story, pathOf, make }) {
  const { id } = await story({ tags: ['নদী'] });
  const step = (name, body, as = 'editor') => call('POST', pathOf(id, `/${name}`), { as, body, match: '*' });
  const look = async () => {
    for (const as of ['nobody', 'author', 'editor']) await call('GET', pathOf(id), { as });
    await call('GET', '/v1/articles/counts', { as: 'editor' });
  };
  const tour = [
    ['submit', { note: 'দেখে দিন।' }, 'author'],
    ['submit', {}, 'author'],
    ['return', {}],
    ['return', { note: 'সূত্র দিন।' }],
    ['submit', undefined, 'author'],
    ['publish', { note: 'ঠিক আছে।' }],
    ['publish', {}],
    ['publish', { correction: 'আগে তারিখ ভুল ছিল।' }],
    ['publish', { modified: true }],
    ['publish', { at: '2020-02-02T02:02:02Z' }],
    ['publish', { at: '2198-02-02T02:02:02Z' }],
    ['publish', { draftVersion: 0 }],
    ['publish', { draftVersion: 7 }],
    ['unpublish', { note: 'থামান।' }],
    ['publish', {}],
    ['archive', {}],
    ['restore', {}],
    ['publish', undefined],
    ['unpublish', undefined],
    ['archive', { note: 'পুরোনো।' }],
  ];
  for (const [name, body, as] of tour) {
    await step(name, body, as);
    await look();
  }
  await call('DELETE', pathOf(id), { as: 'author', match: '*' });
  await call('DELETE', pathOf(id), { as: 'editor', match: '*' });
  await look();
  for (const name of steps) await step(name, { note: 'আবর্জনা থেকে।' });
  await call('DELETE', pathOf(id), { as: 'editor', match: '*' });
  for (const as of ['editor', 'key', 'admin'])
    await call('POST', pathOf(id, '/purge'), { as, body: {}, match: as === 'admin' ? '*' : '"1"' });
  await look();
  const killed = await story({ source: 'সুরমা-বার্তা', sourceItemId: 'forget-me' }, 'editor');
  await make('DELETE', pathOf(killed.id), { as: 'editor', match: '*' });
  await call('POST', pathOf(killed.id, '/purge'), { as: 'admin', body: { forgetItem: true }, match: '*' });
}

const soon = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();

/** What dates do, and what the passing of time does. */
export async function times({ call, story, pathOf, move, make, program }) {
  const planned = await story({ title: 'আগামীকালের খবর' });
  const publish = (id, body) => call('POST', pathOf(id, '/publish'), { as: 'editor', body, match: '*' });
  await publish(planned.id, { at: soon(24 * 60) });
  for (const as of ['nobody', 'viewer', 'author', 'editor']) await call('GET', pathOf(planned.id), { as });
  await call('PATCH', pathOf(planned.id), { as: 'editor', body: { publishedAt: soon(48 * 60) }, match: '*' });
  await call('PATCH', pathOf(planned.id), { as: 'editor', body: { expiresAt: soon(12 * 60) }, match: '*' });
  await publish(planned.id, {});
  await call('PATCH', pathOf(planned.id), { as: 'editor', body: { expiresAt: soon(60) }, match: '*' });
  await call('GET', pathOf(planned.id));
  await call('GET', '/v1/latest?limit=3');
  const past = `published_at = now() - interval '1 day', expires_at = now() - interval '12 hours'`;
  await program.sql(`UPDATE articles SET ${past} WHERE id = $1`, [planned.id]);
  for (const as of ['nobody', 'author', 'editor']) await call('GET', pathOf(planned.id), { as });
  await call('GET', '/v1/latest?limit=3');
  await call('PATCH', pathOf(planned.id), { as: 'editor', body: { expiresAt: null }, match: '*' });
  await call('GET', pathOf(planned.id));
  const once = await story({ title: 'একবার প্রকাশিত' });
  await move('published', once.id);
  await make('POST', pathOf(once.id, '/unpublish'), { as: 'editor', match: '*' });
  await call('GET', pathOf(once.id));
  await publish(once.id, { at: soon(24 * 60) });
  await call('POST', pathOf(once.id, '/unpublish'), { as: 'editor', match: '*' });
  await publish(once.id, {});
  await call('GET', pathOf(once.id), { as: 'editor' });
}
