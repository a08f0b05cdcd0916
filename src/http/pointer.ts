/** Keys are cut to this many code units: a pointer locates a fault, it must not echo the request. */
const keyMax = 100;

function escapeKey(key: PropertyKey): string {
  const text = String(key).toWellFormed();
  const shown = text.length > keyMax ? `${text.slice(0, keyMax).toWellFormed()}…` : text;
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** An RFC 6901 pointer. */
export const pointerTo = (path: readonly PropertyKey[]): string => path.map((key) => `/${escapeKey(key)}`).join('');
