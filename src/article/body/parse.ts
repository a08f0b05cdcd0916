import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, Parser, type Token } from 'parse5';
import type { Warn } from '../warnings.ts';
import type { Budget } from './budget.ts';

export type BodyElement = DefaultTreeAdapterTypes.Element;
export type BodyNode = DefaultTreeAdapterTypes.ChildNode;

/** How deep elements may be nested, such as a table in a list in a quote. Browsers stop at 512. */
const depthMax = 100;
/** The contents of these elements are not markup, but would be read as markup if the start tag were ignored. */
const rawText = new Set([
  ...['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript', 'plaintext'],
]);
const voids = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr'],
]);

/**
 * Parses HTML as a browser parses the contents of a `<div>`, within limits. Tags deeper than `depthMax` are ignored, and
 * their text stays. A start tag that makes no element (a `<td>` outside a table, `<body>`) gives a warning. Throws 400 if
 * there are more elements than the budget allows.
 */
export function parseBody(source: string, warn: Warn, budget: Budget): BodyNode[] {
  let created = 0;
  let reading = false;
  const treeAdapter = {
    ...defaultTreeAdapter,
    createElement(tagName: string, namespace: html.NS, attributes: Token.Attribute[]): BodyElement {
      // Counted here, since the parser opens every unclosed tag again in each paragraph: a few thousand of them would fill
      // the memory.
      if (reading) budget.elements(1);
      created += 1;
      return defaultTreeAdapter.createElement(tagName, namespace, attributes);
    },
  };
  const context = defaultTreeAdapter.createElement('div', html.NS.HTML, []);
  const parser = Parser.getFragmentParser<DefaultTreeAdapterTypes.DefaultTreeAdapterMap>(context, { treeAdapter });
  const open = parser.onStartTag.bind(parser);
  const close = parser.onEndTag.bind(parser);
  const ignored = new Map<string, number>();

  parser.onStartTag = (token) => {
    const { tagName } = token;
    const isTooDeep = parser.openElements.depth > depthMax && !voids.has(tagName);
    if (isTooDeep && !rawText.has(tagName)) {
      ignored.set(tagName, (ignored.get(tagName) ?? 0) + 1);
      warn('too-deep', tagName);
      return;
    }
    const before = created;
    open(token);
    if (created === before) warn('removed-element', tagName);
  };

  parser.onEndTag = (token) => {
    const waiting = ignored.get(token.tagName) ?? 0;
    if (waiting > 0) ignored.set(token.tagName, waiting - 1);
    else close(token);
  };

  reading = true;
  parser.tokenizer.write(source, true);
  return parser.getFragment().childNodes;
}
