import type { BodyElement } from './parse.ts';

/**
 * What word processors and old pages mean by elements and styles that are not kept. Google Docs wraps all that is copied in
 * a `<b>` that is not bold, and writes bold and italic as styles of spans.
 */

/** Elements outside the list that begin a line of their own, and what each becomes: without one, words would run together. */
const replacements: Readonly<Record<string, readonly string[]>> = {
  ...{
    center: ['div'],
    main: ['div'],
    nav: ['div'],
    form: ['div'],
    fieldset: ['div'],
    legend: ['div'],
    dialog: ['div'],
  },
  ...{
    hgroup: ['div'],
    search: ['div'],
    dir: ['ul'],
    menu: ['ul'],
    listing: ['pre'],
    xmp: ['pre'],
    plaintext: ['pre'],
  },
};

export const replacementsOf = (tagName: string): readonly string[] =>
  Object.hasOwn(replacements, tagName) ? (replacements[tagName] ?? []) : [];

const styleOf = ({ attrs }: BodyElement): string => attrs.find(({ name }) => name === 'style')?.value ?? '';

const says = (property: string, values: string) =>
  new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*(?:${values})\\s*(?:;|!|$)`, 'i');
const bold = says('font-weight', 'bold|bolder|[6-9]00');
const notBold = says('font-weight', 'normal|400');
const italic = says('font-style', 'italic|oblique');
const notItalic = says('font-style', 'normal');

/** Whether an element's own style takes back what its name says: `<b style="font-weight:normal">`. */
export function isTakenBack(element: BodyElement): boolean {
  const { tagName } = element;
  if (tagName === 'b' || tagName === 'strong') return notBold.test(styleOf(element));
  return (tagName === 'i' || tagName === 'em') && notItalic.test(styleOf(element));
}

/** The elements that say what the style of a span says, the outer one first. */
export function meantByStyle(element: BodyElement): string[] {
  if (element.tagName !== 'span') return [];
  const style = styleOf(element);
  return [...(bold.test(style) ? ['strong'] : []), ...(italic.test(style) ? ['em'] : [])];
}
