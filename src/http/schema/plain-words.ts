import type { z } from 'zod';

/** Plain words for the types that zod names. */
const kinds: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
};

/** What a bound of such a value counts. */
const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items', set: ' items' };

const boundOf = (origin: string, bound: string, limit: unknown) =>
  origin in units
    ? `Use ${bound} ${limit}${units[origin]}.`.replace(/ 1 (\w+)s\.$/, ' 1 $1.')
    : `Use a number of ${bound} ${limit}.`;

/**
 * The sentence for a fault that the schema itself has no sentence for: it says what to change and quotes nothing of what
 * was sent. Undefined leaves the sentence to zod.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    const wanted = kinds[String(issue.expected)] ?? String(issue.expected);
    return issue.input === undefined ? `Send it; it is needed, as ${wanted}.` : `Use ${wanted}.`;
  }
  if (issue.code === 'too_small') return boundOf(String(issue.origin), 'at least', issue.minimum);
  if (issue.code === 'too_big') return boundOf(String(issue.origin), 'at most', issue.maximum);
  if (issue.code === 'invalid_value') {
    const { values = [] } = issue;
    return values.length === 1 ? `Use ${String(values[0])}.` : `Use one of ${values.map(String).join(', ')}.`;
  }
  if (issue.code === 'invalid_union' && Array.isArray(issue.options)) {
    return `Use one of ${issue.options.map(String).join(', ')}.`;
  }
  return undefined;
}
