/** What the platform knows about a call, apart from its input. */
export type Call = {
  readonly requestId: string;
  readonly address: string;
  readonly accept: string;
  /** The id after which a stream is to go on; empty if none was sent. */
  readonly lastEventId: string;
  /** Scheme, host and port that the caller used, for example `http://localhost:3000`. */
  readonly origin: string;
  /** True if an `Idempotency-Key` was sent: the whole call is then one transaction. */
  readonly keyed: boolean;
  /** Reports an error to the log and the metrics if the answer itself is not a failure. */
  readonly report: (thrown: unknown) => void;
};

/** What a route's `prepare` gives: whether the call is long, and `release`, which is called after the answer. */
export type Prepared = { readonly isLong: boolean; release(): void };
