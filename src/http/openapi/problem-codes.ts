import type { FailureKind } from '../../core/errors.ts';
import { internal, type Problem, problemOf } from '../problem.ts';
import { type CodeRow, codesOfCalls } from './codes-of-calls.ts';
import { codesOfThings } from './codes-of-things.ts';

/**
 * Every code of a failure: one that there could be, and what the table says of it. The table and the examples of the
 * document are made of these; the test suite holds each answer to them.
 */

export const codes = { ...codesOfCalls, ...codesOfThings };

export type ProblemCode = keyof typeof codes;

export const kindOf = (name: ProblemCode): FailureKind => codes[name].example.kind;

/** What Node refuses before a call has a route, and what is our own fault. */
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

/** Every code with a problem that has it. */
export const problems: readonly (Problem & { name: string; about?: string })[] = [
  ...Object.entries<CodeRow>(codes).map(([name, { example, about }]) => ({
    name,
    ...problemOf(example),
    ...(about === undefined ? {} : { about }),
  })),
  ...ofNoRoute.map((problem) => ({ name: problem.code, ...problem })),
].sort((a, b) => a.status - b.status);

/** The table of failures in Markdown: a row for each status. */
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
