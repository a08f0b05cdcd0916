import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '../core/ids.ts';
import { giveBackClaims, giveBackLeases, renewClaims, renewEveryMs } from '../db/claims.ts';
import type { Db } from '../db/client.ts';
import { openBell } from '../outbox/bell.ts';
import { claimDeliveries, deliveriesTable } from './claiming.ts';
import { feed, type Matching } from './feeding.ts';
import type { Attempt, Fate } from './outcomes.ts';
import { type Disabled, recordAttempts } from './recording.ts';
import { type Entries, type OpenSecret, openPreparing } from './requests.ts';
import type { Send } from './sending.ts';
import { openUnderWay } from './under-way.ts';

/** Sends what webhooks are to be told: records, feeds and takes, again and again, while what was taken is sent. */

export type DeliveringParts = {
  db: Pick<Db, 'read' | 'transaction'>;
  matching: Matching;
  entries: Entries;
  openSecret: OpenSecret;
  send: Send;
  /** Called for each attempt that was recorded. */
  attempted(attempt: Attempt, fate: Fate): void;
  /** Called for each webhook that was disabled for what came of its deliveries. */
  disabled(disabled: Disabled): void;
  /** Called for the first of several failures in a row; `recovered` when the work succeeds again. */
  failed(error: unknown): void;
  recovered(): void;
};

export type Delivering = {
  /** Called when there may be new positions. */
  moved(): void;
  /** Takes no more, lets what is under way end within this time, and gives the rest back. */
  stop(withinMs: number): Promise<void>;
};

/** The shortest time between two rounds: what ends meanwhile is recorded together. */
const restMs = 20;

/** A round takes a share of a busy server from those who write: it is at most a fifth, as long as others learn in time. */
const restAfter = (tookMs: number) => Math.min(restMsMax, Math.max(restMs, 4 * tookMs));
const restMsMax = 120;

/** How often to look for what no message told of, or what another process keeps from being taken. */
const lookEveryMs = 1_000;
const againMs = 50;
const afterFailureMs = 500;

const triesAtEnd = 5;

/** Tries more than once, since what was sent and is not recorded is sent again. */
async function insist(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (thrown) {
      if (tries === triesAtEnd) throw thrown;
      await pause(5 * againMs);
    }
  }
}

export function startDelivering(parts: DeliveringParts): Delivering {
  const { db, attempted, disabled, failed, recovered } = parts;
  const read = db.read;
  const bell = openBell();
  const stopping = new AbortController();
  const prepare = openPreparing({ read, entries: parts.entries, openSecret: parts.openSecret });
  const underWay = openUnderWay({ send: parts.send, ended: bell.ring, failed });
  let [hasMoved, fails] = [true, false];
  /** The lease of a claim that got no answer. If it took rows, nobody could send them until the lease ends. */
  let doubtful: readonly string[] = [];
  /** Whether nothing waited when it was last looked. */
  let isIdle = false;

  const record = async () => {
    const attempts = underWay.takeEnded();
    if (attempts.length === 0) return;
    const fates = await recordAttempts(db, attempts, disabled).catch((thrown: unknown) => {
      underWay.putBack(attempts);
      throw thrown;
    });
    underWay.remove(attempts.map(({ delivery }) => delivery));
    for (const [index, fate] of fates.entries()) {
      const attempt = attempts[index];
      if (attempt !== undefined) attempted(attempt, fate);
    }
  };

  const take = async (): Promise<number> => {
    const mine = underWay.claims();
    const lease = newId();
    await giveBackLeases(read, deliveriesTable, doubtful);
    doubtful = [lease];
    const asked = { lease, mine: mine.map(({ id }) => id), rooms: underWay.rooms() };
    const { deliveries, hooks, again, waitMs } = await claimDeliveries(read, asked);
    doubtful = [];
    underWay.add(deliveries);
    try {
      for (const prepared of await prepare(deliveries, hooks)) underWay.start(prepared);
    } catch (thrown) {
      underWay.remove(deliveries);
      doubtful = [lease];
      throw thrown;
    }
    isIdle = mine.length + deliveries.length === 0 && !again && waitMs === null;
    return Math.min(again ? againMs : lookEveryMs, waitMs ?? lookEveryMs);
  };

  /**
   * Returns how long to wait for the next round, unless something happens. `looks`: also look for what no message told of.
   */
  const round = async (looks: boolean): Promise<number> => {
    await record();
    const feeds = hasMoved || looks;
    hasMoved = false;
    const fed = feeds ? await feed(read, parts.matching) : 'nothing';
    hasMoved ||= fed === 'more';
    // Changes go by that concern no webhook, or there is none.
    if (isIdle && fed === 'nothing' && !looks) return lookEveryMs;
    const waitMs = await take();
    return hasMoved ? 0 : waitMs;
  };

  const run = async () => {
    let lookedAt = Number.NEGATIVE_INFINITY;
    while (!stopping.signal.aborted) {
      const began = performance.now();
      const looks = fails || began - lookedAt >= lookEveryMs;
      if (looks) lookedAt = began;
      const waitMs = await round(looks).then(
        (ms) => {
          if (fails) recovered();
          fails = false;
          return ms;
        },
        (error: unknown) => {
          if (!fails) failed(error);
          fails = true;
          return afterFailureMs;
        },
      );
      const rest = fails ? afterFailureMs : restAfter(performance.now() - began);
      await pause(rest, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      await bell.wait(waitMs - rest);
    }
  };

  // A renewal that fails is repeated a second later. After four seconds without one, other processes may take the rows.
  const renewing = setInterval(
    () => void renewClaims(read, deliveriesTable, underWay.claims()).catch(() => {}),
    renewEveryMs,
  ).unref();
  const running = run();

  return {
    moved() {
      hasMoved = true;
      bell.ring();
    },
    async stop(withinMs) {
      stopping.abort();
      bell.ring();
      await running;
      await underWay.finish(withinMs);
      await insist(record).catch(failed);
      await underWay.cut();
      clearInterval(renewing);
      await giveBackClaims(read, deliveriesTable, underWay.claims()).catch(failed);
    },
  };
}
