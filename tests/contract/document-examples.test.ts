import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { statusOfKind } from '../../src/http/problem.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { type ApiDocument, isRecord, readDocument, recordOf, resolve, type Schema } from '../support/document.ts';

type Shown = { place: string; status: string; type: string; schema: Schema; examples: unknown[] };

const bangla = /[\u0980-\u09FF]/;
const words = /[A-Za-z\u0980-\u09FF]/;
/** A UUID of version 7. */
const seventh = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** As the suite reads answers: nothing that is not said, and only the words that are listed. */
function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key === '$ref') return [key, String(inner).replace(/^#/, 'doc#')];
    return [key === 'x-extensible-enum' ? 'enum' : key, close(inner)];
  });
  const closed: Schema = Object.fromEntries(entries);
  return isRecord(closed.properties) && closed.additionalProperties === undefined
    ? { ...closed, unevaluatedProperties: false }
    : closed;
}

/** Every text below a value with the member that it is. */
function* textsOf(value: unknown, member = ''): Generator<[string, string]> {
  if (typeof value === 'string') yield [member, value];
  else if (Array.isArray(value)) for (const inner of value) yield* textsOf(inner, member);
  else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) yield* textsOf(inner, key);
}

describe('the examples of the OpenAPI document', () => {
  let app: TestApp;
  let document: ApiDocument;
  let shown: Shown[];
  let ajv: Ajv2020;

  const examplesOf = (media: Schema): unknown[] => [
    ...('example' in media ? [media.example] : []),
    ...Object.values(recordOf(media.examples)).map((example) => resolve(document.root, example).value),
  ];

  beforeAll(async () => {
    app = await startApp();
    document = await readDocument(app);
    shown = document.operations.flatMap(({ id, said }) =>
      Object.entries(recordOf(said.responses)).flatMap(([status, answer]) =>
        Object.entries(recordOf(resolve(document.root, answer).content)).map(([type, media]) => ({
          ...{ place: `${id} ${status} ${type}`, status, type },
          schema: recordOf(recordOf(media).schema),
          examples: examplesOf(recordOf(media)),
        })),
      ),
    );
    ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    for (const format of ['idn-email', 'iri', 'iri-reference']) ajv.addFormat(format, true);
    ajv.addSchema({ $id: 'doc', components: recordOf(close({ schemas: recordOf(document.root.components).schemas })) });
  });
  afterAll(() => app.close());

  it('are there for every answer with content, but for pictures', () => {
    expect(shown.length).toBeGreaterThan(500);
    const without = shown.filter(({ type, examples }) => examples.length === 0 && !type.startsWith('image/'));
    expect(without.map(({ place }) => place)).toEqual([]);
  });

  it('are answers of their schemas, with no member and no word that these do not have', () => {
    const checked = new Map<string, ReturnType<Ajv2020['compile']>>();
    const faults = shown.flatMap(({ place, schema, examples }) => {
      const key = JSON.stringify(close(schema));
      const validate = checked.get(key) ?? ajv.compile(recordOf(JSON.parse(key)));
      checked.set(key, validate);
      return examples.flatMap((example) => (validate(example) ? [] : [[place, ajv.errorsText(validate.errors)]]));
    });
    expect(faults).toEqual([]);
  });

  it('have ids of version 7, and words that people read in Bangla', () => {
    const successes = shown.filter(({ status, type }) => status.startsWith('2') && type === 'application/json');
    const ids = successes.flatMap(({ place, examples }) =>
      [...textsOf(examples)]
        .filter(([member]) => /^(id|\w+Id|article|user)$/.test(member))
        .map(([, id]) => [place, id]),
    );
    expect(ids.length).toBeGreaterThan(60);
    const wordsOfOthers = /^(tag:|3f0c4f0e-)/;
    expect(ids.filter(([, id]) => !seventh.test(String(id)) && !wordsOfOthers.test(String(id)))).toEqual([]);
    const titles = successes.flatMap(({ examples }) =>
      [...textsOf(examples)].filter(([member, text]) => /^(name|title)$/.test(member) && words.test(text)),
    );
    expect(titles.length).toBeGreaterThan(60);
    const latin = titles.map(([, text]) => text).filter((text) => !bangla.test(text));
    // A translation, the name of the program, and that of the document.
    expect([...new Set(latin)].sort()).toEqual(['Khobor', 'River rises, people told to stay alert']);
  });

  it('are for a failure of its own status and codes, each once, with a sentence and a request id', () => {
    const failures = shown.filter(({ type }) => type === 'application/problem+json');
    const statuses = new Set(Object.values(statusOfKind).map(String));
    expect(new Set(failures.map(({ status }) => status))).toEqual(
      new Set([...statuses].filter((status) => status !== '405').concat('default')),
    );
    for (const { place, status, examples } of failures) {
      const problems = examples.map(recordOf);
      const own = status === 'default' ? problems.map((problem) => problem.status) : problems.map(() => Number(status));
      expect([place, problems.map((problem) => problem.status)]).toEqual([place, own]);
      const codes = problems.map(({ code }) => code);
      expect([place, new Set(codes).size]).toEqual([place, codes.length]);
      for (const { code, type, detail, requestId } of problems) {
        expect([place, type]).toEqual([place, `urn:khobor:problem:${code}`]);
        expect(detail).toMatch(/^\w.*\.$/);
        expect(requestId).toMatch(/^[\w.:-]{8,128}$/);
      }
    }
  });
});
