import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../src/delivery/claiming.ts';
import { type Answer, type Attempt, type Fate, healthOf } from '../../src/delivery/outcomes.ts';

type Ended = Attempt & { fate: Fate };
type Given = { type?: Attempt['hook']['type']; at?: number } & Partial<Pick<Delivery, 'purpose' | 'leaseId'>> & {
    failure?: Answer['failure'];
    retryAfterMs?: number;
    pauseMs?: number;
  };

const ended = (given: Given): Ended => {
  const {
    type = 'webhook',
    at = 0,
    purpose = 'change',
    leaseId = 'lease',
    failure = null,
    retryAfterMs = null,
  } = given;
  return {
    delivery: { id: 'one', hookId: 'hook', purpose, leaseId, eventId: null, subjectId: 's', attempts: 0, repeats: 0 },
    hook: { id: 'hook', type },
    at,
    tookMs: 1,
    answer: { status: failure === null ? 204 : 503, failure, text: null, retryAfterMs },
    fate: { state: failure === null ? 'done' : 'waiting', pauseMs: given.pauseMs ?? 0, repeats: 0 },
  };
};

describe('what attempts say of the health of a webhook', () => {
  it('is how many failed since the last that was taken, and since when', () => {
    const [health] = healthOf([
      ended({ failure: 'status', at: 1 }),
      ended({ at: 2 }),
      ended({ failure: 'timeout', at: 3 }),
      ended({ failure: 'status', at: 4 }),
    ]);
    expect(health).toMatchObject({ succeeded: true, failed: 2, since: 3 });
  });

  it('is one failure where deliveries were purged together, and one for each that a webhook was told of', () => {
    const failed = (type: Given['type'], leaseId: string) =>
      ended({ type, leaseId, purpose: 'purge', failure: 'status' });
    expect(healthOf([failed('varnish', 'a'), failed('varnish', 'a'), failed('varnish', 'b')])).toMatchObject([
      { failed: 2 },
    ]);
    expect(healthOf([failed('webhook', 'a'), failed('webhook', 'a')])).toMatchObject([{ failed: 2 }]);
  });

  it('is nothing for a ping that failed and for an event that is not kept any more, and good for a ping that was taken', () => {
    expect(healthOf([ended({ purpose: 'ping', failure: 'status' }), ended({ failure: 'lost' })])).toEqual([]);
    expect(healthOf([ended({ purpose: 'ping' })])).toMatchObject([{ succeeded: true, failed: 0 }]);
  });

  it('asks for the pause of the newest failure, at least a second, or for what the receiver asked', () => {
    const probeMs = (...given: Given[]) => healthOf(given.map(ended))[0]?.probeMs;
    expect(probeMs({ failure: 'status', pauseMs: 9_000 }, { failure: 'status', pauseMs: 5_000 })).toBe(5_000);
    expect(probeMs({ failure: 'gone' })).toBe(1_000);
    const asked = { failure: 'status', retryAfterMs: 60_000, pauseMs: 60_000 } as const;
    expect(probeMs(asked, { failure: 'status', pauseMs: 5_000 })).toBe(60_000);
  });

  it('goes on telling of a 410, also where something was taken after it', () => {
    expect(healthOf([ended({ failure: 'gone' }), ended({})])).toMatchObject([{ gone: true, failed: 0 }]);
  });
});
