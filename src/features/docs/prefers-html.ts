/**
 * The weight, 0 to 1, that an Accept header gives a media type: the most specific range that matches decides (RFC 9110,
 * 12.5.1).
 */
function quality(accept: string, type: string): number {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((text) => text.trim()));
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const found = ranges.find(([range]) => range === wanted);
    const weight = found?.find((parameter) => parameter.startsWith('q='));
    if (found) return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
  }
  return 0;
}

/** Whether a caller prefers HTML to JSON, as browsers do. Without a preference it is JSON. */
export const prefersHtml = (accept: string): boolean =>
  quality(accept, 'text/html') > quality(accept, 'application/json');
