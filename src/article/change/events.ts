import { cacheKeys } from '../../core/cache-keys.ts';
import type { EventType } from '../../outbox/event-types.ts';
import type { NewEvent, PublicSides } from '../../outbox/record.ts';
import { keysOfChange, type Seen } from '../cache-keys.ts';
import { listed } from '../content.ts';
import { sideOf } from '../public-side.ts';

/** The events of a change. */

/** `further`: the event also gets the keys of the other editions of the story, if the change is visible on their pages. */
type ChangeEvent = Pick<NewEvent, 'type' | 'keys'> & PublicSides & { further: boolean };

type RecordedChange = {
  id: string;
  /** The type of event that the change is recorded as. */
  event: EventType;
  before: Seen | null;
  after: Seen;
};

/**
 * The further event if a change of another name publishes, schedules or ends the article; null if it does none of these.
 */
function turnOf({ before, after }: RecordedChange): EventType | null {
  if (after.shown) return before?.shown ? null : 'article.published';
  if (after.scheduled) return before?.scheduled ? null : 'article.scheduled';
  return before?.shown && listed(after.content) ? 'article.expired' : null;
}

/**
 * The events of one change, in order. Publishing with a date ahead is scheduling. If a change of another name publishes,
 * schedules or ends an article, a second event says so, and only the second is public: the public is told about one change
 * once.
 */
export function eventsOf(change: RecordedChange): ChangeEvent[] {
  const { id, event, before, after } = change;
  const [was, is] = [before, after].map((seen) => (seen?.shown ? sideOf(seen.content) : null));
  const whole = {
    keys: keysOfChange({ id, before, after }),
    further: true,
    // Each change has its own version, which the public sees.
    isPublic: was !== null || is !== null,
    publicBefore: was ?? null,
    publicAfter: is ?? null,
  };
  if (event === 'article.published') return [{ ...whole, type: after.scheduled ? 'article.scheduled' : event }];
  const turn = turnOf(change);
  if (turn === null) return [{ ...whole, type: event }];
  const silent = { isPublic: false, publicBefore: was ?? null, publicAfter: was ?? null };
  const first = { keys: [cacheKeys.article(id)], further: false, ...silent };
  return [
    { ...first, type: event },
    { ...whole, type: turn },
  ];
}
