import { type Failure, outageSentence } from '../../core/errors.ts';
import { etagOf } from '../../http/conditional.ts';
import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { internal, statusOfKind } from '../../http/problem.ts';
import { presentWritten } from '../articles/articles.presenter.ts';
import type { BulkView } from './bulk.schema.ts';
import { isDone, type Outcome } from './bulk.service.ts';

/** What the call alone says of itself is untrue of one operation among others. */
const detailOf = ({ code, message, extras: { outage } }: Failure) =>
  code !== 'unavailable' || outage === undefined ? message : outageSentence(outage, 'this operation');

const problemOf = (failure: Failure) => ({
  code: failure.code,
  detail: detailOf(failure),
  ...failure.extras.members,
  ...(failure.extras.errors ? { errors: failure.extras.errors } : {}),
});

const failed = (index: number, status: number, problem: ReturnType<typeof problemOf>) =>
  JSON.stringify({ index, status, etag: null, article: null, problem });

function resultOf(outcome: Outcome, index: number): string {
  if ('broken' in outcome) return failed(index, internal.status, { code: internal.code, detail: internal.detail });
  if ('failed' in outcome) return failed(index, statusOfKind[outcome.failed.kind], problemOf(outcome.failed));
  const { done, status } = outcome;
  const shown = String(presentWritten(done).body?.text);
  const etag = JSON.stringify(status === 204 ? `"${done.version}"` : etagOf(shown, done.version));
  const article = status === 204 ? 'null' : shown;
  return `{"index":${index},"status":${status},"etag":${etag},"article":${article},"problem":null}`;
}

export const presentOutcomes = (outcomes: readonly Outcome[]): Answer<BulkView> => ({
  body: jsonMadeBySql<BulkView>(`{"results":[${outcomes.map(resultOf).join(',')}]}`),
  ...(outcomes.some(isDone) ? {} : { passing: true }),
});
