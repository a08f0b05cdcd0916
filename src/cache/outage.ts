import type { Outage as Why } from '../core/errors.ts';

/** An outage of the database, as far as this process knows. */
export type Away = {
  readonly since: number;
  /** What the last question was answered. */
  readonly why: Why;
  /** Whether all that others had changed was known here when it began. */
  readonly heardAll: boolean;
};

/** Whether the database is there. While it is away, one question a moment tells for every call. */
export type Outage = {
  /** Null while the database is there. */
  away(): Away | null;
  /** A call that began at this moment found the database away. Resolves when it is known whether it is. */
  found(began: number): Promise<void>;
  /** Calls `heard` when an outage is over. Returns the function that unsubscribes. */
  onOver(heard: () => void): () => void;
  close(): void;
};

export type OutageParts = {
  /** Asks the database something small. Null if it is there. */
  probe(): Promise<Why | null>;
  now(): number;
  /** When the database last did what was asked of it. */
  answeredAt(): number;
  /** Until when all is known that others had changed. */
  knownAt(): number;
  /** Called when an outage begins and when it is over. */
  turned(away: Away | null): void;
};

const probeEveryMs = 250;

/** A question that fails sooner may have been asked on a connection that was ended alone. */
const quickMs = 100;

/** What was changed in the last moments before an outage may not have been heard. */
const heardMsMax = 2_000;

export function openOutage({ probe, now, answeredAt, knownAt, turned }: OutageParts): Outage {
  let away: Away | null = null;
  let checking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const listeners = new Set<() => void>();
  /** A question that finds no connection proves nothing while others have theirs. */
  const question = async () => {
    const asked = now();
    const why = await probe();
    return answeredAt() >= asked ? null : why;
  };
  const later = () => {
    if (!closed) timer = setTimeout(ask, probeEveryMs).unref();
  };
  const ask = async () => {
    const why = await question();
    if (why !== null) {
      if (away !== null) away = { ...away, why };
      return later();
    }
    away = null;
    turned(null);
    for (const heard of listeners) heard();
  };
  const askTwice = async () => {
    const asked = now();
    const why = await question();
    return why !== null && now() - asked < quickMs ? question() : why;
  };
  /** One call may fail alone, as where its connection was ended. */
  const check = async (began: number) => {
    const heardAll = knownAt() >= began - heardMsMax;
    const why = await askTwice();
    if (why === null || closed) return;
    away = { since: now(), why, heardAll };
    turned(away);
    later();
  };
  return {
    away: () => away,
    async found(began) {
      if (away !== null || closed) return;
      checking ??= check(began).finally(() => {
        checking = null;
      });
      await checking;
    },
    onOver(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
