import { defaultTreeAdapter, html, serialize } from 'parse5';
import type { Warn } from '../warnings.ts';
import { allowedElements, droppedElements, goneWhenEmptied, requiredAttributes } from './allow-list.ts';
import { cleanAttributes } from './attributes.ts';
import type { Budget } from './budget.ts';
import { cleanCharacters } from './characters.ts';
import { type BodyElement, type BodyNode, parseBody } from './parse.ts';
import { isTakenBack, meantByStyle, replacementsOf } from './pasted.ts';

type Attributes = { list: BodyElement['attrs']; bytes: number };
type Rules = {
  publicUrl: string;
  warn: Warn;
  budget: Budget;
  /** Cache: the parser gives every element that it opens again the same attributes array, so each array is cleaned once. */
  known: Map<BodyElement['attrs'], Attributes>;
};

/**
 * Parses `source`, cleans it by the allow-list and serialises it, once. `publicUrl` has no slash at its end. Throws 400 as
 * the budget does.
 */
export function cleanOnce(source: string, publicUrl: string, warn: Warn, budget: Budget): string {
  const fragment = defaultTreeAdapter.createDocumentFragment();
  cleanInto(fragment.childNodes, parseBody(source, warn, budget), { publicUrl, warn, budget, known: new Map() });
  cleanTexts(fragment.childNodes, warn);
  const written = serialize(fragment).trim();
  // Everything was counted before serialising, which adds character references. Count the difference.
  budget.bytes(Buffer.byteLength(written) - budget.counted());
  return written;
}

/** The text of a body without its tags. */
export function textOf(nodes: readonly BodyNode[]): string {
  return nodes
    .map((node) => ('value' in node ? node.value : 'tagName' in node ? textOf(node.childNodes) : ''))
    .join('');
}

/** Recursion is safe: `parseBody` bounds the depth. */
function cleanInto(into: BodyNode[], nodes: readonly BodyNode[], rules: Rules): void {
  for (const node of nodes) {
    if ('tagName' in node) cleanElement(into, node, rules);
    else if ('value' in node) addText(into, node.value, rules.budget);
    else rules.warn('removed-comment', 'comment');
  }
}

function cleanElement(into: BodyNode[], element: BodyElement, rules: Rules): void {
  const { tagName } = element;
  const isKnown = element.namespaceURI === html.NS.HTML && Object.hasOwn(allowedElements, tagName);
  if (!isKnown) {
    rules.warn('removed-element', tagName);
    if (!droppedElements.has(tagName)) cleanWithin(into, replacementsOf(tagName), element, rules);
    return;
  }
  if (isTakenBack(element)) {
    rules.warn('removed-element', `${tagName} with a style that takes it back`);
    cleanInto(into, element.childNodes, rules);
    return;
  }
  const { list: attributes, bytes } = attributesOf(element, rules);
  const needed = requiredAttributes[tagName];
  if (needed && !attributes.some(({ name }) => needed.includes(name))) {
    // If its address was removed, a warning has named it already.
    if (!element.attrs.some(({ name }) => needed.includes(name))) rules.warn('removed-element', tagName);
    return;
  }
  rules.budget.bytes(bytes + 2 * tagName.length);
  const clean = defaultTreeAdapter.createElement(tagName, html.NS.HTML, attributes);
  // No browser shows the contents of an iframe, and this parser reads them as text.
  if (tagName !== 'iframe') cleanWithin(clean.childNodes, meantByStyle(element), element, rules);
  cleanTexts(clean.childNodes, rules.warn);
  if (wasEmptied(element, clean)) return;
  if (tagName === 'pre') keepFirstLineBreak(clean);
  into.push(clean);
}

/** Cleans the contents of an element into new elements, the outer one first. They count against the budget as parsed ones do. */
function cleanWithin(into: BodyNode[], names: readonly string[], element: BodyElement, rules: Rules): void {
  const [tagName, ...inner] = names;
  if (tagName === undefined) {
    cleanInto(into, element.childNodes, rules);
    return;
  }
  rules.budget.elements(1);
  rules.budget.bytes(2 * tagName.length);
  const made = defaultTreeAdapter.createElement(tagName, html.NS.HTML, []);
  cleanWithin(made.childNodes, inner, element, rules);
  cleanTexts(made.childNodes, rules.warn);
  if (tagName === 'pre') keepFirstLineBreak(made);
  if (made.childNodes.length > 0) into.push(made);
}

function attributesOf(element: BodyElement, { known, publicUrl, warn }: Rules): Attributes {
  const before = known.get(element.attrs);
  if (before !== undefined) return before;
  const list = cleanAttributes(element, publicUrl, warn);
  const bytes = list.reduce((sum, { name, value }) => sum + name.length + Buffer.byteLength(value), 0);
  known.set(element.attrs, { list, bytes });
  return { list, bytes };
}

/** Joins texts that become neighbours because the tag between them was removed: a parser reads them as one text. */
function addText(into: BodyNode[], value: string, budget: Budget): void {
  budget.bytes(Buffer.byteLength(value));
  const last = into.at(-1);
  if (last && 'value' in last) last.value += value;
  else into.push(defaultTreeAdapter.createTextNode(value));
}

function cleanTexts(nodes: readonly BodyNode[], warn: Warn): void {
  for (const node of nodes) {
    if ('value' in node) node.value = cleanCharacters(node.value, warn);
  }
}

function wasEmptied({ tagName, childNodes }: BodyElement, clean: BodyElement): boolean {
  if (!goneWhenEmptied.has(tagName) || !childNodes.some((node) => 'tagName' in node)) return false;
  return clean.childNodes.every((node) => 'value' in node && node.value.trim() === '');
}

/** Parsers drop the first line break of a `<pre>`, so one that is meant is written twice. */
function keepFirstLineBreak({ childNodes: [first] }: BodyElement): void {
  if (first && 'value' in first && first.value.startsWith('\n')) first.value = `\n${first.value}`;
}
