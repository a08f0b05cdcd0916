import { takeDue } from '../article/change/due.ts';
import { describeError } from '../core/describe-error.ts';
import { openClient } from '../db/sessions.ts';
import type { CompleteConfig } from '../deps.ts';
import { type Carrier, startListening } from '../outbox/listening.ts';
import { startNumbering } from '../outbox/numbering.ts';
import type { RunningApp } from '../services.ts';

/** The database to listen on, without a pooler between if DATABASE_DIRECT_URL is set. */
const directly = ({ DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_PREPARE }: CompleteConfig) => ({
  url: DATABASE_DIRECT_URL ?? DATABASE_URL,
  poolMax: 1,
  prepare: DATABASE_DIRECT_URL !== undefined || DATABASE_PREPARE === 'on',
});

function number({ deps: { db, log, metrics } }: RunningApp): () => Promise<void> {
  return startNumbering({
    db,
    due: [{ what: 'what has fallen due', take: () => takeDue(db) }],
    numbered: metrics.numbered,
    failed(what, error) {
      metrics.numberingFailed(what);
      log.warn({ what, err: describeError(error) }, 'events wait for their positions');
    },
    recovered: (what) => log.info({ what }, 'events get their positions again'),
  });
}

function hear({ deps: { db, log, config, outbox, outage } }: RunningApp, moved: () => void): () => Promise<void> {
  let logged: Carrier | undefined;
  return startListening({
    makeClient: () => openClient(directly(config)),
    db,
    onReturn: outage.onOver,
    moved() {
      outbox.waiting.moved();
      outbox.following.moved();
      moved();
    },
    carries(carrier, why) {
      outbox.carrier = carrier;
      if (carrier === logged) return;
      logged = carrier;
      if (why === undefined) log.info('PostgreSQL tells of new changes');
      else if (why.deaf)
        log.warn(
          'DATABASE_DIRECT_URL: what listens hears nothing, as behind a pooler; new changes are looked for each second',
        );
      else
        log.warn(
          { err: describeError(why.error) },
          'PostgreSQL does not tell of new changes: they are looked for each second',
        );
    },
  });
}

const allOf = (stops: readonly (() => Promise<void>)[]) => async () => {
  await Promise.all(stops.map((stop) => stop()));
};

/** Gives events their positions and listens for those given by any process: then calls `moved`. Returns the function that ends it. */
export const startNumbers = (running: RunningApp, moved: () => void): (() => Promise<void>) =>
  allOf([number(running), hear(running, moved)]);

/** The same, and follows the changes for what is kept of answers. */
export const startOutbox = (running: RunningApp, moved: () => void = () => {}): (() => Promise<void>) =>
  allOf([startNumbers(running, moved), running.deps.outbox.following.start()]);
