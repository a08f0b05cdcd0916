import { setTimeout as pause } from 'node:timers/promises';
import { plantAliases } from '../article/search/aliases.ts';
import { describeError } from '../core/describe-error.ts';
import type { RunningApp } from '../services.ts';
import { untilServing } from './first-run.ts';
import { awaitMissing } from './missing-due.ts';
import { sweepBatch, sweepEvents, sweepOnce, sweeps } from './sweeps.ts';

const firstMs = 60 * 1000;
const everyMs = 60 * 60 * 1000;
const betweenBatchesMs = 50;

/** Removes expired rows in batches, with a pause between them, until a batch is not full or the process stops. */
async function sweepAll(batch: () => Promise<number>, stop: AbortSignal): Promise<number> {
  let removed = 0;
  for (let last = sweepBatch; last >= sweepBatch && !stop.aborted; removed += last) {
    if (removed > 0) await pause(betweenBatchesMs, undefined, { ref: false });
    last = await batch();
  }
  return removed;
}

type Turn = { readonly what: string; readonly work: () => Promise<number> };

/** Does one piece of work. A failure is logged and counted. */
async function take({ metrics, log }: RunningApp['deps'], { what, work }: Turn): Promise<void> {
  try {
    metrics.swept(what, await work());
  } catch (error) {
    metrics.sweepFailed(what);
    log.warn({ what, err: describeError(error) }, 'housekeeping failed');
  }
}

/** Gives entries to articles that lack one, and removes nothing. */
const searchTurn = ({ fillEntries }: RunningApp['services'], stop: AbortSignal): Turn => ({
  what: 'search',
  work: () => fillEntries(stop).then(() => 0),
});

/**
 * Does everything once: adds what is missing in `due`; sweeps what `sweeps.ts` lists, what has been in the trash for
 * TRASH_DAYS, and events older than EVENTS_DAYS; stores the search's first aliases if no start could, and gives entries to
 * articles that lack one, once nobody else in this process does (`filled`). Work that fails does not stop the rest.
 */
export async function sweepOut(
  { deps, services }: RunningApp,
  stop: AbortSignal,
  filled: Promise<void> = Promise.resolve(),
): Promise<void> {
  const { db, config } = deps;
  const { trash } = services;
  const turns: Turn[] = [
    { what: 'missing-due', work: () => awaitMissing(deps).then(() => 0) },
    ...sweeps.map((sweep) => ({
      what: sweep.what,
      work: () => sweepAll(() => sweepOnce(db.read, sweep), stop),
    })),
    ...(config.TRASH_DAYS > 0 ? [{ what: 'trash', work: () => trash.purgeOld(config.TRASH_DAYS) }] : []),
    ...(config.EVENTS_DAYS > 0
      ? [{ what: 'events', work: () => sweepAll(() => sweepEvents(db.read, config.EVENTS_DAYS), stop) }]
      : []),
    // These remove nothing.
    { what: 'aliases', work: () => plantAliases(db.read).then(() => 0) },
  ];
  for (const turn of turns) {
    if (stop.aborted) return;
    await take(deps, turn);
  }
  await filled;
  if (!stop.aborted) await take(deps, searchTurn(services, stop));
}

async function fillOnceServing({ deps, services }: RunningApp, stop: AbortSignal): Promise<void> {
  // The start itself says what it waits for.
  await untilServing(deps, stop, () => {});
  if (!stop.aborted) await take(deps, searchTurn(services, stop));
}

/**
 * Fills the search at once, because after an upgrade it may find nothing until then; sweeps one minute after the start and
 * then every hour. No caller waits for it. Returns the function that ends it.
 */
export function startHousekeeping(running: RunningApp): () => void {
  const stopping = new AbortController();
  const filled = fillOnceServing(running, stopping.signal);
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    await sweepOut(running, stopping.signal, filled);
    sweeping = false;
  };
  const first = setTimeout(() => void sweep(), firstMs);
  const timer = setInterval(() => void sweep(), everyMs);
  for (const each of [first, timer]) each.unref();
  return () => {
    stopping.abort();
    clearTimeout(first);
    clearInterval(timer);
  };
}
