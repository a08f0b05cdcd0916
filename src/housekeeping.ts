import { openServices } from './app.ts';
import { describeError } from './core/describe-error.ts';
import type { Deps } from './deps.ts';
import { removeEndedSessions } from './features/auth/auth.repository.ts';

const firstMs = 60 * 1000;
const everyMs = 60 * 60 * 1000;

/**
 * What is swept up now and then: ended sessions, and what has been in the trash for TRASH_DAYS. Nothing that a caller
 * sees waits for it. Gives the function that ends it.
 */
export function startHousekeeping(deps: Deps): () => void {
  const { db, config, log } = deps;
  const { trash } = openServices(deps);
  const sweep = async () => {
    await removeEndedSessions(db);
    if (config.TRASH_DAYS > 0) await trash.purgeOld(config.TRASH_DAYS);
  };
  const sweepQuietly = () =>
    void sweep().catch((error: unknown) => log.warn({ err: describeError(error) }, 'housekeeping failed'));
  const first = setTimeout(sweepQuietly, firstMs);
  const timer = setInterval(sweepQuietly, everyMs);
  for (const each of [first, timer]) each.unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
