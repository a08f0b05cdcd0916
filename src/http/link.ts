/** `Link: rel="next"` (RFC 8288): the same address with every parameter once and the new cursor, below PUBLIC_URL. */
export function nextLink(publicUrl: string, path: string, search: string, cursor: string): string {
  const parameters = new URLSearchParams(search);
  parameters.set('after', cursor);
  return `<${publicUrl}${path}?${parameters}>; rel="next"`;
}
