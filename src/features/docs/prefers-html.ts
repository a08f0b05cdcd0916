/** How much an Accept header wants a media type, 0 to 1: the most exact range that takes it in decides (RFC 9110, 12.5.1). */
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

/** Whether a caller would rather read a page than JSON, as browsers say; without a preference it is JSON. */
export const prefersHtml = (accept: string): boolean =>
  quality(accept, 'text/html') > quality(accept, 'application/json');
