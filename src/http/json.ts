import type { EventStream } from './event-stream.ts';

/** JSON text of a `Shape`. JSON made by PostgreSQL is sent as text without parsing; the test suite checks its shape. */
export type Json<Shape> = { readonly text: string | Buffer; readonly shape?: Shape };

export const toJson = <Shape>(value: Shape): Json<Shape> => ({ text: JSON.stringify(value) });

export const jsonMadeBySql = <Shape>(text: string | Buffer): Json<Shape> => ({ text });

/** What a handler returns; `render` turns it into HTTP. */
export type Answer<Shape> = {
  readonly body: Json<Shape> | null;
  /** The version of a single thing, which is the first part of its ETag. */
  readonly version?: number;
  /** Seconds until the answer changes because something in it becomes public or expires. */
  readonly maxAgeS?: number | undefined;
  /** Seconds until something that it shows ends, if that may be later than any change. */
  readonly endsInS?: number | undefined;
  /** What it shows, by which caches forget it; see core/cache-keys.ts. */
  readonly keys?: readonly string[];
  /** It is not kept by this process: it was asked for in a way that is seldom the same twice. */
  readonly unkept?: boolean | undefined;
  /** A status other than the route's own. */
  readonly status?: 200 | 201;
  /** The path, below PUBLIC_URL, of what was created. */
  readonly location?: string;
  /** The cursor of the next page, for the `Link` header. */
  readonly nextCursor?: string | null;
  /** The path, below PUBLIC_URL, where the requested thing is now. Answers 308. */
  readonly redirect?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing was done: the answer is not stored, and a repeat with the same `Idempotency-Key` runs again. */
  readonly passing?: true | undefined;
  /** A stream, in the place of a body. */
  readonly events?: EventStream;
  /** The media type of a body that is not JSON, if the route has several types or can also answer JSON. */
  readonly mediaType?: string;
};

export const answer = <Shape>(body: Json<Shape>, rest: Omit<Answer<Shape>, 'body'> = {}): Answer<Shape> => ({
  body,
  ...rest,
});

export const noContent: Answer<null> = { body: null };

/** A page made from `data`, a JSON array that PostgreSQL made. */
export const pageJson = <Item>(
  data: string,
  nextCursor: string | null,
  {
    maxAgeS,
    endsInS,
    keys = [],
    unkept,
  }: { maxAgeS?: number | undefined; endsInS?: number; keys?: readonly string[]; unkept?: boolean } = {},
): Answer<{ data: Item[]; page: { nextCursor: string | null } }> => ({
  body: { text: `{"data":${data},"page":{"nextCursor":${JSON.stringify(nextCursor)}}}` },
  nextCursor,
  maxAgeS,
  endsInS,
  keys,
  unkept,
});
