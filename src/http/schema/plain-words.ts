import type { z } from 'zod';

/** Plain words for the types that zod names. */
const kinds: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  array: 'an array',
  set: 'an array',
  tuple: 'an array',
  date: 'a date',
  null: 'null',
};
const leftOut = ['undefined', 'never', 'void'];

/** What a bound of such a value counts. */
const units: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' items',
  set: ' items',
  object: ' members',
  record: ' members',
  map: ' members',
  file: ' bytes',
};

const shown = (limit: unknown) => (limit instanceof Date ? limit.toISOString() : String(limit));

const boundOf = (origin: string, bound: string, limit: unknown) =>
  origin in units
    ? `Use ${bound} ${shown(limit)}${units[origin]}.`.replace(/ 1 (\w+)s\.$/, ' 1 $1.')
    : `Use a ${origin === 'date' ? 'date' : 'number'} of ${bound} ${shown(limit)}.`;

function typeWords({ expected, input }: z.core.$ZodRawIssue): string {
  if (leftOut.includes(String(expected))) return 'Leave it out.';
  const wanted = kinds[String(expected)] ?? 'another kind of value';
  return input === undefined ? `Send it; it is needed, as ${wanted}.` : `Use ${wanted}.`;
}

function choiceOf(values: readonly unknown[]): string {
  return values.length === 1 ? `Use ${String(values[0])}.` : `Use one of ${values.map(String).join(', ')}.`;
}

const otherValue = 'Use another value, of the form that the document gives.';

/**
 * The sentence for a fault that the schema itself has no sentence for: it says what to change and quotes nothing of what
 * was sent. There is one for every fault, so that zod's own words reach nobody.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue);
    case 'too_small':
      return boundOf(String(issue.origin), issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return boundOf(String(issue.origin), issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_value':
      return choiceOf(issue.values ?? []);
    case 'invalid_union':
      return Array.isArray(issue.options) ? choiceOf(issue.options) : otherValue;
    case 'not_multiple_of':
      return `Use a multiple of ${String(issue.divisor)}.`;
    default:
      return otherValue;
  }
}

/** The same for a query, whose values are all text without quotes: in `q` those would ask for a phrase. */
export const plainWordsOfQuery = (issue: z.core.$ZodRawIssue): string =>
  issue.code === 'invalid_type' && issue.input === undefined ? 'Send it; it is needed.' : plainWords(issue);
