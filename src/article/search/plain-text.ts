/** Elements inside of words and sentences; every other tag ends a line. */
const inline: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo cite code data del dfn em i ins kbd mark q ruby s samp small span strong sub sup time u var wbr'.split(
    ' ',
  ),
);

const tag = /<(?:\/?([a-z][a-z0-9]*)(?:[^"'>]|"[^"]*"|'[^']*')*|!--[\s\S]*?--)>/gi;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** The text of a body as it was stored: HTML that a serialiser has written, so that five entities are all there are. */
export const plainText = (html: string): string =>
  html
    .replace(tag, (_, name: string | undefined) => (name !== undefined && inline.has(name.toLowerCase()) ? '' : '\n'))
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (whole, name: string) => entities[name] ?? whole);
