import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Response } from 'supertest';

type Schema = { [key: string]: unknown };
const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);

/** Answers may hold nothing that the document does not say, and only the words that it lists. */
function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (!isRecord(value)) return value;
  const closed = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key === 'x-extensible-enum' ? 'enum' : key, close(inner)]),
  );
  return isRecord(closed.properties) && closed.additionalProperties === undefined
    ? { ...closed, unevaluatedProperties: false }
    : closed;
}

type Contract = {
  ajv: Ajv2020;
  document: Schema;
  paths: { pattern: RegExp; path: string }[];
  validators: Map<string, ValidateFunction>;
};
let read: Contract | undefined;

/** The document that the run's setup wrote, made ready once for each test file. */
function openContract(): Contract {
  if (read) return read;
  const document: Schema = JSON.parse(readFileSync(process.env.KHOBOR_TEST_DOCUMENT ?? '', 'utf8'));
  const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'doc', components: close(document.components) });
  const paths = Object.keys(isRecord(document.paths) ? document.paths : {}).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  paths.sort((a, b) => (a.path.includes('{') ? 1 : 0) - (b.path.includes('{') ? 1 : 0));
  const contract: Contract = { ajv, document, paths, validators: new Map() };
  read = contract;
  return contract;
}

function resolve(document: Schema, value: unknown): unknown {
  const ref = at(value, '$ref');
  return typeof ref === 'string' ? resolve(document, at(document, ...ref.slice(2).split('/'))) : value;
}

/**
 * An assertion for every answer of the suite: a status that the operation lists, the media type that it says, a body of
 * that schema (closed), and each header that the answer is said to have.
 */
export function checkAnswer(method: string, target: string): (res: Response) => void {
  return (res) => {
    const contract = openContract();
    const path = contract.paths.find(({ pattern }) => pattern.test(target.split('?')[0] ?? ''))?.path;
    const verb = method === 'head' ? 'get' : method;
    const operation = path === undefined ? undefined : at(contract.document, 'paths', path, verb);
    if (res.status >= 400) checkProblem(contract, res);
    if (operation === undefined) return;
    const said = resolve(contract.document, at(operation, 'responses', String(res.status)));
    if (said === undefined)
      throw new Error(`${method} ${path} does not document the status ${res.status}: ${res.text}`);
    const content = at(said, 'content');
    const type = (res.headers['content-type'] ?? '').split(';')[0];
    if (method === 'head' || res.status === 304) return;
    if (content === undefined) {
      if (res.text) throw new Error(`${method} ${path} ${res.status} documents no content`);
      return;
    }
    const media = at(content, type ?? '');
    if (media === undefined) throw new Error(`${method} ${path} ${res.status} does not document ${type}`);
    if (res.status < 400 && type === 'application/json')
      validate(contract, `${verb} ${path} ${res.status}`, at(media, 'schema'), res.body);
    for (const name of Object.keys(isRecord(at(said, 'headers')) ? Object(at(said, 'headers')) : {}))
      checkHeader(res, name);
  };
}

const optionalHeaders = new Set([
  'link',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'idempotency-replayed',
  'allow',
]);

function checkHeader(res: Response, name: string): void {
  if (optionalHeaders.has(name.toLowerCase()) || res.headers[name.toLowerCase()] !== undefined) return;
  throw new Error(`an answer ${res.status} lacks the header ${name}`);
}

function checkProblem(contract: Contract, res: Response): void {
  if (res.request.method === 'HEAD') return;
  if (!/^application\/problem\+json/.test(res.headers['content-type'] ?? ''))
    throw new Error(`${res.status} is no problem+json: ${res.text}`);
  validate(contract, 'problem', { $ref: '#/components/schemas/Problem' }, JSON.parse(res.text));
  if (res.status >= 500 && res.status !== 503) throw new Error(`a fault of ours: ${res.text}`);
}

function validate({ ajv, validators }: Contract, key: string, schema: unknown, body: unknown): void {
  const validator = validators.get(key) ?? ajv.compile(Object(rebase(close(schema))));
  validators.set(key, validator);
  if (!validator(body))
    throw new Error(
      `${key} is not as documented: ${ajv.errorsText(validator.errors)} in ${JSON.stringify(body).slice(0, 600)}`,
    );
}

const rebase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(rebase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === '$ref' ? `doc${String(inner)}` : rebase(inner)]),
  );
};
