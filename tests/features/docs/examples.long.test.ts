import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Person, startApp, type TestApp } from '../../support/app.ts';
import { type ApiDocument, arrayOf, type Operation, readDocument, recordOf, resolve } from '../../support/document.ts';
import { outside } from '../../support/outside.ts';

const { setUp } = outside;

/** The app with the demonstration newsroom, and the admin who wrote it. */
async function startDemonstration(): Promise<{ app: TestApp; admin: Person }> {
  const started = await startApp({ DEMO: 'true' });
  const person = await started.person('admin');
  expect((await setUp(started, null)).articles).toBeGreaterThan(20);
  return { app: started, admin: person };
}

let app: TestApp;
let admin: Person;
let document: ApiDocument;
beforeAll(async () => {
  ({ app, admin } = await startDemonstration());
  document = await readDocument(app);
});
afterAll(() => app.close());

type Example = { name: string; in: string; required: boolean; value: unknown };

/** What the document gives as an example of each parameter; `undefined` where it gives none. */
const examplesOf = ({ said }: Operation): Example[] =>
  arrayOf(said.parameters).map((parameter) => {
    const { name, in: place, required, example, schema } = resolve(document.root, parameter);
    const value = example ?? arrayOf(recordOf(schema).examples)[0];
    return { name: String(name), in: String(place), required: required === true, value };
  });

/** The query without which an operation is refused. */
const neededBy = (operation: Operation): [string, string][] =>
  examplesOf(operation).flatMap(({ in: place, name, required, value }) =>
    place === 'query' && required ? [[name, String(value)]] : [],
  );

/** The path with its examples and the query that it needs; `undefined` where an example is missing. */
function targetOf(operation: Operation): string | undefined {
  const path = pathOf(operation);
  const needed = neededBy(operation);
  return path === undefined || needed.length === 0 ? path : `${path}?${new URLSearchParams(needed)}`;
}

/** The path with its examples; `undefined` where one is missing. */
function pathOf(operation: Operation): string | undefined {
  const inPath = examplesOf(operation).filter((example) => example.in === 'path');
  if (inPath.some(({ value }) => value === undefined)) return undefined;
  return inPath.reduce(
    (path, { name, value }) => path.replace(`{${name}}`, encodeURIComponent(String(value))),
    operation.path,
  );
}

const bodyExamples = ({ said }: Operation): unknown[] =>
  Object.values(recordOf(recordOf(said.requestBody).content)).map((media) => recordOf(media).example);

/** What no document can know beforehand: ids and secrets that are made when they are asked for. */
const madeOnDemand = ['deliveryId', 'id', 'previewId', 'token'];

/** No article of the demonstration has a working draft. */
const ofDrafts = ['getDraft', 'deleteDraft'];

/** What a parameter is sent with, since it is refused alone. */
const companions: Readonly<Record<string, [string, string][]>> = {
  sourceItemId: [['source', 'reuters']],
  latestLanguage: [['include', 'latest']],
};

/** The operation with nothing but what the document gives as examples of it. */
async function tryOut({ app, admin }: { app: TestApp; admin: Person }, operation: Operation) {
  const call = app.request(operation.method, pathOf(operation) ?? '').set('Authorization', `Bearer ${admin.token}`);
  for (const header of examplesOf(operation).filter((each) => each.in === 'header' && each.value !== undefined))
    call.set(header.name, String(header.value));
  const [example] = bodyExamples(operation);
  const { status, body } = await (example === undefined ? call : call.send(Object(example)));
  return { status, detail: body.detail };
}

describe('the examples of parameters', () => {
  it('are there for every name in a path, but for ids and secrets', () => {
    const missing = document.operations.flatMap((operation) =>
      examplesOf(operation).filter((example) => example.in === 'path' && example.value === undefined),
    );
    expect([...new Set(missing.map(({ name }) => name))].sort()).toEqual(madeOnDemand);
  });

  it('let every GET that needs no token answer 200 on the demonstration', async () => {
    const open = document.operations.filter(
      ({ method, said }) => method === 'get' && JSON.stringify(said.security) !== '[{"bearer":[]}]',
    );
    const tried = open.flatMap((operation) => targetOf(operation) ?? []);
    expect(tried.length).toBe(open.length - 1);
    for (const path of tried) expect([path, (await app.request('get', path)).status]).toEqual([path, 200]);
  });

  it('let every GET answer 200 to an admin with each example of its query', async () => {
    const statuses: string[] = [];
    for (const operation of document.operations.filter(({ method }) => method === 'get')) {
      const path = pathOf(operation);
      if (path === undefined || ofDrafts.includes(operation.id)) continue;
      const query = examplesOf(operation).filter(
        ({ in: place, name, value }) => place === 'query' && name !== 'after' && value !== undefined,
      );
      for (const { name, value } of query) {
        const needed = neededBy(operation).filter(([other]) => other !== name);
        const search = new URLSearchParams([[name, String(value)], ...needed, ...(companions[name] ?? [])]);
        const { status } = await app.request('get', `${path}?${search}`).set('Authorization', `Bearer ${admin.token}`);
        if (status !== 200) statuses.push(`${operation.id} ${search} ${status}`);
      }
    }
    expect(statuses).toEqual([]);
  });

  it('let a list by tag or source find articles of the demonstration', async () => {
    const lists = document.operations.filter(({ id }) => id === 'listArticles' || id === 'listLatest');
    for (const list of lists) {
      for (const { name, value } of examplesOf(list).filter(({ name }) => name === 'tag' || name === 'source')) {
        const { body } = await app
          .request('get', list.path)
          .query({ [name]: String(value) })
          .expect(200);
        expect(body.data.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('the examples of bodies', () => {
  it('are there for every operation that takes a body, each as its schema wants it', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    for (const format of ['idn-email', 'iri', 'iri-reference']) ajv.addFormat(format, true);
    ajv.addSchema({ $id: 'document', components: document.root.components });
    const local = (schema: unknown) =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));
    const taking = document.operations.filter(({ bodies }) => Object.keys(bodies).length > 0);
    const wrong = taking.flatMap((operation) =>
      bodyExamples(operation).flatMap((example, index) => {
        const schema = local(Object.values(operation.bodies)[index]);
        if (example === undefined) return [`${operation.id} has none`];
        return ajv.validate(schema, example) ? [] : [`${operation.id}: ${ajv.errorsText()}`];
      }),
    );
    expect(wrong).toEqual([]);
    expect(taking.length).toBeGreaterThan(20);
  });

  it('name only what the demonstration has, so that no write finds nothing or is refused for what it says', async () => {
    const last = (operation: Operation) =>
      Number(operation.method === 'delete') + 2 * Number(operation.id === 'purgeArticle');
    const writes = document.operations
      .filter(({ method, path }) => method !== 'get' && !path.startsWith('/v1/auth/'))
      .filter((operation) => pathOf(operation) !== undefined)
      .filter(({ id }) => id !== 'changeArticles' && !ofDrafts.includes(id))
      .sort((a, b) => last(a) - last(b));
    const done = new Map<string, number>();
    const refused: string[] = [];
    for (const operation of writes) {
      const { status, detail } = await tryOut({ app, admin }, operation);
      done.set(operation.id, status);
      // The version moves on and the state with it, as one write follows the other.
      if (![200, 201, 204, 409, 412].includes(status)) refused.push(`${operation.id}: ${status} ${detail}`);
    }
    expect(refused).toEqual([]);
    for (const id of ['createArticle', 'createTag', 'createSource', 'createKey', 'createPreview', 'putItem'])
      expect([id, done.get(id)]).toEqual([id, 201]);
    expect(done.get('updateArticle')).toBe(200);
  });

  it.each(['linkArticle', 'publishArticle', 'changeArticles'])(
    'let %s be done as the first write upon the demonstration',
    async (id) => {
      const fresh = await startDemonstration();
      try {
        const operation = document.operations.find((each) => each.id === id);
        expect(operation && (await tryOut(fresh, operation))).toEqual({ status: 200, detail: undefined });
      } finally {
        await fresh.app.close();
      }
    },
  );
});
