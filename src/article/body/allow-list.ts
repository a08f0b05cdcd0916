/**
 * What an attribute's value may be. A kind with a `pattern` keeps a value that matches, as it was written. The other kinds
 * have a case of their own in `attributes.ts`.
 */
export const attributeKinds = {
  text: { means: 'any text' },
  flag: { means: 'no value' },
  link: { means: 'an http, https, mailto or tel URL, a path that begins with "/", or a "#fragment"' },
  url: { means: 'an http or https URL, or a path that begins with "/"' },
  srcset: { means: 'such URLs, each with a width or density' },
  embed: { means: 'an https URL of an allowed player' },
  rel: { means: 'link types' },
  id: { means: 'letters of any script, digits, "-", "_", "." and ":", but not the name of a DOM property' },
  codeClass: { means: '"language-…"' },
  postClass: { means: 'the class by which a quoted post is known, such as "twitter-tweet"' },
  ids: { means: 'ids of header cells', pattern: /^[\p{L}\p{M}\p{N}_.:-]+(?: [\p{L}\p{M}\p{N}_.:-]+)*$/u },
  integer: { means: 'a whole number', pattern: /^-?\d{1,6}$/ },
  size: { means: 'a number of pixels or a percentage', pattern: /^\d{1,5}(?:\.\d{1,3})?(?:px|%)?$/ },
  sizes: { means: 'image sizes', pattern: /^[\w\s(),.:%+*/<>=-]{1,1000}$/ },
  mediaQuery: { means: 'a media query', pattern: /^[\w\s(),.:%/<>=-]{1,500}$/ },
  mimeType: { means: 'a media type', pattern: /^[\w.+-]+\/[\w.+-]+(?:;[\w\s.,=+"'-]{1,200})?$/ },
  language: { means: 'a language tag', pattern: /^(?:[a-z]{1,8}(?:-[a-z0-9]{1,8}){0,10})?$/i },
  direction: { means: 'ltr, rtl or auto', pattern: /^(?:ltr|rtl|auto)$/i },
  time: { means: 'a date, a time or a duration', pattern: /^[\d:.+WPYMDTHSZ -]{1,50}$/i },
  scope: { means: 'row, col, rowgroup or colgroup', pattern: /^(?:row|col|rowgroup|colgroup)$/i },
  align: { means: 'left, center, right or justify', pattern: /^(?:left|center|right|justify)$/i },
  listType: { means: '1, a, A, i or I', pattern: /^[1aAiI]$/ },
  loading: { means: 'lazy or eager', pattern: /^(?:lazy|eager)$/i },
  decoding: { means: 'sync, async or auto', pattern: /^(?:sync|async|auto)$/i },
  preload: { means: 'none, metadata or auto', pattern: /^(?:none|metadata|auto)?$/i },
  trackKind: {
    means: 'subtitles, captions, descriptions, chapters or metadata',
    pattern: /^(?:subtitles|captions|descriptions|chapters|metadata)$/i,
  },
  target: { means: '_blank (with rel="noopener noreferrer")', pattern: /^_blank$/i },
} satisfies Record<string, { means: string; pattern?: RegExp }>;

export type AttributeKind = keyof typeof attributeKinds;
type Attributes = Readonly<Record<string, AttributeKind>>;

/** Allowed on every element that is kept. */
export const globalAttributes: Attributes = { id: 'id', lang: 'language', dir: 'direction', title: 'text' };

const none: Attributes = {};
const boxed: Attributes = { width: 'size', height: 'size' };
const spans: Attributes = { colspan: 'integer', rowspan: 'integer', headers: 'ids', align: 'align' };
const player: Attributes = { src: 'url', controls: 'flag', preload: 'preload', loop: 'flag', muted: 'flag' };
const edit: Attributes = { cite: 'url', datetime: 'time' };

/**
 * Every element that is kept, with the attributes it may have in addition to the global ones. Any other element is removed;
 * `droppedElements` decides whether its contents stay.
 */
export const allowedElements: Readonly<Record<string, Attributes>> = {
  ...{ p: none, br: none, hr: none, h1: none, h2: none, h3: none, h4: none, h5: none, h6: none },
  ...{ div: { class: 'postClass' }, section: none, article: none, aside: none, header: none, footer: none },
  ...{ address: none, details: { open: 'flag' }, summary: none },
  a: { href: 'link', hreflang: 'language', rel: 'rel', target: 'target' },
  ...{ strong: none, em: none, b: none, i: none, u: none, s: none, mark: none, small: none, sub: none, sup: none },
  ...{ abbr: none, cite: none, dfn: none, var: none, samp: none, kbd: none, span: none, bdi: none, bdo: none },
  ...{ code: { class: 'codeClass' }, pre: { class: 'codeClass' }, wbr: none, time: { datetime: 'time' } },
  ...{ ruby: none, rt: none, rp: none, del: edit, ins: edit, q: { cite: 'url' } },
  blockquote: { cite: 'url', class: 'postClass' },
  ...{ ol: { start: 'integer', type: 'listType', reversed: 'flag' }, ul: none, li: { value: 'integer' } },
  ...{ dl: none, dt: none, dd: none },
  ...{ table: none, caption: none, thead: none, tbody: none, tfoot: none, tr: none },
  ...{ colgroup: { span: 'integer' }, col: { span: 'integer' }, td: spans },
  th: { ...spans, scope: 'scope', abbr: 'text' },
  ...{ figure: none, figcaption: none, picture: none },
  img: {
    src: 'url',
    srcset: 'srcset',
    sizes: 'sizes',
    alt: 'text',
    ...boxed,
    loading: 'loading',
    decoding: 'decoding',
  },
  audio: player,
  video: { ...player, poster: 'url', playsinline: 'flag', ...boxed },
  source: { src: 'url', srcset: 'srcset', sizes: 'sizes', media: 'mediaQuery', type: 'mimeType', ...boxed },
  track: { src: 'url', kind: 'trackKind', srclang: 'language', label: 'text', default: 'flag' },
  iframe: { src: 'embed', ...boxed, allowfullscreen: 'flag' },
};

/** Removed together with their contents. For any other element outside the list, the contents stay. */
export const droppedElements: ReadonlySet<string> = new Set([
  ...['script', 'style', 'svg', 'math', 'template', 'noscript', 'noembed', 'noframes', 'object', 'applet', 'embed'],
  ...['iframe', 'frame', 'frameset', 'title', 'base', 'link', 'meta', 'param', 'input', 'canvas'],
]);

/** These elements are useless without at least one of the named attributes, and are removed if they have none. */
export const requiredAttributes: Readonly<Record<string, readonly string[]>> = {
  img: ['src', 'srcset'],
  source: ['src', 'srcset'],
  track: ['src'],
  iframe: ['src'],
};

/** Removed if everything inside them was taken out. */
export const goneWhenEmptied: ReadonlySet<string> = new Set(['p', 'figure', 'picture']);

export const linkTypes: ReadonlySet<string> = new Set([
  ...['alternate', 'author', 'bookmark', 'external', 'help', 'license', 'me', 'next', 'nofollow', 'noopener'],
  ...['noreferrer', 'prev', 'search', 'sponsored', 'tag', 'ugc'],
]);

/** If the page loads a network's script, the script turns a quote with such a class into the post. */
export const postClasses: ReadonlySet<string> = new Set([
  ...['twitter-tweet', 'twitter-video', 'instagram-media', 'tiktok-embed', 'fb-post', 'fb-video'],
]);

/**
 * Used as ids, these could shadow properties that a page's scripts read from the document, a form or a plain object (DOM
 * clobbering).
 */
export const refusedIds: ReadonlySet<string> = new Set([
  ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable'],
  ...[
    'toLocaleString',
    'toString',
    'valueOf',
    'document',
    'window',
    'self',
    'globalThis',
    'location',
    'cookie',
    'domain',
  ],
  ...['defaultView', 'documentElement', 'currentScript', 'implementation', 'ownerDocument', 'getElementById'],
  ...['getElementsByTagName', 'querySelector', 'querySelectorAll', 'createElement', 'addEventListener', 'attributes'],
  ...['childNodes', 'children', 'firstChild', 'lastChild', 'nextSibling', 'previousSibling', 'parentNode'],
  ...['parentElement', 'innerHTML', 'outerHTML', 'textContent', 'nodeName', 'nodeType', 'tagName', 'submit', 'action'],
]);
