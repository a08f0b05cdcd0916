import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import express from 'express';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { openExchanges } from '../../src/http/exchange.ts';
import { mount } from '../../src/http/mount.ts';
import { startApp, type TestApp } from '../support/app.ts';
import {
  type ApiDocument,
  arrayOf,
  isRecord,
  type Operation,
  objectsOf,
  reachedFrom,
  readDocument,
  recordOf,
  resolve,
  type Schema,
} from '../support/document.ts';
import { outside } from '../support/outside.ts';

const { routeGroups } = outside;

const bangla = /[\u0980-\u09FF]/;
/** Bodies in which people write nothing, and one that names an English edition. */
const withoutWords = [
  'refresh',
  'logout',
  'createPreview',
  'enterEditing',
  'purgeArticle',
  'revokeAccess',
  'linkArticle',
];

describe('the OpenAPI document', () => {
  let app: TestApp;
  let document: ApiDocument;
  let endpoints: Endpoint[];
  const each = (check: (operation: Operation) => unknown) =>
    document.operations.flatMap((operation) => {
      const fault = check(operation);
      return fault ? [[operation.id, fault]] : [];
    });

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_LOGIN_ACCOUNT: '1000' });
    document = await readDocument(app);
    endpoints = routeGroups(app.deps, app.services).flatMap((group) => group.endpoints);
  });
  afterAll(() => app.close());

  it('has every route of the router, and the router every operation', () => {
    const router = express();
    mount(router, endpoints, {
      authenticate: async () => {
        throw new Error('nobody calls here');
      },
      exchanges: openExchanges(),
      writeLimit: app.deps.writeLimit,
      idempotency: app.deps.idempotency,
      publicUrl: '',
      bodyBytesMax: 0,
      trustedProxies: 0,
      paced: app.deps.paced,
      lanes: async () => () => undefined,
      keysHeader: 'Surrogate-Key',
      streams: app.deps.streams,
    });
    const routed = router.router.stack.flatMap(({ route }) =>
      (route?.stack ?? []).flatMap(({ method }) =>
        route && method && method !== 'options' ? [`${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`] : [],
      ),
    );
    const said = document.operations.map(({ method, path }) => `${method} ${path}`);
    expect(routed.sort()).toEqual(said.sort());
    expect(said.length).toBeGreaterThan(40);
  });

  it('gives every operation an id of its own, a summary, a tag that is described, and its parameters of the path', () => {
    const ids = document.operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = new Map(arrayOf(document.root.tags).map((tag) => [recordOf(tag).name, recordOf(tag).description]));
    expect(each(({ id }) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
    expect(each(({ said }) => !/^[A-Z][^\n]{5,80}[^.]$/.test(String(said.summary)) && said.summary)).toEqual([]);
    expect(each(({ said }) => arrayOf(said.tags).filter((tag) => !/\.$/.test(String(tags.get(tag)))).length)).toEqual(
      [],
    );
    expect(
      each(({ path, parameters }) => {
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const said = parameters.filter(({ in: place }) => place === 'path');
        return (
          named.join() !== said.map(({ name }) => name).join() ||
          said.some(({ required, schema }) => !required || !schema.type)
        );
      }),
    ).toEqual([]);
  });

  it('refers to nothing that is missing, and holds no schema that nothing refers to', () => {
    const refs = new Set(
      [...objectsOf(document.root)].flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : [])),
    );
    for (const $ref of refs) expect(resolve(document.root, { $ref })).toEqual(expect.any(Object));
    const schemas = Object.keys(recordOf(recordOf(document.root.components).schemas));
    expect(schemas.filter((name) => !refs.has(`#/components/schemas/${name}`))).toEqual([]);
  });

  it('names no parameter as a schema, also where a file system does not tell capitals: generators write a file of each', () => {
    const { schemas, parameters } = recordOf(document.root.components);
    const files = [schemas, parameters].flatMap((section) =>
      Object.keys(recordOf(section)).map((name) => name.replaceAll(/\W/g, '_').toLowerCase()),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((name, index) => files.indexOf(name) !== index)).toEqual([]);
  });

  it('writes null in one way, without the words of 3.0', () => {
    const inSchemas = [...objectsOf(document.root)].filter(
      ([place]) => /schema/i.test(place) && !/\/(properties|examples?)$/.test(place),
    );
    const those = (test: (schema: Schema) => boolean) => inSchemas.filter(([, schema]) => test(schema));
    const hasNull = (branches: unknown) => arrayOf(branches).some((branch) => recordOf(branch).type === 'null');
    expect(those((schema) => 'nullable' in schema || typeof schema.exclusiveMinimum === 'boolean')).toEqual([]);
    expect(those(({ type }) => Array.isArray(type))).toEqual([]);
    expect(those(({ oneOf }) => hasNull(oneOf))).toEqual([]);
    expect(those((schema) => 'const' in schema && schema.const === null)).toEqual([]);
    const nullable = those(({ anyOf }) => hasNull(anyOf));
    expect(nullable.length).toBeGreaterThan(50);
    for (const [place, { anyOf }] of nullable)
      expect([place, anyOf]).toEqual([place, [expect.anything(), { type: 'null' }]]);
    expect(those(({ type }) => type === 'null')).toHaveLength(nullable.length);
  });

  it('keeps requests strict and answers open', () => {
    const requests = document.operations.flatMap(({ bodies }) => [
      ...Object.values(bodies),
      ...reachedFrom(document.root, bodies),
    ]);
    const objects = [...objectsOf(requests)].filter(
      ([, schema]) => schema.type === 'object' && isRecord(schema.properties),
    );
    expect(objects.length).toBeGreaterThan(20);
    expect(objects.filter(([, schema]) => schema.additionalProperties !== false)).toEqual([]);
    const answers = document.operations.flatMap(({ said }) => reachedFrom(document.root, said.responses));
    const words = [...objectsOf(answers)].filter(([place]) => !/\/examples?$/.test(place));
    expect(words.filter(([, schema]) => schema.type === 'object' && schema.additionalProperties === false)).toEqual([]);
    expect(words.filter(([, schema]) => 'enum' in schema || 'const' in schema)).toEqual([]);
  });

  it('asks for no address in ASCII, which clients would hold Bangla addresses to', () => {
    const bodies = document.operations.flatMap((operation) => [
      ...Object.values(operation.bodies),
      ...reachedFrom(document.root, operation.bodies),
    ]);
    const formats = new Set(
      [...objectsOf(bodies)].flatMap(([, { format }]) => (typeof format === 'string' ? [format] : [])),
    );
    expect([...formats].sort()).toEqual(['date-time', 'idn-email', 'iri', 'iri-reference', 'password']);
  });

  it('has an example for every body, in Bangla where people write, which its own schema allows and the route takes', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    for (const format of ['idn-email', 'iri', 'iri-reference']) ajv.addFormat(format, true);
    ajv.addSchema({ $id: 'doc', components: document.root.components });
    const withBody = document.operations.filter(({ bodies }) => Object.keys(bodies).length > 0);
    const silent = withBody.filter(({ id, said, bodies }) => {
      const shown = JSON.stringify([
        said.requestBody,
        ...Object.values(bodies).map((schema) => resolve(document.root, schema)),
      ]);
      return !withoutWords.includes(id) && !bangla.test(shown);
    });
    expect(silent.map(({ id }) => id)).toEqual([]);
    for (const { spec } of endpoints) {
      if (spec.body === undefined || spec.bodyExample === undefined) continue;
      const body = withBody.find(({ id }) => id === spec.id)?.bodies['application/json'];
      const text = JSON.stringify(body).replaceAll('"#/', '"doc#/');
      const validate = ajv.compile(recordOf(JSON.parse(text)));
      expect([spec.id, validate(spec.bodyExample), validate.errors]).toEqual([spec.id, true, null]);
      expect([spec.id, spec.body.safeParse(spec.bodyExample).error]).toEqual([spec.id, undefined]);
    }
  });

  it('says of every failure that it is a problem, of 401 wherever a token is needed, and of 403 wherever a role is', () => {
    expect(
      each(({ said }) =>
        Object.entries(recordOf(said.responses)).some(([status, answer]) => {
          const content = recordOf(resolve(document.root, answer).content);
          return Number(status) >= 400 && Object.keys(content).join() !== 'application/problem+json';
        }),
      ),
    ).toEqual([]);
    const locked = document.operations.filter(({ said }) => !JSON.stringify(said.security).match(/^\[\]$|\{\}/));
    expect(locked.length).toBeGreaterThan(20);
    const without = (status: string) =>
      locked.filter(({ said }) => !(status in recordOf(said.responses))).map(({ id }) => id);
    expect(without('401')).toEqual([]);
    // Any role may read these, also with an access key that may only read.
    const ofRevisions = ['listRevisions', 'getRevision', 'compareRevisions'];
    const forEveryRole = [...ofRevisions, 'countArticles', 'listEditing', 'getAccount'];
    expect(without('403').sort()).toEqual(forEveryRole.sort());
  });

  it('says truly who needs a token: each call without one, and with a bad one', async () => {
    const call = ({ method, path, bodies }: Operation, token: boolean) => {
      const request = app.request(method, path.replaceAll(/\{\w+\}/g, 'none'));
      if (token) request.set('Authorization', 'Bearer none');
      return Object.keys(bodies).length > 0 ? request.send({}) : request;
    };
    const challenges: Record<string, [boolean, boolean]> = {};
    const expected: Record<string, [boolean, boolean]> = {};
    const refuses = (answer: { status: number; headers: Record<string, string> }) =>
      answer.status === 401 && answer.headers['www-authenticate'] !== undefined;
    for (const operation of document.operations) {
      const said = JSON.stringify(operation.said.security);
      challenges[operation.id] = [refuses(await call(operation, false)), refuses(await call(operation, true))];
      expected[operation.id] = [said === '[{"bearer":[]}]', said !== '[]' && operation.id !== 'logout'];
      expect(['[]', '[{},{"bearer":[]}]', '[{"bearer":[]}]']).toContain(said);
    }
    expect(challenges).toEqual(expected);
  });
});
