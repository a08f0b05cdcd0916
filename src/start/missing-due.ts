import { addMissingDue } from '../article/change/missing-due.ts';
import type { Deps } from '../deps.ts';

/** Sees to it that what time alone does to articles is recorded, also where no change wrote when that is. */
export async function awaitMissing({ db, config, log }: Pick<Deps, 'db' | 'config' | 'log'>): Promise<void> {
  const instants = await addMissingDue(db.read, config.EVENTS_DAYS);
  if (instants > 0) log.info({ instants }, 'instants of articles that were not awaited are awaited now');
}
