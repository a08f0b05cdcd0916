/** JSON text that holds a `Shape`. What Postgres made stays text on its way out; the test suite checks its shape. */
export type Json<Shape> = { readonly text: string | Buffer; readonly shape?: Shape };

export const toJson = <Shape>(value: Shape): Json<Shape> => ({ text: JSON.stringify(value) });

export const jsonMadeBySql = <Shape>(text: string): Json<Shape> => ({ text });

/** What a handler answers with; `mount` makes the HTTP of it. */
export type Answer<Shape> = {
  readonly body: Json<Shape> | null;
  /** The version of a single thing: the first part of its ETag. */
  readonly version?: number;
  /** Seconds until the answer would be another, by what it shows and hides. */
  readonly maxAgeS?: number | undefined;
  /** A status other than the route's own. */
  readonly status?: 200 | 201;
  /** The path below PUBLIC_URL of what was made. */
  readonly location?: string;
  /** The cursor of the next page, for the `Link` header. */
  readonly nextCursor?: string | null;
  /** The path below PUBLIC_URL where the thing asked for is now: 308. */
  readonly redirect?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An answer in which nothing was done: a repeat with the same `Idempotency-Key` runs anew. */
  readonly passing?: true | undefined;
  /** The media type of a body that is not JSON, where the route has several or has JSON besides. */
  readonly mediaType?: string;
};

export const answer = <Shape>(body: Json<Shape>, rest: Omit<Answer<Shape>, 'body'> = {}): Answer<Shape> => ({
  body,
  ...rest,
});

export const noContent: Answer<null> = { body: null };

/** A page from items that Postgres made into one JSON array. */
export const pageJson = <Item>(
  data: string,
  nextCursor: string | null,
  maxAgeS?: number,
): Answer<{ data: Item[]; page: { nextCursor: string | null } }> => ({
  body: { text: `{"data":${data},"page":{"nextCursor":${JSON.stringify(nextCursor)}}}` },
  nextCursor,
  maxAgeS,
});
