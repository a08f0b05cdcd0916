import type { Failure } from '../core/errors.ts';
import { type Encoder, type Encoding, encodedTag } from './encodings.ts';
import type { RenderedAnswer } from './render.ts';

/** The bytes of an answer in one encoding, with their headers; `Cache-Control` is of each call. */
export type Variant = {
  readonly rendered: RenderedAnswer;
  /** The headers as flat lists of names and values, for a 200 and for a 304. */
  readonly whole: readonly string[];
  readonly unchanged: readonly string[];
};

/** An answer that serves everybody: what is of one call alone is added when it is sent. */
export type Common =
  | {
      readonly kind: 'answer';
      readonly plain: Variant;
      /** Whether its keys name whatever it shows, so that it is kept until one of them is forgotten. */
      readonly kept: boolean;
      /** Whether it is ever encoded: what nobody else gets is not worth it, and what is short gains little. */
      readonly encodable: boolean;
      /** What was made of it since: null while it is being made, or if it would not be shorter. */
      readonly encoded: Map<Encoding, Variant | null>;
    }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type CommonAnswer = Extract<Common, { kind: 'answer' }>;

const flat = (headers: Readonly<Record<string, string>>, without: readonly string[]): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (without.includes(name) ? [] : [name, value]));

function variantOf(rendered: RenderedAnswer): Variant {
  const unchanged = flat(rendered.headers, ['Cache-Control', 'Content-Type', 'Content-Encoding']);
  const length = Buffer.byteLength(rendered.body ?? '');
  return {
    rendered,
    unchanged,
    whole: [...flat(rendered.headers, ['Cache-Control']), 'Content-Length', String(length)],
  };
}

/** Shorter answers are sent as they are. */
const encodedBytesMin = 1_000;

export const commonAnswer = (rendered: RenderedAnswer, kept: boolean): CommonAnswer => ({
  kind: 'answer',
  kept,
  encodable: kept && rendered.status === 200 && Buffer.byteLength(rendered.body ?? '') >= encodedBytesMin,
  plain: variantOf(rendered),
  encoded: new Map(),
});

/** What a variant takes in memory: its bytes, and its headers three times over. */
export const bytesOf = ({ rendered: { body }, whole }: Variant): number =>
  Buffer.byteLength(body ?? '') + 6 * whole.join().length;

/** Makes the encoding of an answer, once. `made` is called with the bytes that it takes. */
export function makeEncoding(
  { plain: { rendered }, encoded }: CommonAnswer,
  encoding: Encoding,
  { encode, made }: { encode: Encoder; made: (bytes: number) => void },
): void {
  const { body: plainBody } = rendered;
  const bytes = Buffer.isBuffer(plainBody) ? plainBody : Buffer.from(plainBody ?? '');
  const making = encode(bytes, encoding);
  if (making === null) return;
  encoded.set(encoding, null);
  const finish = (body: Buffer) => {
    if (body.length >= bytes.length) return;
    const { ETag = '' } = rendered.headers;
    const headers = { ...rendered.headers, ETag: encodedTag(ETag, encoding), 'Content-Encoding': encoding };
    const variant = variantOf({ ...rendered, headers, body });
    encoded.set(encoding, variant);
    made(bytesOf(variant));
  };
  // A failure leaves the answer as it is.
  making.then(finish, () => undefined);
}
