import { z } from 'zod';
import { isId } from '../../core/ids.ts';
import { itemIdMax, readItemId } from '../../core/item-id.ts';
import { canonicalLanguage } from '../../core/language.ts';
import { slugBytesMax, slugCodePointsMax } from '../../core/slug.ts';
import { readText, utf8Bytes } from '../../core/text.ts';
import { textFaultWords } from '../../core/text-faults.ts';
import { parseInstant, yearMax, yearMin } from '../../core/time.ts';
import { addressFault, addressForm } from '../../core/web-address.ts';
import { plainWords } from './plain-words.ts';
import { labelRef } from './refs.ts';

/** The values that all request schemas are built from. Length limits count code points after cleaning. */

type TextOptions = { max: number; min?: number; multiline?: boolean; bytesMax?: number };

const characters = (count: number) => `${count} character${count === 1 ? '' : 's'}`;

/** Human text: refused if ill-formed, then cleaned, then measured. Read only once, because a body is long. */
export function text({ max, min = 1, multiline = false, bytesMax = max * 4 }: TextOptions) {
  return z
    .string()
    .check((payload) => {
      const refuse = (message: string) => {
        payload.issues.push({ code: 'custom', input: payload.value, message });
      };
      const read = readText(payload.value, multiline ? 'lines' : 'line');
      if ('fault' in read) return refuse(textFaultWords[read.fault]);
      payload.value = read.text;
      if (read.codePoints < min) return refuse(`Use at least ${characters(min)}.`);
      if (read.codePoints > max) return refuse(`Use at most ${max} characters.`);
      if (read.text.length * 3 > bytesMax && utf8Bytes(read.text) > bytesMax)
        return refuse(`Use at most ${bytesMax} bytes of UTF-8.`);
    })
    .meta({ minLength: min, maxLength: max });
}

/** RFC 3339 date-time with an offset; becomes a Date in whole milliseconds. */
export const instant = () =>
  z
    .string()
    .transform((value, context) => {
      const at = parseInstant(value);
      if (at !== undefined) return at;
      const plus = / \d\d:\d\d$/.test(value) ? ' In a query, write the + of the offset as %2B.' : '';
      context.addIssue({
        code: 'custom',
        message: `Use an RFC 3339 date-time with an offset, as 2026-03-01T06:00:00+06:00, in a year from ${yearMin} to ${yearMax}.${plus}`,
      });
      return z.NEVER;
    })
    .meta({ type: 'string', format: 'date-time', example: '2026-03-01T06:00:00+06:00' });

const urlMax = 2_000;
/** The limit before dot segments and the public address are removed. A longer address is not parsed at all. */
const typedUrlMax = 4 * urlMax;
const tooLongUrl = `Use at most ${urlMax} characters, percent-encoded.`;

export const addressText =
  'An http or https address, or one that begins with `/`, which is under the public address. Kept as a URI (RFC 3986): percent-encoded, the host in ASCII, without dot segments. 400 with blanks, quotation marks, a user, or a host without a letter or digit.';

/** An http or https address, or a root-relative one. A full address below PUBLIC_URL becomes root-relative. Becomes a URI. */
export const url = (publicUrl: string) =>
  z
    .string()
    .max(typedUrlMax, { error: tooLongUrl, abort: true })
    .overwrite((value) => (addressFault(value) === undefined ? addressForm(value, publicUrl) : null) ?? value)
    .check(
      z.refine((value) => addressFault(value) === undefined, {
        abort: true,
        error: ({ input }) => (typeof input === 'string' ? addressFault(input) : undefined) ?? 'Use an address.',
      }),
      z.refine((value) => value.length <= urlMax, { error: tooLongUrl }),
    )
    .meta({
      description: addressText,
      format: 'iri-reference',
      maxLength: urlMax,
      example: 'https://news.example/media/nodi.jpg',
    });

/** A BCP 47 language tag, stored in its canonical case. */
export const language = () =>
  z
    .string()
    .transform((value, context) => {
      const tag = canonicalLanguage(value);
      if (tag !== undefined) return tag;
      context.addIssue({ code: 'custom', message: 'Use a BCP 47 language tag, as bn or en-US.' });
      return z.NEVER;
    })
    .meta({ type: 'string', maxLength: 35, pattern: '^[A-Za-z]{2,3}(-[0-9A-Za-z]{1,8})*$', example: 'bn' });

/** A slug as the caller gives it: any text. It is cleaned here; the service turns it into a slug. */
export const slug = () =>
  text({ max: slugCodePointsMax * 4, bytesMax: slugBytesMax * 4 }).meta({
    description: 'Latin or Bangla; goes through the same function as a title does.',
    example: 'নদীর-পানি-বাড়ছে',
  });

/** The id of an item at its source. It is taken as it is or refused, never cleaned like text. */
export const itemId = () =>
  z
    .string()
    .transform((value, context) => {
      const read = readItemId(value);
      if ('id' in read) return read.id;
      context.addIssue({ code: 'custom', message: read.fault });
      return z.NEVER;
    })
    .meta({ type: 'string', minLength: 1, maxLength: itemIdMax, example: 'tag:reuters.com,2026:newsml_L8N/1' });

/** A list with at most `max` items. Only the first `max + 1` are checked one by one, so that a huge list costs little. */
export const bounded = <List extends z.ZodType<unknown[], unknown[]>>(max: number, list: List) =>
  z.preprocess((value) => (Array.isArray(value) && value.length > max ? value.slice(0, max + 1) : value), list);

/** The key in a schema's metadata for how many values its comma list may have. The document says it in words. */
export const valuesMax = 'x-values-max';

/** A comma list in a query: 1 to `max` values of one kind. Repeated values count once. */
export function list<Output>(item: z.ZodType<Output, string>, max: number) {
  return z
    .string()
    .transform((value, context) => {
      const parts = [...new Set(value.split(','))];
      if (parts.length > max) {
        context.addIssue({ code: 'custom', message: `Give at most ${max} values.` });
        return z.NEVER;
      }
      return parts.flatMap((part, index): Output[] => {
        const read = item.safeParse(part, { error: plainWords });
        if (read.success) return [read.data];
        const which = parts.length > 1 ? `Value ${index + 1}: ` : '';
        const what = part === '' ? 'Leave out the comma.' : read.error.issues[0]?.message;
        context.addIssue({ code: 'custom', message: `${which}${what ?? 'It is not of the kind asked for.'}` });
        return [];
      });
    })
    .meta({ type: 'string', description: 'Any of them matches.', [valuesMax]: max });
}

const named = (what: string, example: string) =>
  list(labelRef(), 50)
    .optional()
    .meta({
      description: `Ids (in lower case) of ${what}, or their slugs or names in any spelling or case, names without a comma; any of them matches, and an unknown one matches nothing.`,
      example,
    });

/** The filters by tag and by source. */
export const tags = () => named('tags', 'কৃষি,খেলা');
export const sources = () => named('sources', 'reuters');

const uuidPattern = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** A canonical lower-case UUID. */
export const id = () =>
  z
    .string()
    .refine(isId, { error: 'Use an id: a UUID in lower case.' })
    .meta({ format: 'uuid', pattern: uuidPattern, example: '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11' });

/** A whole number in a query, in plain digits. */
export const digits = (min: number, max: number) =>
  z
    .string()
    .transform((value, context) => {
      const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      context.addIssue({ code: 'custom', message: `Use a whole number from ${min} to ${max}.` });
      return z.NEVER;
    })
    .meta({ type: 'integer', minimum: min, maximum: max });

const itemsDefault = 20;

/** The default number of items on a page. */
export const pageItems = (itemsMax: number) => Math.min(itemsDefault, itemsMax);

/** An example of a cursor, which is opaque. */
export const cursorExample = 'q1yXw0m4V5nQ2d8LWyJsYXRlc3QiLCIyMDI2LTAzLTAxIl0';

/** The two parameters of every list. */
export const paging = (itemsMax: number) => ({
  limit: digits(1, itemsMax)
    .default(pageItems(itemsMax))
    .meta({
      description: `Items on a page, from 1 to ${itemsMax}. It is an upper bound: a page of articles ends early at 4 MB.`,
    }),
  after: z.string().min(1).max(4_000).optional().meta({
    description: '`nextCursor` of the page before, unchanged. Absent: the first page.',
    example: cursorExample,
  }),
});

/** The schema of an id in an answer. */
export const shownId = (description: string) => z.string().meta({ format: 'uuid', description });

/** The schema of `version` in an answer. */
export const shownVersion = () =>
  z.int().meta({
    description: 'Counts the changes, from 1. The ETag begins with it.',
    example: 3,
  });

/** A keyset page: there are no page numbers and no total, only a cursor to the next page. */
const PageView = z
  .object({
    nextCursor: z.string().nullable().meta({
      description: 'Send it unchanged as `after` for the next page. Null on the last.',
      example: cursorExample,
    }),
  })
  .meta({ id: 'Page' });

/** The schema of an answer that is a page of items. */
export const pageOf = <Item extends z.ZodType>(item: Item, id: string) =>
  z
    .object({
      data: z.array(item).meta({ description: 'The items of this page, in the order of the list.' }),
      page: PageView.meta({ description: 'What comes after this page.' }),
    })
    .meta({ id });

/** The schema of an instant in an answer: RFC 3339 in UTC with milliseconds. */
export const shownInstant = (description?: string) =>
  z.string().meta({
    format: 'date-time',
    example: '2026-03-01T00:00:00.000Z',
    ...(description === undefined ? {} : { description }),
  });

/** The same for an instant that may be null; null is its example. */
export const shownInstantOrNull = (description: string) =>
  shownInstant().nullable().meta({ description, example: null });
