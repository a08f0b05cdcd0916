/** What the platform knows of a call besides its input. */
export type Call = {
  readonly requestId: string;
  readonly address: string;
  readonly accept: string;
  /** Scheme, host and port by which the call came, as `http://localhost:3000`. */
  readonly origin: string;
  /** Whether it came with an `Idempotency-Key`, so that all of it is one transaction. */
  readonly keyed: boolean;
  /** Tells the log of what went wrong, where the answer is no failure. */
  readonly report: (thrown: unknown) => void;
};

/** What was made ready for a call: whether it is long, and what lets go of it after the answer. */
export type Prepared = { readonly isLong: boolean; release(): void };
