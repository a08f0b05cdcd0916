import { z } from 'zod';
import { type Fault, invalidInput } from '../core/errors.ts';
import type { Spec } from './endpoint.ts';
import { pointerTo } from './pointer.ts';
import type { ReadQuery } from './query.ts';
import { plainWords, plainWordsOfQuery } from './schema/plain-words.ts';

const unknownMember = 'This object has no such member.';

type Issue = z.core.$ZodIssue;

/** Whether `other`, about the same value, says all that `issue` says: its type is wrong, or a narrower bound counts. */
function isCovered(issue: Issue, other: Issue): boolean {
  if (other.code === 'invalid_type') return issue.code !== 'invalid_type';
  if (issue.code === 'too_big' && other.code === 'too_big') return other.maximum < issue.maximum;
  return issue.code === 'too_small' && other.code === 'too_small' && other.minimum > issue.minimum;
}

/**
 * Without what is not true of a value of a wrong type, and without bounds that a narrower one covers: zod measures a list
 * where text is wanted, and has the bounds of whole numbers beside those of the schema.
 */
function telling(issues: readonly Issue[]): readonly Issue[] {
  if (issues.length < 2) return issues;
  const byPlace = new Map<string, Issue[]>();
  const placed = issues.map((issue) => {
    const place = pointerTo(issue.path);
    const here = byPlace.get(place) ?? [];
    byPlace.set(place, here);
    here.push(issue);
    return { issue, here };
  });
  return placed.filter(({ issue, here }) => !here.some((other) => isCovered(issue, other))).map(({ issue }) => issue);
}

/** The faults that a schema found, one sentence each. An unknown key gets a pointer of its own. */
export function faultsOf(
  part: Fault['in'],
  issues: readonly Issue[],
  unknown: (key: string) => string = () => unknownMember,
): Fault[] {
  return telling(issues).flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ in: part, pointer: pointerTo([...issue.path, key]), detail: unknown(key) }));
    return [{ in: part, pointer: pointerTo(issue.path), detail: issue.message }];
  });
}

const namesIn = (schema: z.ZodType | undefined) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

/**
 * The sentence for a parameter that the caller's schema does not have: it lists those that it has. One of the staff's stands
 * in the document, so that it is no secret: whoever forgot the token learns it.
 */
const unknownParameter = ({ query }: Spec, schema: z.ZodType | undefined) => {
  if (schema === undefined) return () => 'This route takes no parameters.';
  const ofStaff = new Set(namesIn(query));
  return (key: string) =>
    ofStaff.has(key)
      ? 'This parameter is for staff: send an access token with it.'
      : `This route knows no such parameter; it knows ${namesIn(schema).join(', ')}.`;
};

const noParameters = z.strictObject({});
const noMembers = z.strictObject({});
const memberOfNone = 'This call takes no members; send no body, or {}.';

/** The query as its schema makes it, or all its faults. A key that `readQuery` found at fault gets no second one. */
function parseQuery(spec: Spec, signedIn: boolean, { values, faults }: ReadQuery) {
  const schema = querySchemaOf(spec, signedIn);
  const result = (schema ?? noParameters).safeParse(values, { error: plainWordsOfQuery });
  if (result.success) return { value: schema && result.data, faults };
  const known = new Set(faults.map(({ pointer }) => pointer));
  const found = faultsOf('query', result.error.issues, unknownParameter(spec, schema)).filter(
    ({ pointer }) => !known.has(pointer),
  );
  return { value: undefined, faults: [...faults, ...found] };
}

/** The schema of the query for a caller with a token or without. */
export const querySchemaOf = (spec: Spec, signedIn: boolean): z.ZodType | undefined =>
  signedIn ? spec.query : (spec.publicQuery ?? spec.query);

/** Query and body as the spec's schemas make them. Throws every fault of both at once. */
export function parseInput(
  spec: Spec,
  signedIn: boolean,
  asked: ReadQuery,
  sent: unknown,
): { query: unknown; body: unknown } {
  const query = parseQuery(spec, signedIn, asked);
  const errors: Fault[] = [...query.faults];
  let body: unknown;
  if (sent !== undefined) {
    const result = (spec.body ?? noMembers).safeParse(sent, { error: plainWords });
    if (!result.success)
      errors.push(...faultsOf('body', result.error.issues, () => (spec.body ? unknownMember : memberOfNone)));
    else if (spec.body) body = result.data;
  }
  if (errors.length > 0) throw invalidInput(errors);
  return { query: query.value, body };
}
