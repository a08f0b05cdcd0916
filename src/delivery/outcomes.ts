import type { Delivery } from './claiming.ts';
import { pauseAfter } from './pauses.ts';
import type { Hook } from './webhooks.ts';

/** What comes of one attempt. */

/** Why an attempt failed. `lost`: what it was to tell is not kept any more, which is no fault of the receiver. */
export type FailureKind =
  | 'status'
  | 'redirect'
  | 'gone'
  | 'timeout'
  | 'unreachable'
  | 'not-allowed'
  | 'unsigned'
  | 'lost';

/** What the receiver answered. `failure` is null if it has taken the delivery. */
export type Answer = {
  readonly status: number | null;
  readonly failure: FailureKind | null;
  /** The beginning of the body. */
  readonly text: string | null;
  readonly retryAfterMs: number | null;
};

export type Attempt = {
  readonly delivery: Delivery;
  readonly hook: Pick<Hook, 'id' | 'type'>;
  /** When it began, in milliseconds since 1970, and how long it took. */
  readonly at: number;
  readonly tookMs: number;
  readonly answer: Answer;
};

/** The failure as a sentence for admins. It tells nothing about the inside of a network. */
export function explainFailure({ failure, status }: Pick<Answer, 'failure' | 'status'>, isPing = false): string | null {
  const sentences = {
    status: `The receiver answered ${status}.`,
    redirect: `The receiver answered ${status}; redirects are not followed: give the address that it names.`,
    gone: `The receiver answered 410, which ${isPing ? 'to a ping means nothing' : 'disables the webhook'}.`,
    timeout: 'The receiver took too long: 5 s are given to connect, and 10 s in all.',
    unreachable: 'No connection to the receiver came about, or it broke.',
    'not-allowed': 'Deliveries may not be sent to this address.',
    unsigned: 'The secret of the webhook cannot be opened with the JWT_SECRET of now: give it a new one.',
    lost: 'The event is not kept any more.',
  } as const satisfies Record<FailureKind, string>;
  return failure === null ? null : sentences[failure];
}

/** What becomes of the delivery. `pauseMs`: until it is sent again. */
export type Fate = { readonly state: 'waiting' | 'done' | 'dead'; readonly pauseMs: number; readonly repeats: number };

/** How soon a purge that was taken is sent once more. */
const repeatMs = 5_000;

const dead: Fate = { state: 'dead', pauseMs: 0, repeats: 0 };

export function fateOf({ delivery, answer }: Attempt): Fate {
  const { attempts, repeats, purpose } = delivery;
  if (answer.failure === null)
    return repeats > 0
      ? { state: 'waiting', pauseMs: repeatMs, repeats: repeats - 1 }
      : { state: 'done', pauseMs: 0, repeats: 0 };
  const isFinal = purpose === 'ping' || answer.failure === 'gone' || answer.failure === 'lost';
  const pauseMs = isFinal ? null : pauseAfter(attempts + 1, answer.retryAfterMs);
  return pauseMs === null ? dead : { state: 'waiting', pauseMs, repeats };
}

/**
 * What attempts, in the order in which they ended, say of the health of their webhook. `failed`: how many have failed since
 * the last that did not; `probeMs`: the pause that the newest failure asks for; `asked`: whether the receiver asked for it.
 */
export type Health = {
  id: string;
  succeeded: boolean;
  failed: number;
  since: number | null;
  probeMs: number;
  asked: boolean;
  gone: boolean;
};

const healthy = (id: string): Health => ({
  id,
  succeeded: true,
  failed: 0,
  since: null,
  probeMs: 0,
  asked: false,
  gone: false,
});

const probeMsMin = 1_000;

/** A failed ping says nothing: it is sent while nothing else may be. Attempts that purge together are one. */
export function healthOf(attempts: readonly (Attempt & { fate: Fate })[]): Health[] {
  const known = new Map<string, Health>();
  const counted = new Set<string>();
  for (const { delivery, hook, at, answer, fate } of attempts) {
    if (answer.failure === 'lost' || (answer.failure !== null && delivery.purpose === 'ping')) continue;
    const batch = `${hook.id} ${delivery.leaseId}`;
    if (hook.type !== 'webhook' && counted.has(batch)) continue;
    counted.add(batch);
    if (answer.failure === null) {
      known.set(hook.id, { ...healthy(hook.id), gone: known.get(hook.id)?.gone ?? false });
      continue;
    }
    const before = known.get(hook.id) ?? { ...healthy(hook.id), succeeded: false };
    known.set(hook.id, {
      ...before,
      failed: before.failed + 1,
      since: before.since ?? at,
      probeMs: Math.max(before.asked ? before.probeMs : probeMsMin, fate.pauseMs),
      asked: before.asked || answer.retryAfterMs !== null,
      gone: before.gone || answer.failure === 'gone',
    });
  }
  return [...known.values()];
}
