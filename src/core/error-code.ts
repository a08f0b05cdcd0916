/** The code of an error: a word of Node's as `ENOENT`, or PostgreSQL's SQLSTATE. Undefined for anything without one. */
export function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
