import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

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

/** The document that the run's setup wrote, made ready once for each worker of Jest's. */
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

/** What a test got, as the environment of its file is told of it. */
export type Answer = {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as it came; empty where there is none, or where it is no text. */
  readonly text: string;
};

/**
 * What every answer of the suite is held to: a status that the operation lists, the media type that it says, a body of
 * that schema (closed), and each header that the answer is said to have. The first fault, in words.
 */
export function faultOf(answer: Answer): string | undefined {
  const { method, target, status, headers, text } = answer;
  const contract = openContract();
  const path = contract.paths.find(({ pattern }) => pattern.test(target.split('?')[0] ?? ''))?.path;
  const verb = method === 'head' ? 'get' : method;
  const name = `${verb} ${path} ${status}`;
  const operation = path === undefined ? undefined : at(contract.document, 'paths', path, verb);
  const fault = status >= 400 && method !== 'head' ? faultOfProblem(contract, answer) : undefined;
  if (fault !== undefined || operation === undefined) return fault;
  const said = resolve(contract.document, at(operation, 'responses', String(status)));
  if (said === undefined) return `${name} is not documented: ${text}`;
  if (method === 'head' || status === 304) return undefined;
  const content = at(said, 'content');
  if (content === undefined) return text ? `${name} documents no content` : undefined;
  const type = mediaType(answer);
  const media = at(content, type);
  if (media === undefined) return `${name} does not document ${type}`;
  const missing = Object.keys(Object(at(said, 'headers'))).find(
    (header) => !optionalHeaders.has(header.toLowerCase()) && headers[header.toLowerCase()] === undefined,
  );
  if (missing !== undefined) return `${name} lacks the header ${missing}`;
  return status < 400 && type === 'application/json'
    ? faultOfBody(contract, name, at(media, 'schema'), text)
    : undefined;
}

const mediaType = ({ headers }: Answer): string => headers['content-type']?.split(';')[0] ?? '';

const optionalHeaders = new Set([
  'link',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'idempotency-replayed',
  'allow',
]);

function faultOfProblem(contract: Contract, answer: Answer): string | undefined {
  const { status, text } = answer;
  if (mediaType(answer) !== 'application/problem+json') return `${status} is no problem+json: ${text}`;
  if (status >= 500 && status !== 503) return `a fault of ours: ${text}`;
  return faultOfBody(contract, 'problem', { $ref: '#/components/schemas/Problem' }, text);
}

function faultOfBody({ ajv, validators }: Contract, name: string, schema: unknown, text: string): string | undefined {
  const validator = validators.get(name) ?? ajv.compile(Object(rebase(close(schema))));
  validators.set(name, validator);
  return validator(JSON.parse(text))
    ? undefined
    : `${name} is not as documented: ${ajv.errorsText(validator.errors)} in ${text.slice(0, 600)}`;
}

const rebase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(rebase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === '$ref' ? `doc${String(inner)}` : rebase(inner)]),
  );
};
