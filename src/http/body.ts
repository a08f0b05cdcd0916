import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Failure, malformedBody, tooLarge, unsupportedMediaType } from '../core/errors.ts';
import type { Pacing } from '../core/pacing.ts';
import { checkJsonKeys, checkJsonSize } from './json-shape.ts';

const jsonTypes = ['application/json'];
export const mergePatchTypes = ['application/merge-patch+json', 'application/json'];

/** Whether a request has a body at all (RFC 9112, 6.3). A Content-Length of 0 means none. */
export function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && !/^0+$/.test(length));
}

/** Whether a parameter of a media type is compatible with UTF-8. */
function isOfUtf8(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=').map((part) => part.trim());
  return name !== 'charset' || /^"?utf-?8"?$/.test(value);
}

/** Which media types a body may have. The refusal of a PATCH names them in `Accept-Patch` (RFC 5789, 2.2). */
type Types = { accepted: readonly string[]; acceptPatch?: readonly string[] };

/** What is wrong with the media type of a body; undefined if it can be read. */
function typeFault(req: IncomingMessage, { accepted, acceptPatch }: Types): Failure | undefined {
  const refused = (detail: string) => unsupportedMediaType(detail, acceptPatch);
  // `req.headers` keeps only the first of several Content-Types.
  const [header = '', ...others] = req.headersDistinct['content-type'] ?? [];
  if (others.length > 0) return refused('Send one Content-Type.');
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (!accepted.includes(type)) return refused(`Send the body as ${accepted.join(' or ')}.`);
  if (!parameters.every(isOfUtf8)) return refused('Send the body in UTF-8.');
  const encoding = req.headers['content-encoding'];
  return encoding === undefined || encoding.toLowerCase() === 'identity'
    ? undefined
    : refused('Send the body without a content encoding.');
}

function readBytes(req: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) return void chunks.push(chunk);
      req.off('data', onData);
      req.pause();
      reject(tooLarge(bytesMax));
    };
    req.on('data', onData);
    req.once('end', () => resolve(Buffer.concat(chunks)));
    const cut = () => {
      if (!req.readableEnded) reject(malformedBody('The body ended before it was complete.'));
    };
    req.once('error', cut);
    req.once('close', cut);
  });
}

function parseJson(bytes: Buffer, keysMax: number | undefined): unknown {
  checkJsonSize(bytes);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformedBody('The body is not well-formed UTF-8.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformedBody('The body is not well-formed JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformedBody('The body must be a JSON object.');
  checkJsonKeys(text, keysMax);
  return value;
}

/** Longer bodies are parsed one after another (`paced`). */
const inTurnBytes = 65_536;

/** The body of a request. A long one must also be validated through `paced`. */
export type SentBody = { value: unknown; isLong: boolean };
export const noBody: SentBody = { value: undefined, isLong: false };

/**
 * The JSON object in a request; undefined without a body if the body is optional, whatever Content-Type was sent then.
 * A client that waits for `100 Continue` gets it only here, after everything else has been checked.
 */
export async function readJsonBody(
  req: IncomingMessage,
  res: ServerResponse,
  options: { bytesMax: number; optional: boolean; patch: boolean; keysMax: number | undefined; paced: Pacing },
): Promise<SentBody> {
  if (!hasBody(req)) {
    if (options.optional) return noBody;
    throw malformedBody('This call needs a JSON object as its body.');
  }
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > options.bytesMax) throw tooLarge(options.bytesMax);
  const fault = typeFault(
    req,
    options.patch ? { accepted: mergePatchTypes, acceptPatch: mergePatchTypes } : { accepted: jsonTypes },
  );
  // Whether a chunked body is empty is known only at its end.
  const mayBeNone = options.optional && req.headers['content-length'] === undefined;
  if (fault && !mayBeNone) throw fault;
  // An HTTP/1.0 client does not know the interim answer (RFC 9110, 10.1.1).
  if (req.httpVersionMinor > 0 && /^100-continue$/i.test(req.headers.expect ?? '')) res.writeContinue();
  const bytes = await readBytes(req, options.bytesMax);
  if (bytes.length === 0 && options.optional) return noBody;
  if (fault) throw fault;
  const parse = () => parseJson(bytes, options.keysMax);
  const isLong = bytes.length > inTurnBytes;
  return { value: isLong ? await options.paced(parse) : parse(), isLong };
}
