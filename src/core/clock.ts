/** Milliseconds since the epoch. For tokens only: the database's clock decides what is public and when. */
export type Clock = () => number;
