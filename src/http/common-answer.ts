import type { Failure } from '../core/errors.ts';
import { decode, type Encoder, type Encoding, encodedTag } from './encodings.ts';
import type { RenderedAnswer } from './render.ts';

/** The bytes of an answer in one encoding. */
export type Variant = {
  readonly encoding: Encoding | null;
  /** Empty if there is none. */
  readonly tag: string;
  readonly length: string;
  /** Null if there is none, and in the plain variant if they are kept encoded. */
  body: Buffer | null;
};

/** An answer that serves everybody: what is of one call alone is added when it is sent. */
export type Common =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** What every variant has, as a flat list of names and values; `Cache-Control` is of each call. */
      readonly headers: readonly string[];
      readonly contentType: string;
      readonly plain: Variant;
      /** Whether its keys name whatever it shows, so that it is kept until one of them is forgotten. */
      readonly kept: boolean;
      /** Whether it is ever encoded: what nobody else gets is not worth it, and what is short gains little. */
      readonly encodable: boolean;
      /** What was made of it since: null while it is being made, or if it would not be shorter. */
      readonly encoded: { br: Variant | null | undefined; gzip: Variant | null | undefined };
    }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type CommonAnswer = Extract<Common, { kind: 'answer' }>;

/** Headers of a call, of an encoding, or of the body alone. */
const ofOthers = ['Cache-Control', 'ETag', 'Content-Type'];

/** Shorter answers are sent as they are. */
const encodedBytesMin = 1_000;
/** Longer ones would hold up others where somebody asks for them without an encoding. */
const packedBytesMax = 32_768;

/** Bytes of their own: short buffers are parts of a larger one, which stays as long as any of them. */
function ownBytes(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

export function commonAnswer({ status, headers, body }: RenderedAnswer, kept: boolean): CommonAnswer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const length = bytes?.length ?? 0;
  return {
    kind: 'answer',
    status,
    headers: Object.entries(headers).flatMap((header) => (ofOthers.includes(header[0]) ? [] : header)),
    contentType: headers['Content-Type'] ?? '',
    plain: { encoding: null, tag: headers.ETag ?? '', length: String(length), body: bytes && ownBytes(bytes) },
    kept,
    encodable: kept && status === 200 && length >= encodedBytesMin,
    encoded: { br: undefined, gzip: undefined },
  };
}

/** Whether two answers are the same but for what was made of them since. */
const isSame = (a: CommonAnswer, b: CommonAnswer): boolean =>
  a.plain.tag !== '' &&
  a.plain.tag === b.plain.tag &&
  a.status === b.status &&
  a.contentType === b.contentType &&
  a.kept === b.kept &&
  a.headers.length === b.headers.length &&
  a.headers.every((text, at) => text === b.headers[at]);

/** What was read, or what is known already if that says the same: it may be encoded. */
export const knownOr = (read: CommonAnswer, known: Common | undefined): CommonAnswer =>
  known?.kind === 'answer' && isSame(read, known) ? known : read;

/** Adds what is of this variant to a flat list of names and values; for a 304 only what that has. */
export function addHeaders(to: string[], answer: CommonAnswer, variant: Variant, isUnchanged: boolean): string[] {
  to.push(...answer.headers);
  if (variant.tag !== '') to.push('ETag', variant.tag);
  if (isUnchanged) return to;
  if (answer.contentType !== '') to.push('Content-Type', answer.contentType);
  if (variant.encoding !== null) to.push('Content-Encoding', variant.encoding);
  return to;
}

/** What an answer takes in memory besides its bytes and headers, and what each of its variants does. Measured. */
const answerBytes = 250;
const variantBytes = 450;

const bytesOfVariant = ({ body }: Variant): number => variantBytes + (body?.length ?? 0);

/** What an answer takes in memory, with the encodings that were made of it until now. */
export const bytesOf = ({ headers, plain, encoded: { br, gzip } }: CommonAnswer): number =>
  answerBytes +
  headers.join().length +
  bytesOfVariant(plain) +
  (br ? bytesOfVariant(br) : 0) +
  (gzip ? bytesOfVariant(gzip) : 0);

/** The encoded variant from which the plain one is made again, if its bytes are not kept. */
const packedOf = ({ plain, encoded }: CommonAnswer): Variant | undefined =>
  plain.body === null ? (encoded.gzip ?? encoded.br ?? undefined) : undefined;

/** The bytes of the plain variant, made again if they are not kept. */
export function plainBody(answer: CommonAnswer): Buffer | null {
  const packed = packedOf(answer);
  if (!packed?.encoding || !packed.body) return answer.plain.body;
  return decode(packed.body, packed.encoding, Number(answer.plain.length));
}

/** Whether its plain bytes would be kept in an encoding alone, and none was tried. */
export const isPackable = ({ encodable, plain, encoded }: CommonAnswer): boolean =>
  encodable &&
  encoded.gzip === undefined &&
  encoded.br === undefined &&
  plain.body !== null &&
  plain.body.length <= packedBytesMax;

/**
 * Makes an encoding of an answer, once. Plain bytes are not kept beside it unless there are many: whoever asks for them gets
 * them decoded. `made` is called with what it takes more than before, or less.
 */
export function makeEncoding(
  answer: CommonAnswer,
  encoding: Encoding,
  { encode, made }: { encode: Encoder; made: (bytes: number) => void },
): void {
  const { plain, encoded } = answer;
  const bytes = plainBody(answer);
  if (bytes === null) return;
  const making = encode(bytes, encoding);
  if (making === null) return;
  encoded[encoding] = null;
  const finish = (body: Buffer) => {
    if (body.length >= bytes.length) return;
    const variant = {
      encoding,
      tag: encodedTag(plain.tag, encoding),
      length: String(body.length),
      body: ownBytes(body),
    };
    encoded[encoding] = variant;
    const spared = plain.body !== null && bytes.length <= packedBytesMax ? bytes.length : 0;
    if (spared > 0) plain.body = null;
    made(bytesOfVariant(variant) - spared);
  };
  // A failure leaves the answer as it is.
  making.then(finish, () => undefined);
}
