/** Milliseconds since the epoch. Serves tokens only: what is public, and when, is asked of the database's clock. */
export type Clock = () => number;
