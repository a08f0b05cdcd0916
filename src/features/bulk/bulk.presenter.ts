import { presentWritten } from '../../article/answers.ts';
import { type Failure, outageSentence } from '../../core/errors.ts';
import { etagOf } from '../../http/conditional.ts';
import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { internal, statusOfKind } from '../../http/problem.ts';
import { isDone, type Outcome } from './bulk.outcomes.ts';
import type { BulkView } from './bulk.schema.ts';

/**
 * The most bytes of articles and differences in one answer: a hundred small changes of one long article would show it a
 * hundred times. Results beyond that name the article without showing it.
 */
const shownMax = 4_000_000;

/** The sentence of an outage speaks about the whole call, so one operation among others needs a sentence of its own. */
const detailOf = ({ code, message, extras: { outage } }: Failure) =>
  code !== 'unavailable' || outage === undefined ? message : outageSentence(outage, 'this operation');

const withoutChanges = (members: Failure['extras']['members'] = {}) => ({
  ...members,
  ...{ changes: undefined, liveChanges: undefined, draftChanges: undefined },
});

const problemOf = (failure: Failure, isShort: boolean) => ({
  code: failure.code,
  detail: detailOf(failure),
  ...(isShort ? withoutChanges(failure.extras.members) : failure.extras.members),
  ...(failure.extras.errors ? { errors: failure.extras.errors } : {}),
});

const failed = (index: number, status: number, problem: ReturnType<typeof problemOf>) =>
  JSON.stringify({ index, status, etag: null, id: null, article: null, problem });

function resultOf(outcome: Outcome, index: number, isShort: boolean): string {
  if ('broken' in outcome) return failed(index, internal.status, { code: internal.code, detail: internal.detail });
  if ('failed' in outcome) return failed(index, statusOfKind[outcome.failed.kind], problemOf(outcome.failed, isShort));
  const { done, status } = outcome;
  const shown = String(presentWritten(done).body?.text);
  const etag = JSON.stringify(status === 204 ? `"${done.version}"` : etagOf(shown, done.version));
  const article = status === 204 || isShort ? 'null' : shown;
  return `{"index":${index},"status":${status},"etag":${etag},"id":"${done.id}","article":${article},"problem":null}`;
}

export function presentOutcomes(outcomes: readonly Outcome[]): Answer<BulkView> {
  let left = shownMax;
  const results = outcomes.map((outcome, index) => {
    const whole = resultOf(outcome, index, false);
    const shown = Buffer.byteLength(whole) <= left ? whole : resultOf(outcome, index, true);
    left -= Buffer.byteLength(shown);
    return shown;
  });
  return {
    body: jsonMadeBySql<BulkView>(`{"results":[${results.join(',')}]}`),
    ...(outcomes.some(isDone) ? {} : { passing: true }),
  };
}
