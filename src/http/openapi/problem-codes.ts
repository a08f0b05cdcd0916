import type { FailureKind } from '../../core/errors.ts';
import { internal, type Problem, problemOf } from '../problem.ts';
import { type CodeRow, codesOfCalls } from './codes-of-calls.ts';
import { codesOfThings } from './codes-of-things.ts';

/**
 * Every failure code, with an example and its note in the table of failures. The table and the document's examples are made
 * of these; the test suite checks each answer against them.
 */

export const codes = { ...codesOfCalls, ...codesOfThings };

export type ProblemCode = keyof typeof codes;

export const kindOf = (name: ProblemCode): FailureKind => codes[name].example.kind;

/** Failures of calls that Node refuses before they have a route, and of faults of our own. */
const ofNoRoute: readonly (Problem & { about?: string })[] = [
  { status: 408, code: 'request-timeout', detail: 'The request did not arrive in time.' },
  { status: 417, code: 'expectation-failed', detail: 'The one expectation met here is 100-continue.' },
  {
    status: 431,
    code: 'headers-too-large',
    detail: 'The headers may have 16 KiB in all, the address among them.',
  },
  { ...internal, about: 'a fault of ours' },
];

/** Every code with a problem as its example. */
export const problems: readonly (Problem & { name: string; about?: string })[] = [
  ...Object.entries<CodeRow>(codes).map(([name, { example, about }]) => ({
    name,
    ...problemOf(example),
    ...(about === undefined ? {} : { about }),
  })),
  ...ofNoRoute.map((problem) => ({ name: problem.code, ...problem })),
].sort((a, b) => a.status - b.status);

/** The table of failures in Markdown, one row for each status. */
export function failureTable(): string {
  const statuses = [...new Set(problems.map(({ status }) => status))];
  const said = ({ code, about }: { code: string; about?: string }) =>
    about === undefined ? `\`${code}\`` : `\`${code}\`: ${about}`;
  const rows = statuses.map((status) => {
    const here = problems.filter((problem) => problem.status === status);
    return `| ${status} | ${here.map(said).join('; ')} |`;
  });
  return ['| status | code |', '| --- | --- |', ...rows].join('\n');
}
