import { setTimeout as pause } from 'node:timers/promises';
import { plantAliases } from '../article/search/aliases.ts';
import { describeError } from '../core/describe-error.ts';
import type { RunningApp } from '../services.ts';
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

/**
 * Does everything once: adds what is missing in `due`; sweeps what `sweeps.ts` lists, what has been in the trash for
 * TRASH_DAYS, and events older than EVENTS_DAYS; stores the search's first aliases if no start could, and gives entries to
 * articles that lack one. Work that fails is logged and does not stop the rest.
 */
export async function sweepOut({ deps, services }: RunningApp, stop: AbortSignal): Promise<void> {
  const { db, config, log, metrics } = deps;
  const { trash, fillEntries } = services;
  const turns = [
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
    { what: 'search', work: () => fillEntries(stop).then(() => 0) },
  ];
  for (const { what, work } of turns) {
    if (stop.aborted) return;
    try {
      metrics.swept(what, await work());
    } catch (error) {
      metrics.sweepFailed(what);
      log.warn({ what, err: describeError(error) }, 'housekeeping failed');
    }
  }
}

/** Sweeps one minute after the start and then every hour; no caller waits for it. Returns the function that ends it. */
export function startHousekeeping(running: RunningApp): () => void {
  const stopping = new AbortController();
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    await sweepOut(running, stopping.signal);
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
