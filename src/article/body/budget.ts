import { bodyFault, bodyTooCostly, invalidInput } from '../../core/errors.ts';
import { codePoints, utf8Bytes } from '../../core/text.ts';

/**
 * What may be made of one body. Little can make much: a tag that is left open is opened again in every paragraph, a table
 * has as many cells as its columns times its rows, a reference repeats its address. So what is made is counted, and before
 * it is made.
 */
export type Limits = {
  htmlBytes: number;
  elements: number;
  /**
   * For how many characters in all the reader of Markdown may look ahead. It looks to the end of a paragraph for every `*`
   * and every backtick, to the end of a word for every link and address, to the next blank line for every line that could head a table, and
   * through a paragraph for every bracket in it.
   */
  lookAhead: { emphasis: number; word: number; table: number; brackets: number };
};

export const bodyLimits: Limits = {
  htmlBytes: 2_000_000,
  elements: 20_000,
  // An article of 10,000 words needs a hundredth of this.
  lookAhead: { emphasis: 5_000_000, word: 100_000_000, table: 100_000_000, brackets: 2_000_000_000 },
};

/** Of a body as it is stored, so that what was stored can be sent back. */
export const storedMax = { characters: 250_000, bytes: 1_000_000 };

export const urlCharactersMax = 2_000;
export const attributeUnitsMax = 2_000;

const inDigits = (count: number) => count.toLocaleString('en');

/** Counts what is made. Throws 400 `body-too-costly` before it would be more than the limits. */
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
  // A character has two units at most, and a unit three bytes.
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

/** What was typed of an address: letters that were percent-encoded, by us or before, are the letters that they stand for. */
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
