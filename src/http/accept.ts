type Range = { readonly name: string; readonly weight: number };

/** A weight that cannot be read counts as none, which is 1. */
function rangeOf(part: string): Range {
  const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
  const sent = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '';
  return { name, weight: /^(0(\.\d*)?|1(\.0*)?|\.\d+)$/.test(sent) ? Number(sent) : 1 };
}

/**
 * The weight, 0 to 1, that an Accept header gives a media type: the most specific range that matches decides (RFC 9110,
 * 12.4.2 and 12.5.1). 0 is not acceptable. An empty header accepts everything.
 */
export function weightOfType(accept: string, type: string): number {
  if (accept.trim() === '') return 1;
  const ranges = accept.toLowerCase().split(',').map(rangeOf);
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const found = ranges.filter(({ name }) => name === wanted).map(({ weight }) => weight);
    if (found.length > 0) return Math.max(...found);
  }
  return 0;
}
