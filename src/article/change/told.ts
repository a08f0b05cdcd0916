import { cacheKeys } from '../../core/cache-keys.ts';
import type { NewEvent, PublicSides } from '../../outbox/record.ts';
import { keysOfChange, type Seen } from '../cache-keys.ts';
import { listed } from '../content.ts';
import { sideOf } from '../public-side.ts';

/** What the events of a change say. */

type Told = Pick<NewEvent, 'type' | 'keys'> & PublicSides;

type ChangeTold = {
  id: string;
  /** The event that the change is recorded as. */
  event: string;
  before: Seen | null;
  after: Seen;
  /** Keys of what shows the article besides its own page and the lists. */
  besides: readonly string[];
};

/** What came of the article with a change that is called otherwise: readers have it, will have it, or have it no more. */
function turnOf({ before, after }: ChangeTold): string | null {
  if (after.shown) return before?.shown ? null : 'article.published';
  if (after.scheduled) return before?.scheduled ? null : 'article.scheduled';
  return before?.shown && listed(after.content) ? 'article.expired' : null;
}

/**
 * The events of one change, in order. Publishing with a date ahead is scheduling. Where a change of another name publishes,
 * schedules or ends an article, a second event says so, and it is that one which is public: strangers are told of one
 * change once.
 */
export function eventsOf(change: ChangeTold): Told[] {
  const { id, event, before, after, besides } = change;
  const [was, is] = [before, after].map((seen) => (seen?.shown ? sideOf(seen.content) : null));
  const whole = {
    keys: [...keysOfChange({ id, before, after }), ...besides],
    // Each change has its version, which strangers see.
    isPublic: was !== null || is !== null,
    publicBefore: was ?? null,
    publicAfter: is ?? null,
  };
  if (event === 'article.published') return [{ ...whole, type: after.scheduled ? 'article.scheduled' : event }];
  const turn = turnOf(change);
  if (turn === null) return [{ ...whole, type: event }];
  const first = { keys: [cacheKeys.article(id)], isPublic: false, publicBefore: was ?? null, publicAfter: was ?? null };
  return [
    { ...first, type: event },
    { ...whole, type: turn },
  ];
}
