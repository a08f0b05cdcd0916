/** Milliseconds since the epoch. For tokens, and for where a search begins: the database's clock decides what is public and when. */
export type Clock = () => number;
