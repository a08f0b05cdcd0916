import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, Parser, type Token } from 'parse5';
import type { Warn } from '../warnings.ts';
import type { Budget } from './budget.ts';

export type BodyElement = DefaultTreeAdapterTypes.Element;
export type BodyNode = DefaultTreeAdapterTypes.ChildNode;

/** Elements inside one another, as in a table in a list in a quote; a browser's own bound is 512. */
export const depthMax = 100;
/** What stands inside these is no markup; without its start tag it would be read as such. */
const rawText = new Set([
  ...['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript', 'plaintext'],
]);
const voids = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr'],
]);

/**
 * Reads HTML as a browser reads the contents of a `<div>`, within bounds: tags beyond `depthMax` are ignored,
 * their text stays; more elements than the budget has are refused. A start tag that makes no element (a `<td>` outside a table, `<body>`) is named as removed.
 */
export function parseBody(source: string, warn: Warn, budget: Budget): BodyNode[] {
  let created = 0;
  let reading = false;
  const treeAdapter = {
    ...defaultTreeAdapter,
    createElement(tagName: string, namespace: html.NS, attributes: Token.Attribute[]): BodyElement {
      // A few thousand tags that stay open are opened again in every paragraph, which would fill the memory.
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
