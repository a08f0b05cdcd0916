import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { builtDocument } from '../../src/features/docs/document-text.ts';

type Schema = { [key: string]: unknown };
const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);

/** Closes a schema: an answer may have only documented members, and only listed words. */
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

/** The schemas that `fields` narrows: the answers of operations with it, or the items of their pages. */
function narrowable(document: Schema): Set<unknown> {
  const operations = Object.values(Object(document.paths)).flatMap((path) => Object.values(Object(path)));
  const withFields = operations.filter((operation) =>
    [at(operation, 'parameters')].flat().some((parameter) => at(resolve(document, parameter), 'name') === 'fields'),
  );
  return new Set(
    withFields.map((operation) => {
      const reply = resolve(document, at(operation, 'responses', '200', 'content', 'application/json', 'schema'));
      const items = at(reply, 'properties', 'data', 'items');
      return items === undefined ? reply : resolve(document, items);
    }),
  );
}

/** The components of the document. Those that `fields` narrows require only the id. */
function lessRequired(document: Schema): Schema {
  const narrows = narrowable(document);
  const schemas = Object.entries(Object(at(document, 'components', 'schemas'))).map(([name, schema]) => [
    name,
    narrows.has(schema) ? { ...Object(schema), required: ['id'] } : schema,
  ]);
  return { ...Object(document.components), schemas: Object.fromEntries(schemas) };
}

type Contract = {
  ajv: Ajv2020;
  document: Schema;
  paths: { pattern: RegExp; path: string }[];
  validators: Map<string, ValidateFunction>;
  codes: Map<string, Set<string>>;
};
let read: Contract | undefined;

/** The document that the global setup wrote, compiled once for each Jest worker. */
function openContract(): Contract {
  if (read) return read;
  const document: Schema = JSON.parse(readFileSync(builtDocument('json'), 'utf8'));
  const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
  addFormats.default(ajv);
  for (const format of ['idn-email', 'iri', 'iri-reference']) ajv.addFormat(format, true);
  ajv.addSchema({ $id: 'doc', components: close(document.components) });
  ajv.addSchema({ $id: 'narrowed', components: close(lessRequired(document)) });
  const paths = Object.keys(isRecord(document.paths) ? document.paths : {}).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  paths.sort((a, b) => (a.path.includes('{') ? 1 : 0) - (b.path.includes('{') ? 1 : 0));
  const contract: Contract = { ajv, document, paths, validators: new Map(), codes: codesOf(document) };
  read = contract;
  return contract;
}

function resolve(document: Schema, value: unknown): unknown {
  const ref = at(value, '$ref');
  return typeof ref === 'string' ? resolve(document, at(document, ...ref.slice(2).split('/'))) : value;
}

/** An answer that a test received, as plain data for the environment of its file. */
export type Answer = {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as received; empty if there is none or it is not text. */
  readonly text: string;
};

/** Headers that any HTTP answer may have, and those for browsers. The document need not name them. */
const ofEveryAnswer = new Set([
  ...['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-type', 'vary'],
  ...['x-content-type-options', 'content-security-policy', 'referrer-policy', 'x-frame-options'],
  ...['cross-origin-resource-policy', 'strict-transport-security'],
]);
const isForBrowsers = (name: string) => name.startsWith('access-control-');

/** The fault if the operation has no example with this code for this status. Each documented code has an example. */
function faultOfCode({ document }: Contract, name: string, said: unknown, text: string): string | undefined {
  const examples = Object.values(Object(at(said, 'content', 'application/problem+json', 'examples')));
  const codes = examples.map((example) => at(resolve(document, example), 'value', 'code'));
  const code = at(JSON.parse(text), 'code');
  return codes.includes(code) ? undefined : `${name} does not document the code ${code}: ${text}`;
}

/** The first header that is sent but not documented, or documented as always present but not sent. */
function faultOfHeaders(name: string, said: unknown, headers: Answer['headers']): string | undefined {
  const documented = Object.keys(Object(at(said, 'headers'))).map((header) => header.toLowerCase());
  const sent = Object.keys(headers).filter((header) => headers[header] !== undefined);
  const unknown = sent.find(
    (header) => !documented.includes(header) && !ofEveryAnswer.has(header) && !isForBrowsers(header),
  );
  if (unknown !== undefined) return `${name} does not document the header ${unknown}`;
  const missing = documented.find((header) => !optionalHeaders.has(header) && !sent.includes(header));
  return missing === undefined ? undefined : `${name} lacks the header ${missing}`;
}

/**
 * Checks an answer against the document, as for every answer in the suite: a listed status, the documented media type, a
 * body of the (closed) schema, a code from the table of failures, and exactly the documented headers. Returns the first
 * fault in words.
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
  const ofCode = status >= 400 && method !== 'head' ? faultOfCode(contract, name, said, text) : undefined;
  if (ofCode !== undefined) return ofCode;
  const ofHeaders = faultOfHeaders(name, said, headers) ?? faultOfKeys(name, headers, status);
  if (ofHeaders !== undefined) return ofHeaders;
  if (method === 'head' || status === 304) return undefined;
  const content = at(said, 'content');
  if (content === undefined) return text ? `${name} documents no content` : undefined;
  const type = mediaType(answer);
  const media = at(content, type);
  if (media === undefined) return `${name} does not document ${type}`;
  if (type === 'text/event-stream') return faultOfEvents(contract, name, at(media, 'schema', 'x-events'), text);
  return status < 400 && type === 'application/json'
    ? faultOfBody(contract, narrowed(target) ? `${name}, narrowed` : name, at(media, 'schema'), text)
    : undefined;
}

/** The first whole event of a stream whose data is not of the schema that its name has. */
function faultOfEvents(contract: Contract, name: string, schemas: unknown, text: string): string | undefined {
  for (const block of text.split('\n\n').slice(0, -1)) {
    const linesOf = (field: string) =>
      block.split('\n').flatMap((line) => (line.startsWith(`${field}: `) ? [line.slice(field.length + 2)] : []));
    const [data, [event = 'message']] = [linesOf('data'), linesOf('event')];
    if (data.length === 0) continue;
    const schema = at(schemas, event);
    if (schema === undefined) return `${name} does not document the event ${event}`;
    const fault = faultOfBody(contract, `${name} ${event}`, schema, data.join('\n'));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const mediaType = ({ headers }: Answer): string => headers['content-type']?.split(';')[0] ?? '';

/** Answers that caches may keep name what they show, in one header of at most 1 KB; those of callers with a token do not. */
function faultOfKeys(name: string, headers: Answer['headers'], status: number): string | undefined {
  const named = [headers['surrogate-key'], headers['cache-tag']].filter((value) => value !== undefined);
  const kept = headers['cache-control']?.startsWith('public') === true;
  if (named.length > 1 || (kept && named.length === 0)) return `${name} names what it shows ${named.length} times`;
  if (!kept && status !== 410 && named.length > 0) return `${name} is not to be kept and names what it shows`;
  const [keys = 'all'] = named;
  if (keys.length > 1_024 || !/^all([ ,]|$)/.test(keys)) return `${name} names what it shows by ${keys}`;
  return undefined;
}

const optionalHeaders = new Set([
  'surrogate-key',
  'cache-tag',
  'age',
  'cdn-cache-control',
  'cache-status',
  'link',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'idempotency-replayed',
  'allow',
  'accept-patch',
]);

/** Whether the call asked for some fields only. Members that are otherwise required may then be absent. */
const narrowed = (target: string): boolean => new URLSearchParams(target.split('?')[1]).has('fields');

/** The codes of the document's table of failures, by status. */
function codesOf(document: Schema): Map<string, Set<string>> {
  const [, table = ''] = String(at(document, 'info', 'description')).split('| status | code |');
  const rows = [...table.matchAll(/^\| (\d{3}) \| (.*) \|$/gm)];
  return new Map(
    rows.map(([, status = '', said = '']) => [
      status,
      new Set([...said.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => code)),
    ]),
  );
}

function faultOfProblem(contract: Contract, answer: Answer): string | undefined {
  const { status, text } = answer;
  if (mediaType(answer) !== 'application/problem+json') return `${status} is no problem+json: ${text}`;
  if (status >= 500 && status !== 503) return `a fault of ours: ${text}`;
  const code = String(at(JSON.parse(text), 'code'));
  if (!contract.codes.get(String(status))?.has(code)) return `the table of failures has no ${status} ${code}`;
  return faultOfBody(contract, 'problem', { $ref: '#/components/schemas/Problem' }, text);
}

function faultOfBody({ ajv, validators }: Contract, name: string, schema: unknown, text: string): string | undefined {
  const base = name.endsWith(', narrowed') ? 'narrowed' : 'doc';
  const validator = validators.get(name) ?? ajv.compile(Object(rebase(close(schema), base)));
  validators.set(name, validator);
  return validator(JSON.parse(text))
    ? undefined
    : `${name} is not as documented: ${ajv.errorsText(validator.errors)} in ${text.slice(0, 600)}`;
}

const rebase = (value: unknown, base: string): unknown => {
  if (Array.isArray(value)) return value.map((inner) => rebase(inner, base));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' ? `${base}${String(inner)}` : rebase(inner, base),
    ]),
  );
};
