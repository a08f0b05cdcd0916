import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import {
  type ApiDocument,
  arrayOf,
  isRecord,
  type Operation,
  readDocument,
  recordOf,
  resolve,
} from '../support/document.ts';
import { outside } from '../support/outside.ts';

const { faultOf } = outside;

/** What the document says of answers, beside what each answer of the suite is held to (support/contract.ts). */

let app: TestApp;
let document: ApiDocument;
const schemaOf = (name: string) => recordOf(recordOf(recordOf(document.root.components).schemas)[name]);
const without = (check: (operation: Operation) => boolean) =>
  document.operations.filter((operation) => !check(operation)).map(({ id }) => id);
const headersIn = ({ said }: Operation, status: string) =>
  Object.keys(recordOf(resolve(document.root, recordOf(said.responses)[status]).headers));

beforeAll(async () => {
  app = await startApp();
  document = await readDocument(app);
});
afterAll(() => app.close());

describe('the document and the answers', () => {
  it('agree about headers: one that is sent and not listed is a fault, and one that is listed and not sent', async () => {
    const { headers, text } = await app.request('get', '/v1/latest').expect(200);
    const answer = { method: 'get', target: '/v1/latest', status: 200, headers, text };
    expect(faultOf(answer)).toBeUndefined();
    expect(faultOf({ ...answer, headers: { ...headers, 'x-powered-by': 'us' } })).toMatch(/x-powered-by/);
    const { etag: _, ...others } = headers;
    expect(faultOf({ ...answer, headers: others })).toMatch(/lacks the header etag/);
    const unchanged = { ...answer, status: 304, text: '', headers: { ...headers, 'content-language': 'bn' } };
    expect(faultOf(unchanged)).toMatch(/content-language/);
  });

  it('agree about codes: one that the table of failures lacks is a fault', async () => {
    const { headers, text } = await app.request('get', '/v1/tags/none').expect(404);
    const answer = { method: 'get', target: '/v1/tags/none', status: 404, headers, text };
    expect(faultOf(answer)).toBeUndefined();
    expect(faultOf({ ...answer, text: text.replaceAll('not-found', 'lost-somewhere') })).toMatch(/lost-somewhere/);
  });

  it('agree about what is left of the limit of writes, on refusals too', async () => {
    const editor = await app.person('editor');
    const { headers } = await app
      .request('post', '/v1/tags')
      .set(...bearer(editor))
      .send({})
      .expect(400);
    expect(headers).toMatchObject({ ratelimit: expect.any(String), 'ratelimit-policy': expect.any(String) });
    const limited = document.operations.filter(({ said }) => '429' in recordOf(said.responses));
    const silent = limited.flatMap((operation) =>
      Object.keys(recordOf(operation.said.responses)).filter(
        (status) => status !== '401' && !headersIn(operation, status).includes('RateLimit') && operation.id !== 'login',
      ),
    );
    expect(silent).toEqual([]);
  });

  it('link to the next page also where nothing has changed', async () => {
    const paged = document.operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'after'));
    expect(paged.length).toBeGreaterThanOrEqual(10);
    // A stream goes on from a cursor too, and has no pages.
    expect(paged.filter((operation) => !headersIn(operation, '304').includes('Link')).map(({ id }) => id)).toEqual([
      'streamLatest',
      'streamChanges',
    ]);
  });

  it('list of a 304 what they list of the 200, and no other header comes with it', async () => {
    const kept = document.operations.filter(({ said }) => '304' in recordOf(said.responses));
    expect(kept.length).toBeGreaterThan(30);
    for (const operation of kept)
      expect([operation.id, headersIn(operation, '304').sort()]).toEqual([
        operation.id,
        headersIn(operation, '200').sort(),
      ]);
    const open = kept.filter(({ path, said }) => !path.includes('{') && recordOf(said).security?.toString() === '');
    expect(open.length).toBeGreaterThan(5);
    for (const { path } of open) await app.request('get', path).set('If-None-Match', '*').expect(304);
  });

  it('never call the metrics unchanged', async () => {
    const { headers } = await app.request('get', '/metrics').set('If-None-Match', '*').expect(200);
    expect(headers.etag).toBeUndefined();
    const metrics = document.operations.find(({ id }) => id === 'getMetrics');
    expect(Object.keys(recordOf(metrics?.said.responses))).not.toContain('304');
  });

  it('say of every list in which order it stands', () => {
    const isList = ({ said }: Operation) => {
      const { content } = recordOf(recordOf(said.responses)['200']);
      const reply = resolve(document.root, recordOf(recordOf(content)['application/json']).schema);
      return said.requestBody === undefined && recordOf(recordOf(reply.properties).data).type === 'array';
    };
    const lists = document.operations.filter(isList);
    expect(lists.length).toBeGreaterThanOrEqual(11);
    expect(lists.filter(({ said }) => !/^Order: /m.test(String(said.description))).map(({ id }) => id)).toEqual([]);
  });

  it('may be 412 everywhere but where no condition is looked at', () => {
    expect(without(({ said }) => '412' in recordOf(said.responses))).toEqual(['login', 'refresh']);
  });

  it('name the types of the body of every PATCH, with OPTIONS and with 415', async () => {
    const patches = document.operations.filter(({ method }) => method === 'patch');
    expect(patches.length).toBeGreaterThanOrEqual(6);
    const admin = await app.person('admin');
    for (const { path, bodies } of patches) {
      const types = 'application/merge-patch+json, application/json';
      expect(Object.keys(bodies).join(', ')).toBe(types);
      const target = path.replaceAll(/\{\w+\}/g, 'none');
      const options = await app.request('options', target).expect(204);
      expect(options.headers['accept-patch']).toBe(types);
      const send = (headers: Record<string, string>) =>
        app
          .request('patch', target)
          .set(...bearer(admin))
          .set(headers)
          .send('{}');
      const refused = [
        await send({ 'Content-Type': 'text/plain' }).expect(415),
        await send({ 'Content-Type': 'application/json; charset=latin1' }).expect(415),
      ];
      for (const { headers } of refused) expect(headers['accept-patch']).toBe(types);
    }
    const { headers } = await app.request('options', '/v1/latest').expect(204);
    expect(headers['accept-patch']).toBeUndefined();
  });

  it('bound every whole number that is taken', () => {
    const unbounded: string[] = [];
    const walk = (value: unknown, place: string, seen: ReadonlySet<string>): void => {
      if (Array.isArray(value)) for (const [index, inner] of value.entries()) walk(inner, `${place}/${index}`, seen);
      if (!isRecord(value)) return;
      const { $ref } = value;
      if (typeof $ref === 'string' && !seen.has($ref))
        walk(resolve(document.root, value), $ref, new Set([...seen, $ref]));
      if (value.type === 'integer' && !(Number.isInteger(value.minimum) && Number.isInteger(value.maximum)))
        unbounded.push(place);
      for (const [key, inner] of Object.entries(value)) walk(inner, `${place}/${key}`, seen);
    };
    for (const { id, bodies, parameters } of document.operations) {
      walk(bodies, id, new Set());
      walk(
        parameters.filter(({ in: place }) => place === 'query').map(({ schema }) => schema),
        `${id} query`,
        new Set(),
      );
    }
    expect(unbounded).toEqual([]);
  });
});

describe('what is always there', () => {
  it('is required of an article and of one in a list, and what is for staff is not', () => {
    const always = ['id', 'title', 'slug', 'language', 'tags', 'status', 'publishedAt', 'cover', 'source', 'version'];
    const page = arrayOf(schemaOf('ArticlePage').required);
    expect(page).toEqual(expect.arrayContaining([...always, 'body', 'bodyHtml', 'corrections', 'translations']));
    expect(arrayOf(schemaOf('ArticleItem').required)).toEqual(expect.arrayContaining(always));
    for (const name of ['createdBy', 'createdAt', 'updatedBy', 'updatedAt', 'deletedAt', 'notes']) {
      expect(page).not.toContain(name);
      expect(arrayOf(schemaOf('ArticleItem').required)).not.toContain(name);
    }
    for (const name of ['ArticlePage', 'ArticleItem']) expect(schemaOf(name).description).toMatch(/`fields`/);
  });

  it('may be absent where `fields` narrows the answer, and then nothing but what was named is there', async () => {
    const editor = await app.person('editor');
    const { body } = await app
      .request('post', '/v1/articles')
      .set(...bearer(editor))
      .send({ title: 'খালের পাড়', status: 'published' })
      .expect(201);
    const page = await app.request('get', `/v1/articles/${body.id}?fields=title`).expect(200);
    expect(page.body).toEqual({ id: body.id, title: 'খালের পাড়' });
    const list = await app.request('get', '/v1/articles?fields=slug').expect(200);
    expect(list.body.data).toEqual([{ id: body.id, slug: body.slug }]);
    const answer = { method: 'get', target: `/v1/articles/${body.id}`, status: 200, headers: page.headers };
    expect(faultOf({ ...answer, text: page.text })).toMatch(/required property/);
  });
});
