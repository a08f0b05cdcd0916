import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { operationOf } from './operations.mjs';

/** Headers of the connection, and lengths, which are those of what is masked. */
const leftOut = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
/** What is left of a limit depends on how quickly one asks. */
const counted = new Set(['ratelimit', 'retry-after']);
/** The document and its reference change for readers; that they are served is all that is recorded of them. */
const isDocument = (path) => /^\/(docs|openapi\.)/.test(path);
const isStream = ({ 'content-type': type = '' }) => type.startsWith('text/event-stream');
const isMetrics = (path) => path.startsWith('/metrics');

function exchange(agent, port, { method, path, headers, payload }) {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', method, path, headers }, (answer) => {
      const { statusCode: status, headers: got } = answer;
      // A stream has no end: that it begins, and with which headers, is all that is recorded of it.
      if (method !== 'HEAD' && isStream(got)) {
        resolve({ status, headers: got, bytes: Buffer.from('<stream>') });
        answer.on('error', () => {});
        return sent.destroy();
      }
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status, headers: got, bytes: Buffer.concat(parts) }));
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

const readJson = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Makes calls one after the other and keeps a line of each answer, masked. */
export function openCaller({ port, mask, operations, lines = [], called = new Set() }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const tokens = new Map();
  let chapter = '';

  const shownHeaders = (headers) =>
    Object.fromEntries(
      Object.keys(headers)
        .filter((name) => !leftOut.has(name))
        .sort()
        .map((name) => [name, counted.has(name) ? headers[name].replaceAll(/\d+/g, '#') : mask.value(headers[name])]),
    );
  const shownBody = (path, bytes, type = '') => {
    if (isDocument(path)) return '<document>';
    if (isMetrics(path))
      return [...bytes.toString().matchAll(/^# (?:HELP|TYPE) .*$/gm)].map(([line]) => line).join('\n');
    if (type.startsWith('image/')) return `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex')}`;
    return type.includes('json') ? mask.value(readJson(bytes.toString())) : mask.text(bytes.toString());
  };

  async function call(method, path, { as = 'nobody', body, headers = {}, match, type, quiet = false } = {}) {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const token = tokens.get(as) ?? (as.startsWith('Bearer ') ? as.slice('Bearer '.length) : undefined);
    const own = {
      ...(match === undefined ? {} : { 'if-match': match }),
      ...(payload === undefined || type === null ? {} : { 'content-type': type ?? 'application/json' }),
      ...headers,
    };
    const sent = { ...own, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    if (payload !== undefined) sent['content-length'] = Buffer.byteLength(payload);
    const answer = await exchange(agent, port, {
      method,
      path: path.replaceAll(/[^!-~]+/g, encodeURIComponent),
      headers: sent,
      payload,
    });
    const operation = operationOf(operations, method, path);
    if (operation !== undefined) called.add(operation.name);
    const text = answer.bytes.toString();
    if (!quiet) {
      if (answer.headers['x-request-id'] !== undefined) mask.request(answer.headers['x-request-id']);
      const document = isDocument(path);
      lines.push(
        JSON.stringify({
          chapter,
          as: mask.text(as),
          call: `${method} ${mask.text(path)}`,
          sent: mask.value(own),
          body: mask.value(body ?? null),
          status: answer.status,
          headers: document ? { 'content-type': answer.headers['content-type'] ?? '' } : shownHeaders(answer.headers),
          answer: shownBody(path, answer.bytes, answer.headers['content-type']),
        }),
      );
    }
    if (answer.status >= 500 && !quiet) console.error(`${method} ${path} as ${as}: ${answer.status} ${text}`);
    return { status: answer.status, headers: answer.headers, text, body: readJson(text), etag: answer.headers.etag };
  }

  /** A call of the scenery: it is not recorded, and it must succeed. */
  async function make(method, path, options) {
    const answer = await call(method, path, { ...options, quiet: true });
    if (answer.status >= 300)
      throw new Error(`${chapter}: ${method} ${path} ${JSON.stringify(options.body)}: ${answer.status} ${answer.text}`);
    return answer.body;
  }
  return {
    call,
    make,
    lines,
    tokens,
    begin(name) {
      chapter = name;
      mask.begin(name);
    },
    close: () => agent.destroy(),
  };
}
