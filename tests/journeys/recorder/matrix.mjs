import { callers, places } from './scenery.mjs';

/** What is sent to an operation on an article; an empty object to one that is not named here. */
const bodies = {
  'PATCH /v1/articles/{idOrSlug}': { kicker: 'নতুন কিকার', tags: ['খেলা'] },
  'PATCH /v1/articles/{idOrSlug}/draft': { title: 'খসড়ার শিরোনাম' },
  'PUT /v1/articles/{idOrSlug}/draft': { title: 'পুরো খসড়া', body: '<p>খসড়ার লেখা</p>' },
  'POST /v1/articles/{idOrSlug}/return': { note: 'আরেকবার দেখুন।' },
  'POST /v1/articles/{idOrSlug}/publish': { note: 'দেখা হয়েছে।', correction: 'আগে ঘাটের নাম ভুল ছিল।' },
};
const bodyOf = ({ name, takesBody }, other) => {
  if (!takesBody) return undefined;
  return name.endsWith('/story') ? { with: other } : (bodies[name] ?? {});
};
const targetOf = ({ path }, id, preview) =>
  path.replace('{idOrSlug}', id).replace('{version}', '1').replace('{previewId}', preview);

const onArticles = (operations) => operations.filter(({ path }) => path.startsWith('/v1/articles/{idOrSlug}'));

/** Every operation on one article in every place by everybody; the version that is named is nobody's. */
export async function refusedEverywhere(scenery, operations) {
  const { call, caller, make, storyIn } = scenery;
  for (const place of places) {
    caller.begin(`asked in ${place}`);
    const { id } = await storyIn(place);
    const other = await storyIn('published', { language: 'en' });
    const preview = (await make('POST', `/v1/articles/${other.id}/previews`, { as: 'editor', body: {} })).id;
    for (const operation of onArticles(operations)) {
      for (const as of callers) {
        const body = bodyOf(operation, other.id);
        const match = operation.isConditional ? '"999"' : undefined;
        await call(operation.method, targetOf(operation, id, preview), { as, body, match });
      }
      if (operation.isConditional)
        await call(operation.method, targetOf(operation, id, preview), {
          as: 'admin',
          body: bodyOf(operation, other.id),
        });
    }
  }
}

const changersOf = ({ path }) => (path.endsWith('/purge') ? ['editor', 'admin'] : ['author', 'editor', 'narrow']);

/** Every change of an article from every place, each of an article of its own, and what is there afterwards. */
export async function doneEverywhere(scenery, operations) {
  const { call, caller, storyIn } = scenery;
  // Of what is purged there is nothing left to change.
  for (const place of places.filter((one) => one !== 'purged')) {
    caller.begin(`done in ${place}`);
    for (const operation of onArticles(operations).filter(({ method }) => method !== 'GET')) {
      for (const as of changersOf(operation)) {
        const { id, version } = await storyIn(place);
        const needsOther = /story$|previewId/.test(operation.path);
        const other = needsOther ? await storyIn('published', { language: 'en' }) : { id };
        const begun = operation.path.endsWith('/draft') || operation.path.endsWith('/publish');
        if (begun && as !== 'author')
          await call('PATCH', `/v1/articles/${id}/draft`, { as: 'editor', body: { excerpt: 'খসড়া' }, match: '*' });
        const preview = operation.path.includes('{previewId}')
          ? (await call('POST', `/v1/articles/${id}/previews`, { as: 'editor', body: {} })).body.id
          : id;
        const match = operation.isConditional && (as === 'editor' && !begun ? `"${version}"` : '*');
        await call(operation.method, targetOf(operation, id, preview ?? id), {
          as,
          body: bodyOf(operation, other.id),
          ...(match ? { match } : {}),
        });
        await call('GET', `/v1/articles/${id}`, { as: 'editor' });
      }
    }
  }
}

const idless = (path) => path.replaceAll(/\{\w+\}/g, 'none');
const unknownId = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
const askers = ['nobody', 'viewer', 'author', 'editor', 'admin', 'reader', 'Bearer nonsense'];

/** What any operation may be sent wrongly, by everybody. */
export async function probed({ call, caller }, operations) {
  caller.begin('probed');
  for (const { method, path, takesBody, isConditional, name } of operations) {
    const target = idless(path);
    const body = takesBody ? {} : undefined;
    const match = isConditional ? '*' : undefined;
    const asked = path.startsWith('/v1/auth') ? ['nobody', 'reader', 'Bearer nonsense'] : askers;
    const send = (more, to = target) => call(method, to, { as: 'admin', body, match, ...more });
    for (const as of asked) await send({ as });
    if (name === 'POST /v1/auth/logout') continue;
    await send({}, `${target}?nonsense=1`);
    await send({}, `${target}/`);
    if (path.includes('{')) await send({}, path.replaceAll(/\{\w+\}/g, unknownId));
    if (path.includes('{')) await send({}, path.replaceAll(/\{\w+\}/g, '%00'));
    if (isConditional) for (const other of [undefined, 'nonsense', 'W/"1"']) await send({ match: other });
    if (method === 'GET') {
      await send({ headers: { 'if-none-match': '*' } });
      await send({ headers: { accept: 'text/csv' } });
      await call('HEAD', target, { as: 'admin' });
      await send({ headers: { 'if-match': '"1"' } });
    }
    await call('OPTIONS', target);
    if (!takesBody) await send({ body: { a: 1 } });
    else
      for (const more of [
        { body: '{"title":' },
        { body: '[]' },
        { body: 'null' },
        { body: '{"a":1,"a":2}' },
        { body: { nonsense: true } },
        { body: '{}', type: 'text/plain' },
        { body: '{}', type: null },
        { body: '{}', type: 'application/json; charset=latin1' },
        { body: '{}', type: 'application/merge-patch+json' },
        { body: undefined },
        { headers: { 'idempotency-key': '' } },
        { headers: { 'idempotency-key': 'probe-of-everything' } },
      ])
        await send(more);
  }
  caller.begin('no such way');
  for (const path of ['/v1', '/v2/articles', '/nothing', '/v1/articles/none/none', '/v1/auth', '/.well-known/none'])
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) await call(method, path, { as: 'editor' });
  for (const path of ['/v1/articles', '/v1/latest', '/v1/auth/login', '/livez'])
    for (const method of ['PUT', 'TRACE', 'PURGE']) await call(method, path, { as: 'editor' });
  await call('OPTIONS', '/v1/articles', {
    headers: { origin: 'https://desk.example', 'access-control-request-method': 'POST' },
  });
  await call('GET', '/v1/latest', { headers: { origin: 'https://desk.example' } });
}
