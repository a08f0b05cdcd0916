import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim } from '../db/claims.ts';
import type { Delivery } from './claiming.ts';
import { openLanes } from './lanes.ts';
import type { Answer, Attempt } from './outcomes.ts';
import type { Prepared } from './requests.ts';
import { type Send, unanswered } from './sending.ts';

/** What this process has taken and not recorded yet: what waits for its turn, what is being sent, what has ended. */
export type UnderWay = {
  /** What it has, to be renewed. */
  claims(): Claim[];
  /** How many it wants to have of a receiver. */
  rooms(): ReadonlyMap<string, number>;
  /** Has these from now on. */
  add(deliveries: readonly Delivery[]): void;
  /** Has them no longer. */
  remove(deliveries: readonly Delivery[]): void;
  /** Sends at their turn; nobody waits for it, so that what is slow delays nothing else. */
  start(prepared: Prepared): void;
  /** Takes the attempts that have ended, in that order. */
  takeEnded(): readonly Attempt[];
  /** Puts back what could not be recorded. */
  putBack(attempts: readonly Attempt[]): void;
  /** Begins nothing more, and lets what is being sent end within this time. */
  finish(withinMs: number): Promise<void>;
  /** Cuts off what is still being sent, which says nothing of the receiver. */
  cut(): Promise<void>;
};

export type UnderWayParts = {
  send: Send;
  /** Called when an attempt has ended. */
  ended(): void;
  /** Called where a request could not even be made. */
  failed(error: unknown): void;
};

export function openUnderWay({ send, ended, failed }: UnderWayParts): UnderWay {
  const had = new Map<string, Delivery>();
  const sending = new Set<Promise<void>>();
  const lanes = openLanes();
  const [finishing, cutting] = [new AbortController(), new AbortController()];
  // Every request under way listens to it, and from the eleventh on Node would warn.
  setMaxListeners(0, cutting.signal);
  let attempts: readonly Attempt[] = [];

  const attempt = async ({ hook, requests, fault }: Prepared): Promise<Answer> => {
    if (fault !== null) return unanswered(fault);
    let last = unanswered('lost');
    for (const request of requests()) {
      last = await send(hook.id, request, cutting.signal);
      if (last.failure !== null) return last;
    }
    return last;
  };

  const sendOne = async (prepared: Prepared): Promise<void> => {
    if (finishing.signal.aborted) return;
    const { hook, deliveries } = prepared;
    const [at, began] = [Date.now(), performance.now()];
    const answer = await attempt(prepared).catch((error: unknown) => {
      failed(error);
      return unanswered('unreachable');
    });
    if (cutting.signal.aborted) return;
    const tookMs = performance.now() - began;
    attempts = [...attempts, ...deliveries.map((delivery) => ({ delivery, hook, at, tookMs, answer }))];
    ended();
  };

  return {
    claims: () => [...had.values()].map(({ id, leaseId }) => ({ id, leaseId })),
    rooms: lanes.rooms,
    add(deliveries) {
      for (const delivery of deliveries) had.set(delivery.id, delivery);
    },
    remove(deliveries) {
      for (const { id } of deliveries) had.delete(id);
    },
    start(prepared) {
      const done = lanes.run(prepared.hook.id, () => sendOne(prepared)).finally(() => sending.delete(done));
      sending.add(done);
    },
    takeEnded() {
      const taken = attempts;
      attempts = [];
      return taken;
    },
    putBack(unrecorded) {
      attempts = [...unrecorded, ...attempts];
    },
    async finish(withinMs) {
      finishing.abort();
      const over = new AbortController();
      const late = pause(withinMs, undefined, { signal: over.signal }).catch(() => {});
      await Promise.race([Promise.all(sending), late]);
      over.abort();
    },
    async cut() {
      cutting.abort();
      await Promise.all(sending);
    },
  };
}
