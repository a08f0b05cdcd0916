import type { Failure } from '../../core/errors.ts';
import { etagOf } from '../../http/conditional.ts';
import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { statusOfKind } from '../../http/problem.ts';
import { presentWritten } from '../articles/articles.presenter.ts';
import type { BulkView } from './bulk.schema.ts';
import type { Outcome } from './bulk.service.ts';

const problemOf = ({ code, message, extras }: Failure) => ({
  code,
  detail: message,
  ...extras.members,
  ...(extras.errors ? { errors: extras.errors } : {}),
});

function resultOf(outcome: Outcome, index: number): string {
  if ('failed' in outcome) {
    const { failed } = outcome;
    return JSON.stringify({
      index,
      status: statusOfKind[failed.kind],
      etag: null,
      article: null,
      problem: problemOf(failed),
    });
  }
  const text = String(presentWritten(outcome.done).body?.text);
  const status = outcome.made ? 201 : 200;
  const etag = JSON.stringify(etagOf(text, outcome.done.version));
  return `{"index":${index},"status":${status},"etag":${etag},"article":${text},"problem":null}`;
}

export const presentOutcomes = (outcomes: readonly Outcome[]): Answer<BulkView> => ({
  body: jsonMadeBySql<BulkView>(`{"results":[${outcomes.map(resultOf).join(',')}]}`),
});
