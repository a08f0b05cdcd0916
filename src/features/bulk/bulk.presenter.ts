import type { Failure } from '../../core/errors.ts';
import { etagOf } from '../../http/conditional.ts';
import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { statusOfKind } from '../../http/problem.ts';
import { presentWritten } from '../articles/articles.presenter.ts';
import type { BulkView } from './bulk.schema.ts';
import type { Outcome } from './bulk.service.ts';

/**
 * Bytes of articles and differences in one answer: a hundred short changes of one long article would show it a hundred
 * times. What comes after is named and not shown.
 */
const shownMax = 4_000_000;

const problemOf = ({ code, message, extras }: Failure, isShort: boolean) => ({
  code,
  detail: message,
  ...(isShort ? withoutChanges(extras.members) : extras.members),
  ...(extras.errors ? { errors: extras.errors } : {}),
});

const withoutChanges = (members: Failure['extras']['members'] = {}) => ({
  ...members,
  ...{ changes: undefined, liveChanges: undefined, draftChanges: undefined },
});

function resultOf(outcome: Outcome, index: number, isShort: boolean): string {
  if ('failed' in outcome) {
    const { failed } = outcome;
    return JSON.stringify({
      index,
      status: statusOfKind[failed.kind],
      etag: null,
      id: null,
      article: null,
      problem: problemOf(failed, isShort),
    });
  }
  const text = String(presentWritten(outcome.done).body?.text);
  const status = outcome.made ? 201 : 200;
  const etag = JSON.stringify(etagOf(text, outcome.done.version));
  const article = isShort ? 'null' : text;
  return `{"index":${index},"status":${status},"etag":${etag},"id":"${outcome.done.id}","article":${article},"problem":null}`;
}

export function presentOutcomes(outcomes: readonly Outcome[]): Answer<BulkView> {
  let left = shownMax;
  const results = outcomes.map((outcome, index) => {
    const whole = resultOf(outcome, index, false);
    const shown = Buffer.byteLength(whole) <= left ? whole : resultOf(outcome, index, true);
    left -= Buffer.byteLength(shown);
    return shown;
  });
  return { body: jsonMadeBySql<BulkView>(`{"results":[${results.join(',')}]}`) };
}
