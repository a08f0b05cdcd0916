import { bodyFault, bodyTooCostly, invalidInput } from '../../core/errors.ts';
import { codePoints, utf8Bytes } from '../../core/text.ts';

/**
 * How much HTML one body may become. A small input can make a lot: a tag that is left open is opened again in every
 * paragraph, a table has columns times rows cells, and each use of a reference repeats its address. So the output is
 * counted, before it is made.
 */
export type Limits = {
  htmlBytes: number;
  elements: number;
  /**
   * How many characters the Markdown parser may look ahead in total. For every `*` and backtick it looks to the end of the
   * paragraph; for every link and address, to the end of the word; for every line that could head a table, to the next
   * blank line; for every bracket, through the paragraph.
   */
  lookAhead: { emphasis: number; word: number; table: number; brackets: number };
};

export const bodyLimits: Limits = {
  htmlBytes: 2_000_000,
  elements: 20_000,
  // An article of 10,000 words needs a hundredth of this.
  lookAhead: { emphasis: 5_000_000, word: 100_000_000, table: 100_000_000, brackets: 2_000_000_000 },
};

/** Limits of a body as it is stored, so that a stored body can always be sent back. */
export const storedMax = { characters: 250_000, bytes: 1_000_000 };

const urlCharactersMax = 2_000;
const attributeUnitsMax = 2_000;

const inDigits = (count: number) => count.toLocaleString('en');

/** Counts the output. Throws 400 `body-too-costly` before a limit is exceeded. */
export type Budget = {
  readonly limits: Limits;
  bytes(more: number): void;
  counted(): number;
  elements(more: number): void;
};

export function openBudget(limits: Limits): Budget {
  let [bytes, elements] = [0, 0];
  return {
    limits,
    bytes(more) {
      bytes += more;
      if (bytes > limits.htmlBytes)
        throw bodyTooCostly(
          `The HTML of a body may have ${inDigits(limits.htmlBytes)} bytes; what is opened again, and an address or title that is referred to, counts each time.`,
        );
    },
    counted: () => bytes,
    elements(more) {
      elements += more;
      if (elements > limits.elements)
        throw bodyTooCostly(
          `The HTML of a body may have ${inDigits(limits.elements)} elements; those count that are taken out, and those that are opened again count each time.`,
        );
    },
  };
}

export function checkStored(body: string): void {
  // Shortcut: a character has at least one UTF-16 unit, and a unit has at most three bytes of UTF-8.
  if (body.length <= storedMax.characters && body.length * 3 <= storedMax.bytes) return;
  const { characters, bytes } = storedMax;
  if (codePoints(body) <= characters && utf8Bytes(body) <= bytes) return;
  const detail = `Use at most ${characters} characters and ${bytes} bytes of UTF-8, as the body is stored: of html cleaned, and with &amp;, &lt;, &gt; and &nbsp; for what they stand for.`;
  throw invalidInput([bodyFault('/body', detail)]);
}

export function checkAttribute(value: string, name: string): void {
  if (value.length > attributeUnitsMax)
    throw bodyTooCostly(`An attribute may have ${inDigits(attributeUnitsMax)} UTF-16 units; ${name} has more.`);
}

const encodedLetters = /(?:%[89a-f][0-9a-f])+/gi;

/**
 * An address with its percent-encoded letters decoded, whether the caller or this program encoded them: the limit counts
 * letters as a person types them.
 */
function asTyped(url: string): string {
  return url.replace(encodedLetters, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

export function checkUrl(url: string): void {
  if (url.length > urlCharactersMax && codePoints(asTyped(url)) > urlCharactersMax)
    throw bodyTooCostly(
      `An address in a body may have ${inDigits(urlCharactersMax)} characters, a percent-encoded letter being one.`,
    );
}
