import type { z } from 'zod';
import type { Actor } from '../core/actor.ts';
import { type Fault, invalidInput } from '../core/errors.ts';
import type { Spec } from './endpoint.ts';
import { pointerTo } from './pointer.ts';

/** The faults that a schema found, a sentence each; an unknown key is named by its own pointer. */
function faultsOf(place: Fault['in'], issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys') {
      const detail = place === 'query' ? 'This route knows no such parameter.' : 'This object has no such member.';
      return issue.keys.map((key) => ({ in: place, pointer: pointerTo([...issue.path, key]), detail }));
    }
    return [{ in: place, pointer: pointerTo(issue.path), detail: issue.message }];
  });
}

/** Query and body as the spec's schemas make them. Throws every fault of both at once. */
export function parseInput(
  spec: Spec,
  actor: Actor | null,
  query: Record<string, string>,
  body: unknown,
): { query: unknown; body: unknown } {
  const schema = actor === null ? (spec.publicQuery ?? spec.query) : spec.query;
  const errors: Fault[] = [];
  const parsed: { query: unknown; body: unknown } = { query: undefined, body: undefined };
  if (schema) {
    const result = schema.safeParse(query);
    if (result.success) parsed.query = result.data;
    else errors.push(...faultsOf('query', result.error.issues));
  } else {
    errors.push(
      ...Object.keys(query).map(
        (key): Fault => ({ in: 'query', pointer: pointerTo([key]), detail: 'This route takes no parameters.' }),
      ),
    );
  }
  if (spec.body && body !== undefined) {
    const result = spec.body.safeParse(body);
    if (result.success) parsed.body = result.data;
    else errors.push(...faultsOf('body', result.error.issues));
  }
  if (errors.length > 0) throw invalidInput(errors);
  return parsed;
}
