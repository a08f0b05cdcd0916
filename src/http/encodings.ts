import { promisify } from 'node:util';
import { brotliCompress, brotliDecompressSync, constants, gunzipSync, gzip } from 'node:zlib';
import { openLane } from '../core/lane.ts';

/** The content codings that answers are kept in, the better one first. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

const endings: Readonly<Record<Encoding, string>> = { br: '-br', gzip: '-gz' };

/** The tag of an encoded answer: other bytes, and so another tag (RFC 9110, 8.8.3.3). */
export const encodedTag = (etag: string, encoding: Encoding): string => `${etag.slice(0, -1)}${endings[encoding]}"`;

/** The tag in opaque form without what its encoding adds after the hash. */
export const withoutEncoding = (opaque: string): string => opaque.replace(/(?<=[\w-]{22})-(br|gz)$/, '');

/** The weights in an `Accept-Encoding` (RFC 9110, 12.5.3). A part that cannot be read counts as absent. */
function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [, name, weight = '1'] = /^\s*([\w*-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(part) ?? [];
    if (name !== undefined) weights.set(name === 'x-gzip' ? 'gzip' : name, Number(weight));
  }
  return weights;
}

/** The encoding that a caller likes best; null for the answer as it is, which is always acceptable. */
export function preferredEncoding(header: string): Encoding | null {
  const weights = weightsOf(header);
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get('*') ?? 0;
  const [best] = encodings.toSorted((a, b) => weightOf(b) - weightOf(a));
  return best !== undefined && weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0) ? best : null;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/**
 * No larger than what is in it: zlib clears its tables before each use, which for a page takes as long as the page itself.
 * What comes of it is the same.
 */
const windowOf = (length: number) => {
  const windowBits = Math.min(15, Math.max(9, Math.ceil(Math.log2(length + 1))));
  return { windowBits, memLevel: Math.min(8, windowBits - 6) };
};

const compress: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => zip(bytes, windowOf(bytes.length)),
};

/** Undoes an encoding, at once: a few kilobytes take as many hundredths of a millisecond. `length`: of what comes of it. */
export const decode = (bytes: Buffer, encoding: Encoding, length: number): Buffer => {
  // What comes of it then holds no more memory than it has bytes.
  const options = { chunkSize: length + 1 };
  return encoding === 'br' ? brotliDecompressSync(bytes, options) : gunzipSync(bytes, options);
};

/** Each takes a thread of the four that Node has for such work, for file names and for hashes. */
const atOnceMax = 2;

/** As many again come within a second or two. */
const waitingMax = 1_000;

/** Compresses in another thread, each in its turn. Null if too many wait. */
export type Encoder = (bytes: Buffer, encoding: Encoding) => Promise<Buffer> | null;

export function openEncoder(): Encoder {
  const lane = openLane(atOnceMax);
  const run = async (bytes: Buffer, encoding: Encoding) => {
    const leave = await lane.enter();
    return compress[encoding](bytes).finally(leave);
  };
  return (bytes, encoding) => (lane.waiting() < waitingMax ? run(bytes, encoding) : null);
}
