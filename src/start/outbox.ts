import { describeError } from '../core/describe-error.ts';
import { startNumbering } from '../outbox/numbering.ts';
import type { Running } from '../services.ts';

/** Sees to it that events get their positions. Gives the function that ends it. */
export function startOutbox({ deps }: Running): () => Promise<void> {
  const { db, log, metrics } = deps;
  return startNumbering({
    db,
    due: [],
    numbered: metrics.numbered,
    failed(what, error) {
      metrics.numberingFailed(what);
      log.warn({ what, err: describeError(error) }, 'events wait for their positions');
    },
    recovered: (what) => log.info({ what }, 'events get their positions again'),
  });
}
