import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import {
  type ApiDocument,
  arrayOf,
  type Operation,
  type Parameter,
  readDocument,
  recordOf,
} from '../support/document.ts';
import { outside } from '../support/outside.ts';
import { faultsOf } from '../support/problems.ts';
import { recordWith, validOf, violationsOf } from '../support/schema-values.ts';
import { rowsOf } from '../support/world.ts';

const { newId } = outside;

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** Words for a parameter that break its schema. What is no cursor is told where the list is read, after other things. */
function brokenWords({ name, schema: { type, minimum, maximum, enum: words } }: Parameter): string[] {
  if (type === 'integer')
    return [String(Number(minimum) - 1), String(Number(maximum) + 1), '1.5', 'x', '٣', ' 1', '1e0'];
  // A list of one word, in which a repeat counts once, is shown as that word.
  if (name === 'include') return ['nonsense', 'latest,nonsense', ''];
  if (Array.isArray(words)) return ['nonsense', `${words[0]},${words[0]}`, ''];
  return name === 'after' ? [''] : ['', '\u0000'];
}

/** The operation of a bulk within which a fault is: that is the fault of this one, and the others are done. */
const elementOf = (pointer: string) => /^\/operations\/(\d+)/.exec(pointer)?.[1];
const alone = (bulk: unknown, element: string) => ({
  operations: [arrayOf(recordOf(bulk).operations)[Number(element)]],
});

type Case = {
  path: string;
  query: Record<string, unknown>;
  body: unknown;
  type: string | undefined;
  match: string;
  signedIn: boolean;
};

/** Tries some inputs of every operation, so many times as much. */
export const tryInputs = (times: number) =>
  describe(`inputs made of the document (FUZZ_SEED=${seed})`, () => {
    const readsEach = Math.max(4, 8 * times);
    const writesEach = Math.ceil(3 * times);
    const violationsEach = Math.ceil(10 * times);
    const limitMs = 60_000 * Math.max(1, times);
    let app: TestApp;
    let admin: Person;
    let document: ApiDocument;
    /** What stands in the place of a parameter of a path: things that are there, and one that is not. */
    let places: Readonly<Record<string, readonly string[]>>;

    /** `salt`: with one seed for all, a draw that suits no operation, such as of conditions, would be drawn for each. */
    const samples = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number, salt = 0) =>
      fc.sample(arbitrary, { seed: seed + salt, numRuns });
    const sample = (schema: unknown) => samples(validOf(document.root, schema), 1)[0];
    const pathOf = ({ path, parameters }: Operation) =>
      parameters
        .filter(({ in: place }) => place === 'path')
        .reduce<fc.Arbitrary<string>>(
          (made, { name }) =>
            fc
              .tuple(made, fc.constantFrom(...(placesOf(path)[name] ?? ['1', 'নেই'])))
              .map(([target, value]) => target.replace(`{${name}}`, encodeURIComponent(value))),
          fc.constant(path),
        );
    const placesOf = (path: string): Readonly<Record<string, readonly string[]>> => {
      const [, what = ''] = /^\/v1\/(\w+)/.exec(path) ?? [];
      const there = places[what] ?? [newId()];
      return { id: there, idOrSlug: there, version: ['1', '2', '9'], file: ['docs.css', 'নেই'] };
    };
    const queryOf = (parameters: readonly Parameter[]) => {
      const inQuery = parameters.filter(({ in: place }) => place === 'query');
      return recordWith(
        Object.fromEntries(inQuery.map(({ name, schema }) => [name, validOf(document.root, schema)])),
        inQuery.filter(({ required }) => required).map(({ name }) => name),
      );
    };
    const caseOf = (operation: Operation): fc.Arbitrary<Case> => {
      const types = Object.keys(operation.bodies);
      const security = JSON.stringify(operation.said.security);
      return fc.constantFrom(...(types.length > 0 ? types : [undefined])).chain((type) =>
        fc.record({
          path: pathOf(operation),
          query: queryOf(operation.parameters),
          body: type === undefined ? fc.constant(undefined) : validOf(document.root, operation.bodies[type]),
          type: fc.constant(type),
          match: fc.constantFrom('*', '"1"', '"2", "7"'),
          signedIn:
            operation.id === 'logout' ? fc.constant(false) : security.includes('{}') ? fc.boolean() : fc.constant(true),
        }),
      );
    };
    const send = ({ method, parameters }: Operation, { path, query, body, type, match, signedIn }: Case) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
      );
      const request = app.request(method, search.size > 0 ? `${path}?${search}` : path);
      if (signedIn) request.set(...bearer(admin));
      if (parameters.some(({ name }) => name === 'If-Match')) request.set('If-Match', match);
      return type === undefined ? request : request.set('Content-Type', type).send(JSON.stringify(body));
    };

    beforeAll(async () => {
      app = await startApp({
        RATE_LIMIT_WRITES: '1000000',
        RATE_LIMIT_LOGIN_ACCOUNT: '100000',
        RATE_LIMIT_LOGIN_ADDRESS: '1000000',
      });
      admin = await app.person('admin');
      document = await readDocument(app);
      const others = [(await app.person('author')).id, (await app.person('viewer')).id];
      const make = async (what: string, body: object) => {
        const made = await app
          .request('post', `/v1/${what}`)
          .set(...bearer(admin))
          .send(body)
          .expect(201);
        return [made.body.id, made.body.slug];
      };
      places = {
        tags: [...(await make('tags', { name: 'নদী' })), ...(await make('tags', { name: 'reuters' })), newId()],
        sources: [
          ...(await make('sources', { name: 'রয়টার্স' })),
          ...(await make('sources', { name: 'reuters' })),
          'নেই',
        ],
        articles: [
          ...(await make('articles', { title: 'একটি খবর', status: 'published' })),
          ...(await make('articles', { title: 'একটি খসড়া', source: 'reuters', tags: ['নদী'] })),
          'নেই',
        ],
        users: [...others, newId()],
        keys: [newId()],
        webhooks: [...(await make('webhooks', { name: 'সহযোগী', url: 'https://paper.example/' })).slice(0, 1), newId()],
      };
    });
    afterAll(() => app.close());

    it(
      'allowed by it: no fault of ours, no status that it does not name, and most calls that read succeed',
      async () => {
        const succeeded = new Set<string>();
        for (const [salt, operation] of document.operations.entries()) {
          const casesEach = operation.method === 'get' ? readsEach : writesEach;
          const varied = operation.parameters.length > 0 || Object.keys(operation.bodies).length > 0;
          for (const made of samples(caseOf(operation), varied ? casesEach : 1, salt)) {
            const { status, text } = await send(operation, made);
            const shown = `${operation.method} ${JSON.stringify(made)}: ${text.slice(0, 500)}`;
            expect([Object.keys(recordOf(operation.said.responses)), shown]).toEqual([
              expect.arrayContaining([String(status)]),
              shown,
            ]);
            if (status < 400) succeeded.add(operation.id);
          }
        }
        const reading = document.operations.filter(({ method }) => method === 'get').map(({ id }) => id);
        expect(reading.filter((id) => !succeeded.has(id))).toEqual(
          expect.not.arrayContaining(['listArticles', 'getArticle', 'listLatest', 'listTags', 'getTag']),
        );
        expect(succeeded.size).toBeGreaterThan(document.operations.length / (times < 1 ? 4 : 2));
      },
      limitMs,
    );

    it(
      'that break one rule of a body: always 400, with the pointer of the place, and nothing is recorded',
      async () => {
        const before = await rowsOf(app);
        let tried = 0;
        for (const operation of document.operations) {
          const [type] = Object.keys(operation.bodies);
          if (type === undefined) continue;
          const violations = violationsOf(document.root, operation.bodies[type], sample).filter(
            ({ pointer }) => pointer !== '',
          );
          const [chosen = []] = samples(
            fc.shuffledSubarray(violations, {
              minLength: Math.min(violationsEach, violations.length),
              maxLength: Math.min(violationsEach, violations.length),
            }),
            1,
          );
          const [made] = samples(caseOf(operation), 1);
          if (made === undefined) throw new Error(`nothing was made for ${operation.id}`);
          for (const { value, pointer, rule } of chosen) {
            const what = `${operation.id}: ${rule} at ${pointer} in ${JSON.stringify(value).slice(0, 300)}`;
            const element = elementOf(pointer);
            if (operation.id === 'changeArticles' && element !== undefined) {
              const { body } = await send(operation, { ...made, type, body: alone(value, element), query: {} });
              const [{ status, problem }] = body.results;
              expect([what, status, problem.code]).toEqual([what, 400, 'invalid-input']);
              const own = pointer.replace(/\d+/, '0');
              expect([what, ...new Set(faultsOf({ body: problem }))]).toEqual([what, `body ${own}`]);
              tried += 1;
              continue;
            }
            const answer = await send(operation, { ...made, type, body: value, query: {} });
            expect([what, answer.status, answer.body.code]).toEqual([what, 400, 'invalid-input']);
            expect([what, ...new Set(faultsOf(answer))]).toEqual([what, `body ${pointer}`]);
            tried += 1;
          }
        }
        // The bodies of the document have some 1,300 rules, and each is broken once at most.
        expect(tried).toBeGreaterThan(Math.min(200 * times, 1_000));
        expect(await rowsOf(app)).toEqual(before);
      },
      limitMs,
    );

    it('that break one rule of a query: always 400, with the name of the parameter', async () => {
      const unknown = { name: 'nonsense', values: ['1'] };
      for (const operation of document.operations) {
        const [made] = samples(caseOf(operation), 1);
        if (made === undefined) throw new Error(`nothing was made for ${operation.id}`);
        const broken = operation.parameters
          .filter(({ in: place }) => place === 'query')
          .map((parameter) => ({ name: parameter.name, values: brokenWords(parameter) }));
        const needed = operation.parameters.filter(({ in: place, required }) => place === 'query' && required);
        const whole = Object.fromEntries(needed.map(({ name }) => [name, 'নদী']));
        for (const { name, values } of [...broken, unknown]) {
          for (const value of values) {
            const { signedIn: _, ...rest } = made;
            const answer = await send(operation, {
              ...rest,
              signedIn: operation.id !== 'logout',
              query: { ...whole, [name]: value },
            });
            const what = `${operation.id}: ${name}=${value}`;
            expect([what, answer.status, ...new Set(faultsOf(answer))]).toEqual([what, 400, `query /${name}`]);
          }
        }
      }
    });
  });
